"""A small program that talks as the tactic does that LeanDojo puts into a theorem's proof.

The shapes are those of LeanDojo's ``Lean4Repl.lean``: a line ``REPL> {…}`` for each request.
"""

import json
import os
import secrets
import sys
import time

TOKEN = secrets.token_hex(4)
CONTEXT = "p q : Prop\nh : p ∧ q\n"
states: list[list[str]] = []


def main() -> None:
    say(keep([f"{CONTEXT}⊢ q ∧ p"]))
    for line in sys.stdin:
        asked = json.loads(line)
        say(step(states[asked["sid"]], asked["cmd"]))


def say(values: dict) -> None:
    answer = {"tacticState": None, "sid": None, "error": None, **values}
    print("REPL> " + json.dumps(answer, ensure_ascii=False), flush=True)


def keep(goals: list[str]) -> dict:
    states.append(goals)
    shown = "\n\n".join(goals) or "no goals"
    return {"sid": len(states) - 1, "tacticState": shown}


def step(goals: list[str], tactic: str) -> dict:
    word, _, rest = tactic.partition(" ")
    if word == "constructor":
        return keep([f"case left\n{CONTEXT}⊢ q", f"case right\n{CONTEXT}⊢ p", *goals[1:]])
    if word == "exact":
        print("linter: x", flush=True)
        return keep(goals[1:])
    if word == "sorry":
        return {"error": "proof contains `sorry`"}
    if word == "token":
        return {"error": f"{TOKEN} {len(states)}"}
    if word == "hang":
        time.sleep(3600)
    if word == "late":
        time.sleep(float(rest))
    if word == "die":
        os._exit(int(rest))
    if word == "garbage":
        print("REPL> no JSON", flush=True)
        time.sleep(3600)
    return {"error": f"<stdin>:1:1: unknown tactic {word}\n"}


if __name__ == "__main__":
    main()
