"""Models as LaTeX."""

import re

import pytest
from hypothesis import given

from neurosym.formal.optimization.formats.latex import print_latex
from neurosym.formal.optimization.formats.latex_terms import latex_name, latex_words
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model

from .samples import BOATS, MODELS, SHIPPING, TRICKY


def assert_balanced(text: str) -> None:
    r"""Braces, environments and ``\left`` with ``\right`` all close what they open."""
    plain = re.sub(r"\\[{}]", "", text.replace(r"\\", ""))
    depth = 0
    for character in plain:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    open_now: list[str] = []
    for what, name in re.findall(r"\\(begin|end)\{([a-z]+\*?)\}", plain):
        if what == "begin":
            open_now.append(name)
        else:
            assert open_now.pop() == name
    assert not open_now
    assert len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))


@given(MODELS)
def test_any_model_prints_and_holds_its_variables(model: Model) -> None:
    text = print_latex(model)
    assert_balanced(text)
    for variable in model.variables:
        assert latex_name(variable.name) in text
    assert text.isprintable() or set(filter(lambda c: not c.isprintable(), text)) == {"\n"}
    # What would end a line, begin a comment or a column stands only where it is meant.
    assert not re.search(r"(?<!\\)[%#$]", text)


def test_a_small_model_in_full() -> None:
    assert (
        print_latex(BOATS)
        == r"""\begin{align*}
  \min\quad & 60 \, \mathrm{boats} + 25.5 \, \mathrm{canoes} && \text{in dollars} \\
  \text{s.t.}\quad & 10 \, \mathrm{boats} + 8 \, \mathrm{canoes} \ge 300 \\
   & \mathrm{canoes} \le \frac{1}{3} \, \mathrm{boats} \\
   & \mathrm{boats} \in \mathbb{Z}_{\ge 0} && \text{boats to rent} \\
   & \mathrm{canoes} \in \mathbb{Z}_{\ge 0} && \text{canoes to rent}
\end{align*}
"""
    )


def test_sets_sums_quantifiers_logic_and_pieces() -> None:
    text = print_latex(SHIPPING)
    assert_balanced(text)
    for part in (
        r"\mathrm{Markets} = \{ \text{Oslo}, \text{Bergen}, \text{New York} \}",
        r"\mathrm{demand}_{\text{New York}} = \frac{1}{3}",
        r"\sum_{m \in \mathrm{Markets}} 2.5 \, \mathrm{ship}_{m}",
        r"\sum_{(i, j) \in \mathrm{Arcs} \,:\, i \ne j} \mathrm{cost}_{i,j} \, \mathrm{flow}_{i,j}",
        r"&& \forall m \in \mathrm{Markets} \,:\, m \ne \text{Oslo}",
        r"\mathrm{ship}_{\text{Oslo}} > 20 \;\Rightarrow\; \mathrm{ship}_{\text{Bergen}} \le 10",
        r"\text{at least 1 of } \left\{ \mathrm{ship}",
        r"0 \le \mathrm{ship}_{m} \le 90,\; \mathrm{ship}_{m} \in \mathbb{Z} && \forall m",
        r"\mathrm{open} \in \{0, 1\}",
        r"f_{1}\left(\mathrm{ship}_{\text{Oslo}}\right)",
        r"f_{1}(z) = \begin{cases} 0.25 \, z & \text{if } 0 \le z \le 40 \\ "
        r"10 + 1.8 \, (z - 40) & \text{if } 40 \le z \le 90 \end{cases}",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x", "x"), ("ship", r"\mathrm{ship}"), ("to_Oslo", r"\mathrm{to\_Oslo}"),
        ("new boats", r"\mathrm{new\ boats}"), ("größe", r"\text{größe}"), ("λ", r"\lambda"),
        ("Ω", r"\Omega"), ("Α", r"\text{Α}"), ("ο", r"\text{ο}"), ("50%", r"\text{50\%}"),
        ("a\\b", r"\text{a\textbackslash{}b}"), ("{", r"\text{\{}"), ("é", r"\text{é}"),
    ],
)  # fmt: skip
def test_names(name: str, shown: str) -> None:
    assert latex_name(name) == shown


def test_tricky_names_balance() -> None:
    for name in TRICKY:
        assert_balanced(latex_name(name))
    assert latex_words("a\nb\x00~^&") == r"a b \textasciitilde{}\textasciicircum{}\&"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("x / y", r"\frac{x}{y}"),
        ("(x + 1) ^ 2", r"{\left(x + 1\right)}^{2}"),
        ("2 * (x - y)", r"2 \, \left(x - y\right)"),
        ("x * 2 * y", r"x \cdot 2 \, y"),
        ("-x - 2 * y", "-x - 2 \\, y"),
        ("sqrt(x) + abs(y)", r"\sqrt{x} + \left|y\right|"),
        ("max(x, y, 1)", r"\max\left\{x, y, 1\right\}"),
        ("exp(x)", r"\exp\left(x\right)"),
    ],
)
def test_expressions(expression: str, shown: str) -> None:
    text = print_latex(read_model(f"var x\nvar y\nminimize {expression}"))
    assert rf"\min\quad & {shown} \\" in text


def test_long_sums_go_over_lines_and_long_data_is_cut() -> None:
    names = [f"product_{k}" for k in range(30)]
    variables = "\n".join(f"var {name} >= 0" for name in names)
    elements = ", ".join(names)
    values = ", ".join(f"{name}: {k}" for k, name in enumerate(names))
    text = print_latex(
        read_model(
            f"set P = {elements}\nparam c{{P}} = {values}\n{variables}\n"
            f"minimize {' + '.join(names)}\nlimit: {' + '.join(names)} >= 10"
        )
    )
    assert_balanced(text)
    assert max(map(len, text.splitlines())) < 220
    assert r"\dots, \text{product\_29} \}" in text
    assert r"c \in \mathbb{R}^{P}" in text
