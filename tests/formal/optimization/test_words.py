"""Models in plain words and as HTML."""

from html.parser import HTMLParser

from hypothesis import given

from neurosym.formal.optimization.formats.words import print_words
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model

from .samples import BOATS, MODELS, SHIPPING


class Reader(HTMLParser):
    """Checks that tags close in order, and gathers what a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.rows: list[list[str]] = []
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_a_small_model_in_full() -> None:
    assert (
        print_words(BOATS)
        == """boats

WHAT IS DECIDED
name    what it is      kind          from  to
------  --------------  ------------  ----  --------
boats   boats to rent   whole number  0     no limit
canoes  canoes to rent  whole number  0     no limit

WHAT IS BEST
goal                 of what                 unit     what it is
-------------------  ----------------------  -------  ----------
as little as can be  60 boats + 25.5 canoes  dollars  cost

WHAT MUST HOLD
name   what it says                         where it comes from
-----  -----------------------------------  ---------------------------------------------
seats  10 boats + 8 canoes is at least 300  sentence 2: At least 300 tourists want to go.
few    canoes is at most (1/3) boats
"""
    )


def test_sets_logic_and_pieces_in_words() -> None:
    text = " ".join(print_words(SHIPPING).split())
    for part in (
        "for every m in Markets where m is not Oslo:",
        "at least 1 of these holds: ship[Oslo] is at least 30; open is at least 1",
        "(0 gives 0, 40 gives 10, 90 gives 100)",
        "Oslo: 30; Bergen: 12.5; New York: 1/3",
        "yes (1) or no (0)",
    ):
        assert part in text or all(word in text for word in part.split())


@given(MODELS)
def test_any_model_fits_its_columns(model: Model) -> None:
    text = print_words(model)
    for line in text.splitlines():
        assert len(line) <= 100
        assert line == line.rstrip()
    assert text.endswith("\n")
    assert "WHAT IS DECIDED" in text
    squeezed = "".join(text.split())
    for variable in model.variables:
        assert "".join(variable.name.split()) in squeezed


def test_columns_stay_aligned_when_cells_wrap() -> None:
    words = "what we send, " * 30
    model = read_model(
        f'var ship >= 0 "{words}"\nminimize ship\nrule @1: ship >= 3 "{words}"', name="long"
    )
    lines = print_words(model).splitlines()
    rules = [line for line in lines if set(line) == {"-", " "}]
    for rule, following in zip(
        rules, [lines[lines.index(rule) + 1] for rule in rules], strict=True
    ):
        for place in (k for k in range(1, len(rule)) if rule[k - 1 : k + 1] == " -"):
            assert following[place - 2 : place].strip() == ""
    assert max(map(len, lines)) <= 100


def test_columns_give_way_to_a_narrow_terminal() -> None:
    lines = print_words(SHIPPING, 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert len(lines) > len(print_words(SHIPPING).splitlines())


def test_nothing_to_decide() -> None:
    text = print_words(read_model("minimize 3"))
    assert "WHAT IS DECIDED\nnothing\n" in text


@given(MODELS)
def test_html_is_well_formed_and_escaped(model: Model) -> None:
    reader = read(model._repr_html_())
    assert reader.tags <= {"div", "p", "strong", "table", "caption", "thead", "tbody", "tr", "th",
                           "td"}  # fmt: skip
    for variable in model.variables:
        assert variable.name in reader.seen


def test_a_script_stays_text() -> None:
    script = "<script>alert(1)</script>"
    model = read_model(
        f"var '{script}' >= 0 \"{script} & more\"\nminimize '{script}'\n'<b>': '{script}' >= 1",
        name=script,
    )
    text = model._repr_html_()
    assert "<script" not in text
    rows = read(text).rows
    assert [script, f"{script} & more", "any number", "0", "no limit"] in rows
    assert ["<b>", f"{script} is at least 1"] in rows


def test_of_a_large_model_the_first_rows_and_terms_are_shown_and_the_others_counted() -> None:
    count = 3000
    names = [f"x{k}" for k in range(count)]
    lines = [f"var {name} >= 0" for name in names]
    lines += [f"param p{k} = {k}" for k in range(70)]
    lines.append(f"maximize {' + '.join(names)}")
    lines += [f"c{k}: {' + '.join(names[k : k + 100])} <= 4" for k in range(0, count, 10)]
    model = read_model("\n".join(lines))
    shown = [print_words(model), model._repr_html_()]
    for text in shown:
        assert len(text) < 100_000
        for told in ("… 2,940 more", "… 10 more", "… 240 more", "… (2,940 more)", "… (40 more)"):
            assert told in text
    assert read(shown[1]).rows[60] == ["x59", "any number", "0", "no limit"]
    assert read(shown[1]).rows[61] == ["… 2,940 more", "", "", ""]
