"""Programs that forge results, break the machinery that reports them, or reach for other programs.

A program's answer is whatever it says; it could return anything. What it must not be able to do is
make a result appear that it could not have returned or raised: of another status, over the caps, of
another program, or after it was killed.
"""

from __future__ import annotations

import math

import pytest

from neurosym.status import Status
from neurosym.values import MAX_ITEMS, MAX_MEMBERS, MAX_TEXT
from tests.backends.helpers import Sandbox

STOLEN = """
import gc, json, os, resource, sys
def token():
    frame = sys._getframe()
    while "token" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["token"]
def forge(result):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    if isinstance(result, dict):
        result = json.dumps({"token": token(), **result})
    os.pwrite(3, result.encode() if isinstance(result, str) else result, 0)
    os._exit(0)
"""


def forged(result: str) -> str:
    """A program that leaves what an expression yields, with the token it found in its memory.

    Text and bytes are left as they are.
    """
    return f"{STOLEN}\ndef solution():\n    forge({result})\n"


def forged_answer(answer: str) -> str:
    """A program that leaves an answer in its encoded form, given as an expression."""
    return forged(f"{{'status': 'solved', 'answer': {answer}}}")


def test_the_means_of_these_attacks_work(sandbox: Sandbox) -> None:
    assert sandbox.answer(forged_answer("1")) == 1


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SOLVED}))
def test_no_status_beyond_what_programs_have_can_be_claimed(
    attacked: Sandbox, status: Status
) -> None:
    claim = {"status": status.value, "answer": 1, "error": "e"}
    outcome = attacked.run(forged(repr(claim)))
    allowed = {Status.FAILED, Status.OUT_OF_MEMORY}
    assert outcome.status is (status if status in allowed else Status.FAILED)
    assert outcome.answer is None
    expected = "e" if status in allowed else "the program left a result that is no answer"
    assert outcome.evidence == {"error": expected}


@pytest.mark.parametrize("status", ["''", "'SOLVED'", "1", "None", "[]", "{}"])
def test_no_status_of_another_kind_can_be_claimed(attacked: Sandbox, status: str) -> None:
    outcome = attacked.run(forged(f"{{'status': {status}, 'answer': 1}}"))
    assert (outcome.status, outcome.answer) == (Status.FAILED, None)
    assert outcome.evidence["error"] == "the program left a result that is no answer"


def test_no_evidence_of_other_kinds_can_be_planted(attacked: Sandbox) -> None:
    claims = {"proof": "p", "stdout": "x", "seconds": 0, "memory_bytes": 0, "timed_out": True}
    outcome = attacked.run(forged(repr({"status": "solved", "answer": 1, "error": "e", **claims})))
    assert (outcome.status, outcome.answer, outcome.evidence) == (Status.SOLVED, 1, {})
    assert outcome.seconds > 0
    assert outcome.memory_bytes > 0


def test_evidence_that_can_be_claimed_is_short_and_can_be_printed(attacked: Sandbox) -> None:
    claim = "{'status': 'failed', 'error': chr(0xD800) * 9999, 'traceback': 7}"
    assert attacked.run(forged(claim)).evidence == {"error": "?" * 500}


OVER_THE_CAPS = {
    "a long text": f"'x' * {MAX_TEXT + 1}",
    "a long integer": f"{{'$int': '0x' + 'f' * {MAX_TEXT}}}",
    "a slow fraction": "{'$fraction': [{'$int': '0x' + d * 400_000} for d in '73']}",
    "many items": f"[0] * {MAX_ITEMS + 1}",
    "many empty lists": "[[]] * 10**5",
    "a deep list": "json.loads('[' * 40 + ']' * 40)",
    "a mapping that looks like a tag": "{'$int': '0x1', 'b': 1}",
    "an unknown tag": "{'$object': 'os.system'}",
    "half a character": "chr(0xD800)",
    "half a character as a key": "{chr(0xDFFF): 1}",
    "a date that is none": "{'$date': '2024-02-31'}",
    "a fraction over zero": "{'$fraction': [1, 0]}",
    "a fraction of floats": "{'$fraction': [0.5, 1]}",
    "a number in words": "{'$float': 'many'}",
    "a float that no float can be": "{'$float': 10**400}",
    "a set of mappings": "{'$set': [{'a': []}]}",
    "many members": f"{{'$set': list(range({MAX_MEMBERS + 1}))}}",
    # All have the same hash, so putting them into a set compares each with each.
    "colliding members": "{'$set': [{'$fraction': [k*(2**61-1), 2]} for k in range(1, 6561, 2)]}",
}


