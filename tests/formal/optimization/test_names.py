"""Names of columns are the same, asked for one by one or all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.optimization.names import ColumnNames

_SETS = st.lists(
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=2)), max_size=4), max_size=3
)


@given(st.lists(st.tuples(st.text("xyz", min_size=1, max_size=2), _SETS), max_size=4))
def test_a_name_is_found_by_its_number(blocks: list[tuple[str, list[list[tuple[str]]]]]) -> None:
    names = ColumnNames()
    for name, sets in blocks:
        names.add_block(name, sets)
    names.add(["mix[0]", "mix[1]"])
    listed = list(names)
    assert len(names) == len(listed)
    assert [names[k] for k in range(len(names))] == listed
    assert names[-1] == "mix[1]"
    assert names[-2:] == ["mix[0]", "mix[1]"]


def test_names_show_the_elements_of_their_sets() -> None:
    names = ColumnNames()
    names.add_block("boats", [])
    names.add_block("ship", [[("a",), ("b",)], [("Oslo", "Bergen")]])
    assert list(names) == ["boats", "ship[a,Oslo,Bergen]", "ship[b,Oslo,Bergen]"]
    with pytest.raises(IndexError):
        names[3]
