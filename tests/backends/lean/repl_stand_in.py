"""A small program that talks as the community's REPL for Lean does, for its driver's tests.

The shapes of what it says are those of the REPL's own tests (leanprover-community/repl, ``test``).
It knows no Lean: lines that begin with ``--:`` say what is to be said of a file, and a few tactics
are known by their spelling. What they do to the goals is what Lean would do.
"""

import json
import mmap
import os
import re
import secrets
import sys
import time

TOKEN = secrets.token_hex(4)
"""What is the same for all that one process says."""
MAP_NORESERVE = 0x4000
SORRY = re.compile(r"\bsorry\b")
STATEMENT = re.compile(r"theorem\s+(\S+)\s*((?:\([^()]*\)\s*)*):\s*(.+?)\s*:=", re.DOTALL)
OPEN, DONE = "Incomplete: open goals remain", "Completed"
environments: list[int] = []  # of each, how many headers had been imported
states: list[list[str]] = []
held: list[mmap.mmap] = []


def main() -> None:
    lines: list[str] = []
    for line in sys.stdin:
        if line.strip():
            lines.append(line.rstrip())
            continue
        if lines:
            answer(json.loads("".join(lines)))
        lines = []


def answer(asked: dict) -> None:
    if "tactic" in asked:
        say(step(asked["proofState"], asked["tactic"]))
    elif "env" in asked and asked["env"] >= len(environments):
        say({"message": "Unknown environment."})
    else:
        say(command(asked["cmd"], asked.get("env")))


def say(values: dict) -> None:
    print(json.dumps(values, indent=1, ensure_ascii=False), end="\n\n", flush=True)


# ------------------------------------------------------------------------ commands


def command(text: str, env: int | None) -> dict:
    messages = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("--:"):
            messages += directive(number, *line[3:].partition(" ")[::2])
        elif line.startswith("import Nothing"):
            messages.append(message(1, 0, None, "error", "unknown module prefix 'Nothing'"))
    sorries = []
    for match in SORRY.finditer(text):
        name, goal = theorem_at(text, match.start())
        states.append([goal])
        sorries.append({
            "proofState": len(states) - 1, **places(text, match.start(), match.end()), "goal": goal,
        })  # fmt: skip
        line, column = place(text, name.start(1))
        end = (line, column + len(name[1]))
        messages.append(message(line, column, end, "warning", "declaration uses `sorry`"))
    imported = environments[env] if env is not None else len(environments) + 1
    environments.append(imported)
    found = {"sorries": sorries, "messages": messages, "env": len(environments) - 1}
    return {name: value for name, value in found.items() if value != []}


def directive(number: int, word: str, rest: str) -> list[dict]:
    """What a line that begins with ``--:`` asks for."""
    if word == "token":
        return [message(number, 0, (number, 6), "info", f"{TOKEN} {len(environments)}")]
    if word in ("error", "warning", "info", "trace"):
        return [message(number, 3, (number, 3 + len(word)), word, rest)]
    misbehave(word, rest)
    return []


def misbehave(word: str, rest: str) -> None:
    if word == "hang":
        time.sleep(3600)
    elif word == "die":
        print(rest, file=sys.stderr, flush=True)
        os._exit(int(rest or "0"))
    elif word == "abort":
        os.abort()
    elif word == "garbage":
        print(rest or "no JSON", end="\n\n", flush=True)
    elif word == "flood":
        while True:
            print("x" * 65536, flush=True)
    elif word == "take":  # gigabytes of address space, none of it touched
        take(int(rest))


def take(gigabytes: int) -> None:
    try:
        for _ in range(gigabytes):
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE
            held.append(mmap.mmap(-1, 1 << 30, flags))
    except OSError:
        print("INTERNAL PANIC: out of memory", file=sys.stderr, flush=True)
        os._exit(1)


def message(line: int, column: int, end: tuple | None, severity: str, data: str) -> dict:
    return {
        "severity": severity,
        "pos": {"line": line, "column": column},
        "endPos": None if end is None else {"line": end[0], "column": end[1]},
        "data": data,
    }


def theorem_at(text: str, offset: int) -> tuple[re.Match, str]:
    """The theorem that a place is in, and its goal."""
    found = [match for match in STATEMENT.finditer(text) if match.start() < offset][-1]
    binders = re.findall(r"\(([^()]*)\)", found[2])
    return found, "\n".join([*binders, f"⊢ {found[3]}"])


def places(text: str, start: int, end: int) -> dict:
    first, last = place(text, start), place(text, end)
    return {
        "pos": {"line": first[0], "column": first[1]},
        "endPos": {"line": last[0], "column": last[1]},
    }


def place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1)


# ------------------------------------------------------------------------ tactics


def step(number: int, tactic: str) -> dict:
    if number >= len(states):
        return {"message": "Unknown proof state."}
    goals = states[number]
    word, _, rest = tactic.partition(" ")
    if word == "exat":
        return {"message": "Lean error:\n<input>:1:1: unknown tactic"}
    if word == "sorry":
        states.append(goals)
        sorries = [{"proofState": len(states) - 1, "goal": goals[0]}]
        return stepped(goals[1:], "Incomplete: contains sorry", sorries=sorries)
    if word == "refine":
        return stepped([], "Incomplete: contains metavariable(s)")
    if word == "token":
        error = message(0, 0, (0, 0), "error", f"{TOKEN} {len(states)}")
        return stepped([], "Incomplete: contains sorry", messages=[error])
    if word == "exact" and rest.startswith("unknown"):
        error = message(0, 0, (0, 0), "error", f"Unknown identifier `{rest}`")
        return stepped([], "Incomplete: contains sorry", messages=[error])
    if word == "constructor":
        context, _, target = goals[0].partition("⊢ ")
        left, sign, right = target.partition(" ∧ ")
        if not sign:
            return {"message": "Lean error:\nTactic `constructor` failed"}
        cases = [f"case left\n{context}⊢ {left}", f"case right\n{context}⊢ {right}"]
        return stepped([*cases, *goals[1:]])
    misbehave(word, rest)
    return stepped(goals[1:])


def stepped(goals: list[str], status: str | None = None, **more: list[dict]) -> dict:
    states.append(goals)
    status = status or (OPEN if goals else DONE)
    return {**more, "proofStatus": status, "proofState": len(states) - 1, "goals": goals}


if __name__ == "__main__":
    main()