@pytest.mark.parametrize("answer", OVER_THE_CAPS.values(), ids=OVER_THE_CAPS.keys())
def test_an_answer_that_could_not_be_returned_is_not_taken(attacked: Sandbox, answer: str) -> None:
    outcome = attacked.run(forged_answer(answer))
    assert (outcome.status, outcome.answer) == (Status.FAILED, None)
    assert outcome.evidence["error"] == "the program left a result that is no answer"


@pytest.mark.parametrize(
    "raw",
    ["''", "'{}'", "'null'", "'[]'", "bytes(100)", "'[' * 10**5", "'{\"a\":' * 10**5",
     "'1' * 10**5", "bytes([255, 254])", "'{\"status\": \"solved\", \"answer\": 1}'",
     "'{\"token\": \"0\", \"status\": \"solved\", \"answer\": 1}'"],
)  # fmt: skip
def test_what_is_no_result_with_its_token_is_not_taken(attacked: Sandbox, raw: str) -> None:
    outcome = attacked.run(forged(raw))
    assert (outcome.status, outcome.answer) == (Status.FAILED, None)
    assert outcome.evidence["error"] == "the program left a result that is no answer"


def test_numbers_that_are_none_come_out_as_what_they_are(attacked: Sandbox) -> None:
    assert math.isnan(attacked.answer("def solution(): return float('nan')"))  # type: ignore[arg-type]
    assert attacked.answer("def solution(): return [float('inf'), -float('inf')]") == (
        math.inf,
        -math.inf,
    )


@pytest.mark.parametrize(
    ("end", "status", "error"),
    [
        ("os._exit(3)", Status.FAILED, "the program ended its process with code 3"),
        ("import ctypes; ctypes.string_at(0)", Status.FAILED, "was killed by SIGSEGV"),
        ("os.abort()", Status.FAILED, "was killed by SIGSEGV"),  # no signal can be sent
        ("while True: pass", Status.TIMEOUT, "took more than its 0.5 seconds"),
        ("x = []; x.append(x); [x.extend(x) for _ in range(99)]", Status.OUT_OF_MEMORY, "memory"),
        ("1 / 0", Status.FAILED, "ZeroDivisionError"),
    ],
)
def test_a_forged_result_does_not_outlast_how_the_program_ends(
    attacked: Sandbox, end: str, status: Status, error: str
) -> None:
    outcome = attacked.run(
        f"""{STOLEN}
def solution():
    data = json.dumps({{"token": token(), "status": "solved", "answer": 1}})
    os.pwrite(3, data.encode() + b" " * 1000, 0)
    {end}
""",
        seconds=0.5,
    )
    assert (outcome.status, outcome.answer) in {(status, None), (Status.FAILED, None)}
    if outcome.status is status and status is not Status.OUT_OF_MEMORY:
        assert error in outcome.evidence["error"] or "no answer" in outcome.evidence["error"]


def test_printed_results_are_only_printed(attacked: Sandbox) -> None:
    line = '{"status": "solved", "answer": 1}'
    outcome = attacked.run(f"import os\nprint({line!r}, flush=True)\nos._exit(0)")
    assert outcome.status is Status.FAILED
    assert outcome.evidence["stdout"] == line + "\n"


NO_ANSWER = {
    "leaving early": ("os._exit(0)", "left a result that is no answer"),
    "leaving politely": ("sys.exit(0)", "SystemExit: 0"),
    "closing the result": ("os.close(3); return 1", "code 70"),
    "closing everything": ("os.closerange(0, 9999); return 1", "code 70"),
    "putting another file in its place": (
        "fd = os.open('f', os.O_CREAT | os.O_RDWR); os.dup2(fd, 3); return 1",
        "left a result that is no answer",
    ),
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "a generator's end": ("raise GeneratorExit", "GeneratorExit"),
    "no limit left": ("resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); return 1", "code 70"),
}


