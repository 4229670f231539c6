"""How Lean source is taken apart; what is expected was asked of Lean 4.35."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from neurosym.formal.lean.lexer import Kind, Token, block_comment_end, tokenize
from tests.formal.lean.strategies import lean_like

I, N, S, T, C, A, D, M, W, U = (  # noqa: E741
    Kind.IDENTIFIER, Kind.NUMBER, Kind.SYMBOL, Kind.STRING, Kind.CHARACTER, Kind.NAME, Kind.DOC,
    Kind.MODULE_DOC, Kind.WHITESPACE, Kind.UNTERMINATED,
)  # fmt: skip


def lexed(text: str) -> list[tuple[Kind, str]]:
    """Kinds and texts, without whitespace."""
    return [(token.kind, token.text) for token in tokenize(text) if token.kind is not W]


@given(lean_like)
def test_the_texts_of_all_tokens_are_the_text(text: str) -> None:
    tokens = tokenize(text)
    assert "".join(token.text for token in tokens) == text
    for token in tokens:
        assert token.text
        assert text[token.start : token.end] == token.text
        assert token.line == text.count("\n", 0, token.start) + 1
        assert token.column == token.start - (text.rfind("\n", 0, token.start) + 1)
    assert all(token.kind is not U for token in tokens[:-1])


@pytest.mark.parametrize(
    "word",
    [
        "x", "_", "_x", "x'", "x''", "get!", "get?", "x₁", "xᵢ", "xⱼ", "α", "ℝ", "𝔸", "é", "ñ", "Ω",
        "a.b.c", "x.theorem", "a.«b c».d", "«theorem»", "«a.b»", "«a\nb»", "«»", "«a«b»", "x.y'!",
        "theorem", "theorem'", "ſ", "ᾰ",
    ],
)  # fmt: skip
def test_words_are_whole(word: str) -> None:
    assert lexed(word) == [(I, word)]
    assert lexed(f"({word},{word})") == [(S, "("), (I, word), (S, ","), (I, word), (S, ")")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("λx", [(S, "λ"), (I, "x")]),
        ("Πx", [(S, "Π"), (I, "x")]),
        ("Σx", [(S, "Σ"), (I, "x")]),
        ("a×b", [(I, "a"), (S, "×"), (I, "b")]),
        ("x¹", [(I, "x"), (S, "¹")]),
        ("𝟙", [(S, "𝟙")]),
        ("₁", [(S, "₁")]),
        ("x.1.2", [(I, "x"), (S, "."), (N, "1"), (S, "."), (N, "2")]),
        ("x.{u}", [(I, "x"), (S, "."), (S, "{"), (I, "u"), (S, "}")]),
        ("x .y", [(I, "x"), (S, "."), (I, "y")]),
        ("(x).y.z", [(S, "("), (I, "x"), (S, ")"), (S, "."), (I, "y.z")]),
        ("x..y", [(I, "x"), (S, ".."), (I, "y")]),
        ("x!=y", [(I, "x!"), (S, "="), (I, "y")]),
        ("x != y", [(I, "x"), (S, "!="), (I, "y")]),
        ("a.b.", [(I, "a.b"), (S, ".")]),
        ("ab»", [(I, "ab"), (S, "»")]),
    ],
)
def test_words_end_where_lean_ends_them(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert lexed(text) == expected


@pytest.mark.parametrize(
    "number", ["0", "12", "1_000", "1__0", "0xF", "0XfF_f", "0b101", "0o17", "1.5", "1.", "1e5",
               "1.5e-3", "2E+7"],
)  # fmt: skip
def test_numbers_are_whole(number: str) -> None:
    assert lexed(number) == [(N, number)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1..2", [(N, "1"), (S, ".."), (N, "2")]),
        ("1.2.3", [(N, "1.2"), (S, "."), (N, "3")]),
        ("1a", [(N, "1"), (I, "a")]),
        ("1.succ", [(N, "1"), (S, "."), (I, "succ")]),
        ("1_", [(N, "1"), (I, "_")]),
        ("0b2", [(N, "0"), (I, "b2")]),
        ("1e", [(N, "1"), (I, "e")]),
    ],
)
def test_numbers_end_where_lean_ends_them(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert lexed(text) == expected


@pytest.mark.parametrize(
    "string",
    [
        '""', '"a"', '"a\nb"', '"a \\" b"', '"\\\\"', '"a\\\n   b"', '"a\\\r\n   b"', '"--"',
        '"/- theorem x"', '"{"', 'r"a\\"', 'r#"a"b"#', 'r##"a"#b"##', 'r#""#', 's!"a"', 's!"{x}"',
        's!"a{f "}" x}b"', 's!"{s!"{s!"{1}"}"}"', 's!"\\{"', 's!"{ {x := 1}.x }"', "s!\"{'\"'}\"",
        's!"{1 /- " -/}"', 'm!"{r#"}"#}"',
    ],
)  # fmt: skip
def test_strings_are_whole(string: str) -> None:
    assert lexed(string) == [(T, string)]
    assert lexed(f"f {string} x") == [(I, "f"), (T, string), (I, "x")]


def test_a_word_before_a_string_makes_it_raw_or_interpolated_only_alone() -> None:
    assert lexed('bar"\\"{"') == [(I, "bar"), (T, '"\\"{"')]
    assert lexed('xs!"{"') == [(I, "xs!"), (T, '"{"')]
    assert lexed('r "\\""') == [(I, "r"), (T, '"\\""')]
    assert lexed("r#x") == [(I, "r"), (S, "#"), (I, "x")]


@pytest.mark.parametrize(
    "literal",
    ["'a'", "'\\n'", "'\\''", "'\\\\'", "'\\x41'", "'\\u0041'", "'\"'", "' '", "'\n'", "'𝔸'"],
)
def test_characters_are_whole(literal: str) -> None:
    assert lexed(literal) == [(C, literal)]
    assert lexed(f"({literal})") == [(S, "("), (C, literal), (S, ")")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x'y'", [(I, "x'y'")]),
        ("f '' s", [(I, "f"), (S, "''"), (I, "s")]),
        ("f ⁻¹' t'", [(I, "f"), (S, "⁻"), (S, "¹"), (S, "'"), (I, "t'")]),
        ("g⁻¹' '", [(I, "g"), (S, "⁻"), (S, "¹"), (S, "'"), (S, "'")]),
        ("∑' n'", [(S, "∑"), (S, "'"), (I, "n'")]),
        ("a[i]'h", [(I, "a"), (S, "["), (I, "i"), (S, "]"), (S, "'"), (I, "h")]),
        ("'ab'", [(S, "'"), (I, "ab'")]),
        ("'''", [(S, "''"), (S, "'")]),
    ],
)
def test_a_prime_is_no_quotation_mark(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert lexed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`foo", [(A, "`foo")]),
        ("``foo.bar'", [(A, "``foo.bar'")]),
        ("`«a b»", [(A, "`«a b»")]),
        ("`(x)", [(S, "`"), (S, "("), (I, "x"), (S, ")")]),
        ("` x", [(S, "`"), (I, "x")]),
        ("`1", [(S, "`"), (N, "1")]),
        ("```lean", [(S, "`"), (A, "``lean")]),
    ],
)
def test_names_behind_accents(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert lexed(text) == expected


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("-- theorem x", Kind.COMMENT),
        ("--", Kind.COMMENT),
        ("-- /- not opened", Kind.COMMENT),
        ('-- "', Kind.COMMENT),
        ("/- a -/", Kind.COMMENT),
        ("/- /- -/ theorem x -/", Kind.COMMENT),
        ("/-/ x -/", Kind.COMMENT),
        ("/- /-/ -/ -/", Kind.COMMENT),
        ("/- -- -/", Kind.COMMENT),
        ('/- " -/', Kind.COMMENT),
        ("/- 'a -/", Kind.COMMENT),
        ("/- a\r\nb\n-/", Kind.COMMENT),
        ("/-- a -/", D),
        ("/---/", D),
        ("/-- /- -/ -/", D),
        ("/--/ -/", D),
        ("/-! a -/", M),
        ("/-!-/", M),
    ],
)
def test_comments_are_whole(comment: str, kind: Kind) -> None:
    assert lexed(f"x {comment}\ny") == [(I, "x"), (kind, comment), (I, "y")]


@pytest.mark.parametrize(
    "rest",
    ['"abc\n', '"abc\\"', '"\\', 'r#"a"', 's!"{', 's!"a', 's!"{"', 's!"{/- ', 's!"\\', "/- a",
     "/-- /- -/", "/--/", "/-! x", "«abc", "x.«abc", "/-", '"'],
)  # fmt: skip
def test_what_nothing_ends_is_one_token_of_its_own_kind(rest: str) -> None:
    tokens = tokenize(f"f ( {rest}\ntheorem x")
    assert tokens[-1].kind is U
    assert tokens[-1].text == rest.removeprefix("x.") + "\ntheorem x"
    assert Kind.UNTERMINATED not in [token.kind for token in tokens[:-1]]


def test_lines_end_with_line_feeds_and_columns_count_code_points() -> None:
    tokens = [token for token in tokenize("𝔸 é\r\n\tx\ry /- \n -/ z") if token.kind is not W]
    assert [(token.text, token.line, token.column) for token in tokens] == [
        ("𝔸", 1, 0), ("é", 1, 2), ("x", 2, 1), ("y", 2, 3), ("/- \n -/", 2, 5), ("z", 3, 4),
    ]  # fmt: skip


def test_carriage_returns_end_comments_only_with_a_line_feed() -> None:
    assert lexed("-- a\r\ntheorem") == [(Kind.COMMENT, "-- a"), (I, "theorem")]
    assert lexed("-- a\rtheorem") == [(Kind.COMMENT, "-- a\rtheorem")]


def test_signs_that_lean_has_are_kept_together() -> None:
    signs = ":= => <;> <|> <| |> -> <- :: == != <= >= && || ++ >>= .. ... ''"
    assert lexed(signs) == [(S, sign) for sign in signs.split()]
    assert lexed("(x:=3)=>y") == [
        (S, "("), (I, "x"), (S, ":="), (N, "3"), (S, ")"), (S, "=>"), (I, "y"),
    ]  # fmt: skip
    assert lexed("=ᵐ⊢") == [(S, "="), (S, "ᵐ"), (S, "⊢")]


def test_where_a_comment_ends_can_be_asked() -> None:
    assert block_comment_end("/- /- -/ -/ x", 2) == 11
    assert block_comment_end("/- /- -/", 2) is None


def test_a_token_is_a_value() -> None:
    assert tokenize("x") == [Token(I, "x", 0, 1, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "/-" * 200_000,
        "/-" * 100_000 + "-/" * 100_000,
        "(" * 200_000,
        's!"{' * 100_000,
        's!"{' * 50_000 + '}"' * 50_000,
        's!"{' + "{" * 100_000 + "}" * 100_000 + '}"',
        "«" * 200_000,
        "a.«" * 100_000,
        "r#" * 100_000,
        "r" + "#" * 200_000,
        '"\\' * 100_000,
        "'" * 200_000,
        "`" * 200_000,
        "1_" * 100_000,
        "0x" * 100_000,
        ".1" * 100_000,
        "1.5e" * 50_000,
        "\r" * 200_000,
        "a." * 100_000,
        "--\n" * 100_000,
    ],
    ids=lambda text: f"{text[:4]!r}×{len(text)}",
)
def test_hostile_text_is_lexed_in_linear_time(text: str) -> None:
    start = time.process_time()
    tokens = tokenize(text)
    assert time.process_time() - start < 10
    assert sum(len(token.text) for token in tokens) == len(text)


def test_a_long_file_is_lexed_in_seconds() -> None:
    line = "theorem foo' (x y : ℝ) (h : x ≤ y) : x + 1 ≤ y.1 := by\n  linarith [h] -- so\n\n"
    start = time.process_time()
    tokens = tokenize(line * 10_000)
    assert time.process_time() - start < 15
    assert tokens[-2].text == "-- so"
    assert tokens[-2].line == 29_999
