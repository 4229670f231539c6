"""Hypothesis strategies for questions and programs that nobody in their right mind would write."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = r"""
How many much old long what is the are in of per a an each every day hour hours minutes miles
cents dollars $ % percent 5 0 1 12 0/5 1/2 2 1/3 1,234 1,23 .5 5. 9:40 25:99 2024-03-15 1/2/2024
00/00/0000 1995 May half third thirds quarter dozen twice hundred and million k 3rd # Grade no. -5
— ½ ? ?" . , ( ) ' " °C km/h e $0 0% 100% 1/0 0.0 B) A)
"""
questions = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(_WORDS.split()), max_size=14).map(" ".join),
    st.lists(st.sampled_from(_WORDS.split()), max_size=14).map("".join),
)

_LINES = (
    "x = 5", "x = y = z = 1e999", "x, *y = 3, 0.15", "x += 2 ** 64", "x = 2 ** 10 ** 9",
    "x = 1 / 0", "x = 5 // 0", "x = 0 ** -1", "x = -5 % 3", "x = 7 if x else 8", "return x",
    "return [i * 3 for i in range(10)]", "for i in range(9): x += i", "while x < 100: x *= 2",
    "x = {'a': 1}['a']", "x[0].y = 5", "del x", "print(5)", "x.append(4)", "f(3)(4)", "yield 5",
    "assert x == 4", "import math", "global x", "x = lambda n=3: n", "x = f'{5} km'", "x: int = 4",
    "x = '1,234 and 0.5'", "if (n := 5) > 3: return n", "x = 1j", "x = b'5'", "x = ...", "x = True",
    "with open('5') as x: pass", "try:\n        x = 1\n    except ValueError as e:\n        x = 2",
    "match x:\n        case 5: return 6", "def g(n=4, *, m=5): return n", "# 5 is not needed",
    "x = 0x" + "f" * 300, "x = " + "-" * 90 + "1", "é = 5",
)  # fmt: skip
sources = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(_LINES), max_size=8).map(
        lambda lines: "def solution():\n    pass\n" + "".join(f"    {line}\n" for line in lines)
    ),
)
"""Source of programs; most parse, none is meant to be run."""
