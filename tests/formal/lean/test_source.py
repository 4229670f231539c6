"""How a Lean file is split into commands; what Lean does with it was asked of Lean 4.35."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from neurosym.formal.lean.scopes import ScopeKind, name_parts
from neurosym.formal.lean.source import Span, read_source
from tests.formal.lean.strategies import Made, lean_like, made_theorems


def keywords(text: str) -> list[str]:
    return [command.keyword for command in read_source(text).commands]


def texts(text: str) -> list[str]:
    return [command.text for command in read_source(text).commands]


@given(lean_like)
def test_any_text_is_split_and_nothing_of_it_is_lost(text: str) -> None:
    source = read_source(text)
    spans = [*(line.span for line in source.header), *(item.span for item in source.commands)]
    edge = 0
    for span in spans:
        assert edge <= span.start < span.end <= len(text)
        edge = span.end
    covered = [token for token in source.tokens for span in spans if _is_in(token.start, span)]
    assert covered == list(source.tokens)
    for command in source.commands:
        assert command.text == text[command.span.start : command.span.end]
        assert command.own <= command.head < command.stop
        name, full_name = command.name, command.full_name
        assert (name is None) == (full_name is None)
        assert name is None or name.removeprefix("_root_.") in str(full_name)


def _is_in(offset: int, span: Span) -> bool:
    return span.start <= offset < span.end


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("import Mathlib\nopen Nat", ["import Mathlib"]),
        ("/- c -/ import A -- x\n\n import B.«c d»\ndef x := 1", ["import A", "import B.«c d»"]),
        ("import A import B open C", ["import A", "import B"]),
        ("prelude\nimport A", ["prelude", "import A"]),
        ("module\nprelude\npublic import A", ["module", "prelude", "public import A"]),
        (
            "module\n\npublic meta import all A\nmeta import B",
            ["module", "public meta import all A", "meta import B"],
        ),
        ("import\r\n  A\r\n", ["import A"]),
        ("", []),
        ("-- import A", []),
        ("/-! doc -/\nimport A", []),
        ("open A\nimport B", []),
        ("public section", []),
        ("import", []),
        ('import "A"', []),
    ],
)
def test_the_header_is_what_stands_before_any_command(text: str, lines: list[str]) -> None:
    source = read_source(text)
    assert [line.text for line in source.header] == lines


def test_a_header_line_says_what_it_imports_and_where_it_stands() -> None:
    text = "-- first\n  public meta import all A.B -- x\n"
    [line] = read_source(text).header
    assert (line.keyword, line.imported) == ("import", "A.B")
    assert line.modifiers == ("public", "meta", "all")
    assert (line.span.line, line.span.column) == (2, 2)
    assert text[line.span.start : line.span.end] == "public meta import all A.B"


def test_an_import_below_a_command_is_a_command() -> None:
    assert keywords("open A\nimport B\nmeta import C") == ["open", "import", "import"]


COMMANDS = [
    ("theorem a : T := t", "theorem"),
    ("lemma a : T := t", "lemma"),
    ("example : T := t", "example"),
    ("def a := t", "def"),
    ("abbrev a := t", "abbrev"),
    ("instance : C := ⟨t⟩", "instance"),
    ("structure A where\n  x : T", "structure"),
    ("class A where\n  x : T", "class"),
    ("class inductive A\n| x", "class"),
    ("class abbrev A := B, C", "class"),
    ("inductive A\n| x\n| y\nderiving Repr, BEq", "inductive"),
    ("coinductive A : Prop\n| x", "coinductive"),
    ("axiom a : T", "axiom"),
    ("opaque a : T", "opaque"),
    ('macro "a" : tactic => `(tactic| simp)', "macro"),
    ("macro_rules\n| `(a) => `(b)", "macro_rules"),
    ('syntax (name := a) "a" term : term', "syntax"),
    ('notation:50 "a" => b', "notation"),
    ('notation3 "∑ "(...)", "r:(scoped f => sum f) => r', "notation3"),
    ('infix:50 " ~ " => f', "infix"),
    ('infixl:50 " ~ " => f', "infixl"),
    ('infixr:50 " ~ " => f', "infixr"),
    ('prefix:50 "~" => f', "prefix"),
    ('postfix:50 "~" => f', "postfix"),
    ('elab "a" : tactic => do\n  pure ()', "elab"),
    ("elab_rules : tactic\n| `(tactic| a) => pure ()", "elab_rules"),
    ("declare_syntax_cat a", "declare_syntax_cat"),
    ("initialize a : IO.Ref Nat ← IO.mkRef 0", "initialize"),
    ("builtin_initialize a : T ← b", "builtin_initialize"),
    ("run_cmd pure ()", "run_cmd"),
    ("run_elab pure ()", "run_elab"),
    ("run_meta pure ()", "run_meta"),
    ("open A B hiding c", "open"),
    ("open scoped A", "open"),
    ("open A (b c)", "open"),
    ("namespace A.B", "namespace"),
    ("section", "section"),
    ("section A", "section"),
    ("end", "end"),
    ("end A.B", "end"),
    ("variable (x : T) {y : T}\n  [C]", "variable"),
    ("universe u v", "universe"),
    ("set_option a.b true", "set_option"),
    ('set_option a.b "c"', "set_option"),
    ("attribute [simp, local instance] a b", "attribute"),
    ("attribute [simp]\na", "attribute"),
    ("export A (b c)", "export"),
    ("mutual", "mutual"),
    ("deriving instance Repr, BEq for A", "deriving"),
    ("deriving noncomputable instance Repr for A", "deriving"),
    ("include h", "include"),
    ("omit [C]", "omit"),
    ("/-! about theorem x -/", "/-!"),
    ("#eval f x", "#eval"),
    ("#check f x", "#check"),
    ("#check_failure f", "#check_failure"),
    ("#print axioms a", "#print"),
    ("#print prefix a", "#print"),
    ("#reduce f", "#reduce"),
    ("#guard f", "#guard"),
    ("#synth C", "#synth"),
    ("#find f", "#find"),
    ("alias a := b", "alias"),
    ("proof_wanted a : T", "proof_wanted"),
    ('library_note "a" /-- theorem -/', "library_note"),
    ("add_decl_doc a", "add_decl_doc"),
    ("simproc a (_ + _) := fun e => pure e", "simproc"),
    ("assert_not_exists A", "assert_not_exists"),
]


@pytest.mark.parametrize(("command", "keyword"), COMMANDS)
@pytest.mark.parametrize("indent", ["", "  "], ids=["", "indented"])
def test_every_command_is_known_wherever_it_stands(command: str, keyword: str, indent: str) -> None:
    assert keywords(command) == [keyword]
    command = command.replace("\n", f"\n{indent}")
    proof = f"{indent}theorem before : T := by\n{indent}  simp\n{indent}  exact foo x\n\n"
    found = read_source(f"{proof}{indent}{command}\n{indent}theorem behind : T := t").commands
    assert [item.keyword for item in found] == ["theorem", keyword, "theorem"]
    assert found[1].text == command
    assert keywords(f"section\n{indent}{command}\n{indent}{command}") == [
        "section",
        keyword,
        keyword,
    ]


@pytest.mark.parametrize(
    ("text", "keyword", "modifiers", "attributes"),
    [
        ("private theorem a : T := t", "theorem", ("private",), ()),
        ("protected noncomputable def a := t", "def", ("protected", "noncomputable"), ()),
        ("public meta unsafe def a := t", "def", ("public", "meta", "unsafe"), ()),
        ("partial def a := t", "def", ("partial",), ()),
        ("noncomputable section", "section", ("noncomputable",), ()),
        ("@[expose] public section", "section", ("public",), ("@[expose]",)),
        ("local notation \"a\" => b", "notation", ("local",), ()),
        ("scoped[A] infixl:50 \" + \" => f", "infixl", ("scoped",), ()),
        ("scoped [A] notation \"a\" => b", "notation", ("scoped",), ()),
        ("local instance : C := c", "instance", ("local",), ()),
        ("nonrec lemma a : T := t", "lemma", ("nonrec",), ()),
        ("@[simp, a (b := c)]\n/- x -/ @[b]\nprivate\nlemma a : T := t", "lemma", ("private",),
         ("@[simp, a (b := c)]", "@[b]")),
        ("/-- doc -/ @[local simp] theorem a : T := t", "theorem", (), ("@[local simp]",)),
        ("@[instance] def a := t", "def", (), ("@[instance]",)),
        ("@[macro foo, export bar] def a := t", "def", (), ("@[macro foo, export bar]",)),
    ],
)  # fmt: skip
def test_modifiers_and_attributes_belong_to_their_command(
    text: str, keyword: str, modifiers: tuple[str, ...], attributes: tuple[str, ...]
) -> None:
    for before in ("", "theorem before : T := by\n  simp\n", "/-! a -/ ", "open A\n"):
        command = read_source(f"{before}{text}\nend").commands[-2]
        assert command.text == text
        assert command.keyword == keyword
        assert command.modifiers == modifiers
        assert command.attributes == attributes


@pytest.mark.parametrize(
    "text",
    [
        "theorem a : T := by\n  open A in\n  simp",
        "theorem a : T := by\n  open A in set_option b c in open D in simp",
        "theorem a : T := by open A in simp",
        "theorem a : T :=\n  open A in t",
        "theorem a : T :=\nopen A in t",
        "theorem a : T := f <| open A in t",
        "theorem a : T := by\n  simp\n  set_option maxRecDepth 1000 in\n  simp",
        "theorem a : (open A in T) := (set_option a b in t)",
        "theorem a : T := x.theorem (f x).def .end",
        "theorem a : T := «theorem» «end» x.«def»",
        "theorem a : theorem' := lemma₁ def! example?",
        "theorem a : T := f `theorem ``def",
        'theorem a : T := "theorem b : T" r#"def " end"# s!"{"def"} axiom"',
        "theorem a : T -- theorem b : T := t\n := t",
        "theorem a : T /- end /- def -/ theorem -/ := t",
        "theorem a : T := by\n  simp [(instance_foo), attribute_bar]",
        "theorem a : #s = 2 := by simp [#t]",
        "theorem a :\n    #s = 2 := t",
        "theorem a :\n#s = 2 := t",
        "theorem a : T := by\n  simp\n  #check foo\n  simp",
        "theorem a : T := by\n  #adaptation_note /-- theorem -/\n  simp",
        "theorem a : T := by\n  alias\n  recall foo",
        "theorem a : T := t\nwhere\n  /-- doc -/\n  @[simp] b : T := t",
        "theorem a : T := t\ntermination_by t\ndecreasing_by\n  simp",
        "theorem a\n(x : T)\n{y : T}\n: T\n:=\nt",
        "theorem\na : T :=\nt",
        "theorem a : T → T\n| x =>\nx",
        "theorem a : T ∧\nT ↔\nT := t",
        "theorem a : T :=\nhave h : T := by\n  simp\nfoo h",
        "theorem a : T :=\nsuffices h : T\nfrom h\nt",
        "theorem a : T :=\nlet x := t; let y := t\nx",
        "theorem a : T :=\nshow T from\nt",
        "theorem a : T := match t with\n| x => x",
        "theorem a : T := (\nf\nt)",
        "theorem a : T := ⟨\nt,\nt⟩",
        "theorem a : T :=\ncalc\nx = y := p\n_ = z := q",
        "theorem a : S where\nx := t\ny := t",
        "structure S where\n  private mk ::\n  private x : T\n  protected y : T\n  /-- d -/ z : T",
        "structure S where\nx : T\ny : T",
        "structure S extends\nA, B where",
        "inductive A\n/-- doc -/\n| private x\n| y\nderiving Repr",
        "def a : IO Unit := do\nprint x\nprint y",
        "def scope : A → B\n  | a => .global\n  | b => .local\n\n",
        "macro \"a\" : command => `(theorem b : T := t)",
        "macro \"a\" : command => `(command|\ndef b : T := t)",
        "macro \"a\" x:ident : command => `(namespace $x end $x)",
        "attribute [local instance, -macro] a",
        "@[macro a, local instance] def a := t",
        "#eval show T from\nt",
        "set_option a\n1000",
        "#print\na",
        "instance (priority := low) : C where\n  x := 1",
    ],
)  # fmt: skip
def test_what_lean_reads_as_one_command_is_one(text: str) -> None:
    command = text.strip()
    assert texts(text) == [command]
    assert texts(f"open A\n\n{text}\n\nend A") == ["open A", command, "end A"]
    windows = command.replace("\n", "\r\n")
    assert texts(f"open A\r\n{windows}\r\nend A") == ["open A", windows, "end A"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theorem a : T := t theorem b : T := t", ["theorem", "theorem"]),
        ("theorem a : T := by simp open A", ["theorem", "open"]),
        ("theorem a : T := by\n  simp\n  open A", ["theorem", "open"]),
        ("  theorem a : T := by\n    simp\n  open A in\n  simp", ["theorem", "unknown"]),
        ("theorem a : T := t #check t", ["theorem", "#check"]),
        ("theorem a : T := (t\ntheorem b : T := t", ["theorem", "theorem"]),
        ("theorem a : (T := t\nrun_cmd x\ntheorem b : T) := t", ["theorem", "run_cmd", "theorem"]),
        ("theorem a : (T := t #eval x\ntheorem b : T) := t", ["theorem", "#eval", "theorem"]),
        ("theorem a : [T := t\nend\ntheorem b : T] := t", ["theorem", "end", "theorem"]),
        ("theorem a : (T) ] := t\nend", ["theorem", "end"]),
        ("end theorem a : T := t", ["end", "theorem"]),
        ("mutual def a := t end", ["mutual", "def", "end"]),
        ("section open A end", ["section", "open", "end"]),
        ("instance : C := c\ninstance : D := d", ["instance", "instance"]),
        ("deriving instance A for B\ndef x := 1", ["deriving", "def"]),
        ("inductive A | x\nderiving instance B for A", ["inductive", "deriving"]),
        ("variable (x)\nalias a := b", ["variable", "alias"]),
    ],
)
def test_words_that_lean_reserves_begin_commands_wherever_they_stand(
    text: str, expected: list[str]
) -> None:
    assert keywords(text) == expected


@pytest.mark.parametrize(
    ("text", "within", "keyword"),
    [
        ("open A in\ntheorem a : T := t", ("open",), "theorem"),
        ("open A in theorem a : T := t", ("open",), "theorem"),
        ("open A in open B (c) in @[simp] private lemma a : T := t", ("open", "open"), "lemma"),
        ("set_option a 1 in\n/-- d -/\ntheorem a : T := t", ("set_option",), "theorem"),
        ("variable (x : T) in\n  theorem a : T := t", ("variable",), "theorem"),
        ("omit [C] in include h in theorem a : T := t", ("omit", "include"), "theorem"),
        ("attribute [local simp] a in theorem a : T := t", ("attribute",), "theorem"),
        ("/-- info: 1 -/\n#guard_msgs in\n#eval 1", ("#guard_msgs",), "#eval"),
        ("local notation \"a\" => b in theorem a : T := t", ("notation",), "theorem"),
        ("open A in\nfoo bar", ("open",), "unknown"),
        ("open A in set_option b c in foo", ("open", "set_option"), "unknown"),
        ("open A in 1", ("open",), "unknown"),
    ],
)  # fmt: skip
def test_a_command_put_before_another_is_a_part_of_it(
    text: str, within: tuple[str, ...], keyword: str
) -> None:
    for before in ("", "theorem x : T := by\n  simp\n", "theorem x : T := f t\n"):
        *_, command, end = read_source(f"{before}{text}\nend").commands
        assert end.keyword == "end"
        assert (command.within, command.keyword) == (within, keyword)
        assert command.text == text


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("foo bar", ["foo bar"]),
        ("theorem a : T := t\nfoo", ["foo"]),
        ("theorem a : T := by\n  simp\nfoo bar\n  baz\nqux", ["foo bar\n  baz\nqux"]),
        ("theorem a : T := by\nsimp", ["simp"]),
        ("theorem a : T := by\n· simp", ["· simp"]),
        ("theorem a : T := f t\n(t)", ["(t)"]),
        ("theorem a : T := t\n.foo", [".foo"]),
        ("  theorem a : T := f t\n t", ["t"]),
        ("theorem a : T := t\n/-- d -/ foo", ["/-- d -/ foo"]),
        ("theorem a : T := t\n@[simp] foo", ["@[simp] foo"]),
        ("variable (x)\n@[simp] foo", ["@[simp] foo"]),
        ("theorem a : T := t\nprivate foo", ["private foo"]),
        ("theorem a : T := t\n#foo x", ["#foo x"]),
        ("variable (x)\n#foo x", ["#foo x"]),
        ("theorem a : T := f t\n@t", ["@t"]),
        ("theorem a : T := t\n12", ["12"]),
        ('theorem a : T := t\n"x"', ['"x"']),
        ("end\nfoo", ["foo"]),
        ("end A foo", ["foo"]),
        ("end )", [")"]),
        ("section\nfoo", ["foo"]),
        ("mutual foo", ["foo"]),
        ("namespace A B", ["B"]),
        ("/-! d -/ foo", ["foo"]),
        ("open A\nB", ["B"]),
        ("theorem a : T :=\nhave h := t\nh\nfoo", ["foo"]),
        ("theorem a : T := let x := t; x\nfoo", ["foo"]),
        ("theorem a : T := by\n  have h := t\nfoo", ["foo"]),
        ("structure S where\n  x : T\nfoo", ["foo"]),
        ("import A B\nopen C", ["B"]),
        ("open A in\n  simp", ["open A in\n  simp"]),
        ("\ufefftheorem a : T := t", ["\ufeff"]),
    ],
)
def test_what_stands_where_a_command_begins_and_is_none_is_told(
    text: str, strange: list[str]
) -> None:
    source = read_source(f"{text}\ntheorem z : T := t")
    assert [item.text for item in source.commands if item.keyword == "unknown"] == strange
    assert source.commands[-1].name == "z"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("theorem a.b' : T := t", "a.b'"),
        ("theorem «a b».{u, v} (x : T) : T := t", "«a b»"),
        ("example : T := t", None),
        ("example (x : T) : T := t", None),
        ("instance : C := c", None),
        ("instance (priority := low) : C := c", None),
        ("instance (priority := low) a : C := c", "a"),
        ("instance a : C := c", "a"),
        ("instance [D] : C := c", None),
        ("class inductive A | x", "A"),
        ("structure A (x : T) where", "A"),
        ("alias a := b", "a"),
        ("open A", None),
        ("notation \"a\" => b", None),
    ],
)  # fmt: skip
def test_the_name_that_is_declared(command: str, name: str | None) -> None:
    *_, found = read_source(f"namespace N.M\n{command}").commands
    assert found.name == name
    assert found.full_name == (None if name is None else f"N.M.{name}")


def names(text: str) -> list[str | None]:
    theorems = [item for item in read_source(text).commands if item.keyword == "theorem"]
    return [item.full_name for item in theorems]


T = "theorem t : T := t\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"namespace A\n{T}end A\n{T}", ["A.t", "t"]),
        (f"namespace A.B\n{T}end B\n{T}end A\n{T}", ["A.B.t", "A.t", "t"]),
        (f"namespace A\nnamespace B\n{T}end A.B\n{T}", ["A.B.t", "t"]),
        (f"namespace A\nsection B\n{T}end A.B\n{T}", ["A.t", "t"]),
        (f"namespace A\nsection\n{T}end\n{T}end A\n{T}", ["A.t", "A.t", "t"]),
        (f"section A\nnamespace B\n{T}end B\nend A\n{T}", ["B.t", "t"]),
        (f"namespace A\nmutual\n{T}end\n{T}end A\n{T}", ["A.t", "A.t", "t"]),
        ("namespace A\ntheorem _root_.b.c : T := t\nend A", ["b.c"]),
        (f"namespace «A.B».C\n{T}end C\n{T}end «A.B»\n{T}", ["«A.B».C.t", "«A.B».t", "t"]),
        (f"noncomputable section\nnamespace A\n{T}end A\nend\n{T}", ["A.t", "t"]),
        (f"open A in namespace B\n{T}", ["B.t"]),
        (f"namespace A\n{T}", ["A.t"]),
    ],
)
def test_full_names_follow_the_namespaces(text: str, expected: list[str]) -> None:
    assert names(text) == expected
    assert read_source(text).stray_ends == ()


@pytest.mark.parametrize(
    ("text", "still_open"),
    [
        ("end", []),
        ("end A", []),
        ("namespace A\nend", ["A"]),
        ("namespace A\nend B", ["A"]),
        ("namespace A\nend X.A", ["A"]),
        ("section A\nend", ["A"]),
        ("section\nend A", [""]),
        ("mutual\nend A", [""]),
        ("namespace A\nsection B\nend A", ["B", "A"]),
    ],
)
def test_an_end_that_closes_nothing_is_told_and_closes_nothing(
    text: str, still_open: list[str]
) -> None:
    source = read_source(f"{text}\n{T}")
    assert [item.text for item in source.stray_ends] == [text.splitlines()[-1]]
    scope = source.commands[-1].scope
    outer = scope.inside_out() if scope else []
    assert [around.name for around in outer] == still_open


def test_scopes_say_what_opened_them() -> None:
    *_, command = read_source(f"namespace A.B\nsection\nmutual\n{T}").commands
    assert command.scope is not None
    kinds = [(scope.kind, scope.name) for scope in command.scope.inside_out()]
    assert kinds == [
        (ScopeKind.MUTUAL, ""),
        (ScopeKind.SECTION, ""),
        (ScopeKind.NAMESPACE, "B"),
        (ScopeKind.NAMESPACE, "A"),
    ]


def test_dots_inside_quotation_marks_part_no_names() -> None:
    assert name_parts("a.«b.c».d") == ["a", "«b.c»", "d"]


def test_a_command_says_where_it_stands() -> None:
    text = "open A\r\n\n  /-- d -/ @[simp]\n  theorem t : T := by\n    simp -- so\n\nend"
    _, command, _ = read_source(text).commands
    assert (command.span.line, command.span.column) == (3, 2)
    assert text[command.span.start : command.span.end] == command.text
    assert command.text.startswith("/-- d -/ @[simp]")
    assert command.text.endswith("simp")
    source = read_source(text)
    assert [source.tokens[i].text for i in (command.own, command.head, command.stop)] == [
        "/-- d -/",
        "theorem",
        "end",
    ]


@given(made_theorems)
def test_made_files_have_no_unknown_commands(made: Made) -> None:
    source = read_source(made.text)
    assert [line.text for line in source.header] == list(made.header)
    assert "unknown" not in [command.keyword for command in source.commands]
    assert source.stray_ends == ()
    found = [item for item in source.commands if item.name == made.name]
    assert [item.keyword for item in found] == ["theorem"]
    assert found[0].text.startswith(made.lead.strip())


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000 + "theorem a : T := t",
        "(" * 50_000 + ")" * 50_000,
        "([{⟨" * 25_000 + "⟩}])" * 25_000,
        "(]" * 50_000,
        "/-" * 100_000,
        "namespace a\n" * 30_000 + T,
        "namespace " + "a." * 50_000 + "b\n" + T,
        "mutual " * 30_000 + T + "end " * 30_000,
        "private " * 50_000 + "x",
        "@[a] " * 30_000 + "x",
        "/-- a -/ " * 30_000 + "x",
        "theorem a : T := t " + "open a in " * 30_000 + "x",
        "theorem a : T := t " + "open a " * 30_000,
        "open a in " * 30_000 + T,
        "#" * 100_000,
        "deriving " * 50_000,
        "import a " * 30_000,
        "theorem a : T := " + "let x := 1\n" * 20_000,
        "x\n" * 50_000,
        T * 10_000,
    ],
    ids=lambda text: f"{text[:12]!r}×{len(text)}",
)
def test_hostile_text_is_split_in_linear_time(text: str) -> None:
    start = time.process_time()
    source = read_source(text)
    assert time.process_time() - start < 20
    assert source.tokens
