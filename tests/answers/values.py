"""Hypothesis strategies for answers."""

from __future__ import annotations

import datetime
import math

from hypothesis import strategies as st

from neurosym.values import Value

_WORDS = r"""
1 2 12 0.5 1,234 -3 1/2 3/0 1e5 1e999 $ % km hours apples yes no (B) B) A. { } [ ] ( ) , ; . = x
\frac{1}{2} \text{cm} \boxed{ \sqrt{2} ^\circ \infty inf March 2024 pm 9:40 and per / * ** $$ ` " '
five hundred million about answer is
"""
_PIECES = st.sampled_from(_WORDS.split())
texts = st.one_of(
    st.text(max_size=40),
    st.lists(_PIECES, max_size=6).map(" ".join),
    st.lists(_PIECES, max_size=6).map("".join),
    st.text(alphabet="0123456789.,/-+eE%$() []{}x", max_size=30),
)
numbers = st.one_of(
    st.integers(), st.floats(), st.fractions(), st.integers(-(10**30), 10**30), st.just(math.inf)
)
_scalars = st.one_of(st.none(), st.booleans(), numbers, texts, st.dates(datetime.date(1, 1, 1)))
_hashable = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple), st.frozensets(inner, max_size=4)
    ),
    max_leaves=8,
)
_keys = st.text(max_size=5).filter(lambda key: not key.startswith("$"))
values: st.SearchStrategy[Value] = st.recursive(
    _hashable,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(_keys, inner, max_size=3),
    ),
    max_leaves=12,
)