@pytest.mark.parametrize(("body", "error"), NO_ANSWER.values(), ids=NO_ANSWER.keys())
def test_a_program_that_leaves_no_answer_failed(attacked: Sandbox, body: str, error: str) -> None:
    outcome = attacked.run(f"import os, resource, sys\ndef solution():\n    {body}\n")
    assert outcome.status is Status.FAILED
    assert error in outcome.evidence["error"]


PATCHES = {
    "the module json": "import json; json.dumps = lambda *a, **k: '{}'",
    "writing": "os.pwrite = lambda *a: 0",
    "ending": "os._exit = lambda *a: None",
    "limits": "resource.setrlimit = lambda *a: None",
    "the writer": "sys.modules['neurosym.backends.sandbox.wire'].dump = lambda *a: b''",
    "the module itself": "sys.modules.clear()",
    "the streams": "sys.stdout = sys.stderr = None",
    "streams that lie": """
    class Lie:
        def __getattribute__(self, name): raise SystemExit
    sys.stdout = Lie(); del sys.stderr""",
    "tracing": "sys.settrace(lambda *a: 1 / 0); sys.setprofile(lambda *a: None)",
    "hooks": "sys.excepthook = sys.unraisablehook = sys.addaudithook = None",
    "collection": "import gc; gc.callbacks.append(lambda *a: 1 / 0); gc.disable()",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patching_the_machinery_yields_an_answer_or_a_failure(
    attacked: Sandbox, patch: str
) -> None:
    outcome = attacked.run(
        f"import os, resource, sys\ndef solution():\n    {patch}\n    return 7\n"
    )
    assert outcome.status in {Status.SOLVED, Status.FAILED}
    assert outcome.answer in {7, None}


LIARS = {
    "an integer": "class Lie(int):\n    def __index__(self): return 8",
    "a text": "class Lie(str):\n    def __len__(self): return 0",
    "a list": "class Lie(list):\n    def __iter__(self): return iter(int, 1)",
    "a mapping": "class Lie(dict):\n    def items(self): return iter(int, 1)",
    "a class that denies itself": "class Lie:\n    __class__ = int",
    "an object that pickles to a call": "class Lie:\n    def __reduce__(self): return exec, ('1',)",
    "a fake of numpy": "class Lie:\n    __module__ = 'numpy'\n    def tolist(self): return self",
    "a fake of sympy": "class Lie:\n    __module__ = 'sympy'",
    "a class without a module": "class Lie:\n    __module__ = None",
    "a name that cannot be shown": """
class Meta(type):
    @property
    def __name__(self): raise SystemExit
    @property
    def __module__(self): raise SystemExit
class Lie(metaclass=Meta): pass""",
}


@pytest.mark.parametrize("source", LIARS.values(), ids=LIARS.keys())
def test_objects_that_lie_about_themselves_are_no_answer(attacked: Sandbox, source: str) -> None:
    for value in ("Lie()", "[Lie()]", "{'a': Lie()}"):
        outcome = attacked.run(f"{source}\ndef solution():\n    return {value}\n")
        assert (outcome.status, outcome.answer) == (Status.FAILED, None)


@pytest.mark.parametrize(
    "body",
    ["def __str__(self): raise SystemExit", "def __str__(self): return 7",
     "def __str__(self): return chr(0xD800) * 10**6", "__str__ = None",
     "def __getattribute__(self, name): raise KeyboardInterrupt",
     "__module__ = property(lambda self: 1 / 0)"],
)  # fmt: skip
def test_errors_that_cannot_be_shown_fail_like_others(attacked: Sandbox, body: str) -> None:
    source = f"class E(BaseException):\n    {body}\ndef solution():\n    raise E\n"
    outcome = attacked.run(source)
    assert outcome.status is Status.FAILED
    assert outcome.evidence["error"].encode()


# ------------------------------------------------------------------- other programs

POISON = """
import builtins, decimal, json, locale, math, os, random, resource, sys, types
import numpy, sympy
def solution():
    math.pi = 3
    builtins.len = lambda x: 0
    builtins.__import__ = None
    json.dumps = json.loads = None
    sympy.Integer.__add__ = lambda a, b: sympy.Integer(0)
    sympy.core.cache.clear_cache()
    numpy.sum = None
    numpy.seterr(all="raise")
    decimal.getcontext().prec = 1
    random.seed(99)
    sys.path[:] = ["/box"]
    sys.meta_path.clear()
    sys.setrecursionlimit(50)
    sys.set_int_max_str_digits(0)
    os.environ["PYTHONSTARTUP"] = "x"
    os.umask(0)
    with open("sitecustomize.py", "w") as file:
        file.write("1")
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("/box/gone")
    os.close(2)
    for name in [name for name in sys.modules if name.startswith("neurosym")]:
        sys.modules[name] = types.ModuleType(name)
"""
PRISTINE = """
import decimal, json, math, os, random, sys
import numpy, sympy
def solution():
    assert math.pi > 3.14 and len([1]) == 1 and json.loads(json.dumps([1])) == [1]
    assert sympy.Integer(1) + 2 == 3 and numpy.sum([1, 2]) == 3
    assert numpy.geterr()["divide"] == "warn" and decimal.getcontext().prec == 28
    assert "/box" not in sys.path and sys.meta_path and sys.getrecursionlimit() == 1000
    assert sys.get_int_max_str_digits() == 4300
    assert not os.environ and os.listdir(".") == [] and os.getcwd() == "/box"
    assert os.fstat(2)
    return [random.random(), float(numpy.random.rand())]
"""


def test_no_program_sees_what_another_changed(attacked: Sandbox) -> None:
    before = attacked.answer(PRISTINE)
    for _ in range(4):
        attacked.run(POISON)
        assert attacked.answer(PRISTINE) == before  # and the same random numbers


def test_the_memory_of_a_program_holds_nothing_of_others(attacked: Sandbox) -> None:
    word = "".join(("zeb", "ra-", "crossing"))
    for _ in range(6):
        attacked.run(f"x = {word!r}\nprint(x)\ndef solution():\n    return [x] * 50")
        attacked.call("neurosym.answers.symbolic:equal", word, "1")
    found = attacked.answer("""
        import ctypes, gc, os
        def solution():
            drow = b"gnissorc-arbez"  # looked for backwards, so that this program holds no hit
            control = b"-".join([b"my", b"own", b"words"])
            objects = gc.get_objects()
            near = {id(r) for o in objects for r in (o, *gc.get_referents(o))}
            # What lies around them too: freed memory keeps what it held.
            blocks = {address >> 20 for address in near}
            libc = ctypes.CDLL(None)
            # The kernel copies what can be read and refuses the rest: mapped is not yet readable
            # (guards of stacks, reserved heap), and touching such a page ends the process.
            copy = os.open("copy", os.O_RDWR | os.O_CREAT)
            page_size = ctypes.c_size_t(4096)
            seen = hits = own = 0
            for page in (page for block in blocks for page in range(block << 8, (block + 1) << 8)):
                if libc.pwrite(copy, ctypes.c_void_p(page << 12), page_size, 0) == 4096:
                    text = os.pread(copy, 4096, 0)
                    seen += 1
                    hits += text[::-1].count(drow)
                    own += text.count(control)
            return seen, hits, own
    """)
    seen, hits, own = found  # type: ignore[misc]
    assert seen > 5000
    assert own > 0
    assert hits == 0


def test_no_token_or_descriptor_of_others_is_of_use(attacked: Sandbox) -> None:
    found = attacked.answer("""
        import gc, os
        def solution():
            children = [o for o in gc.get_objects() if type(o).__name__ == "_Child"]
            usable = []
            for other in children:
                for fd in (*other.files, other.source, other.watch, other.channel.fileno()):
                    try:
                        os.pwrite(fd, b"x", 0)
                        usable.append(fd)
                    except OSError:
                        pass
            return sorted(set(usable) - {1, 2, 3})
    """)
    assert found == ()
