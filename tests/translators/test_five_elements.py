"""Translation into optimization models: the prompt, the grammar, and what is read of a reply."""

from __future__ import annotations

import pytest

from neurosym.errors import OptionError
from neurosym.formal.optimization.model import Domain, Model, Sense
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, Staged, Translator
from neurosym.translators.five_elements import FiveElementsTranslator, read_sentences
from neurosym.translators.model_grammar import model_grammar
from tests.translators.gbnf import Grammar

PROBLEM = Problem(
    "p",
    "A park lends boats and canoes. A boat seats 4 people and a canoe seats 2 people. At least 30% "
    "of the trips must be by canoe. There can be at most 20 trips. Maximize the number of people.",
    Kind.OPTIMIZATION,
)
REPLY = """var boats integer >= 0
var canoes integer >= 0
# 1: A park lends boats and canoes.
# 2: A boat seats 4 people and a canoe seats 2 people.
# 3: At least 30% of the trips must be by canoe.
canoes >= 0.3 * (boats + canoes)
# 4: There can be at most 20 trips.
boats + canoes <= 20
# 5: Maximize the number of people.
maximize 4 * boats + 2 * canoes
"""


def test_the_prompt_shows_worked_examples_and_numbers_the_sentences() -> None:
    translator = FiveElementsTranslator()
    assert isinstance(translator, Translator)
    prompt = translator.prompt(PROBLEM)
    assert [m.role for m in prompt.messages] == ["system", *["user", "assistant"] * 3, "user"]
    assert prompt.messages[-1].content.startswith("1: A park lends boats and canoes.\n2: A boat")
    assert translator.max_tokens(PROBLEM) > 300


@pytest.mark.parametrize("shots", [-1, 4])
def test_other_numbers_of_examples_are_refused(shots: int) -> None:
    with pytest.raises(OptionError, match="shots"):
        FiveElementsTranslator(shots=shots)


def test_every_worked_example_follows_its_own_grammar_and_holds_together() -> None:
    messages = FiveElementsTranslator().prompt(PROBLEM).messages
    for asked, shown in zip(messages[1:-1:2], messages[2:-1:2], strict=True):
        told = [line.split(": ", 1)[1] for line in asked.content.split("\n")]
        assert Grammar(model_grammar(told)).accepts(shown.content)
        model = FiveElementsTranslator().parse(shown.content, PROBLEM)
        assert isinstance(model, Model)
        assert model.instance.rows + len(model.constraints) > 0


def test_the_grammar_lets_a_right_model_be_written_and_no_other_numbers() -> None:
    prompt = FiveElementsTranslator(staged=False).prompt(PROBLEM)
    assert prompt.grammar is not None
    grammar = Grammar(prompt.grammar)
    assert grammar.accepts(REPLY)
    assert not grammar.accepts(REPLY.replace("<= 20", "<= 21"))
    assert not grammar.accepts(REPLY.replace("maximize", "minimize"))
    assert not grammar.accepts(REPLY.replace("# 4", "# 5"))
    assert not grammar.accepts(REPLY.replace("boats", "ships"))


def test_things_told_apart_by_a_letter_can_be_named() -> None:
    grammar = Grammar(model_grammar(["Truck A takes 3 boxes, truck B takes 4.", "Maximize boxes."]))
    assert grammar.accepts(
        "var truck_A integer >= 0\nvar truck_B integer >= 0\n"
        "# 1: Truck A takes 3 boxes, truck B takes 4.\n# 2: Maximize boxes.\n"
        "maximize 3 * truck_A + 4 * truck_B\n"
    )


def test_in_stages_the_variables_come_first_and_then_nothing_else_has_a_name() -> None:
    translator = FiveElementsTranslator()
    assert isinstance(translator, Staged)
    asked = translator.prompt(PROBLEM)
    declared, rest = REPLY.split("# 1", 1)
    first = f"{declared}#"
    assert asked.grammar is not None
    assert Grammar(asked.grammar).accepts(first)
    assert not Grammar(asked.grammar).accepts(REPLY)
    after = translator.continuation(PROBLEM, 0, asked, first)
    assert after is not None
    assert after.messages == asked.messages
    assert after.prefix == first
    assert after.grammar is not None
    grammar = Grammar(after.grammar)
    assert grammar.accepts(f" 1{rest}")
    assert not grammar.accepts(f" 1{rest.replace('<= 20', '<= 20 * trips')}"), "not declared"
    assert Grammar(model_grammar(read_sentences(PROBLEM))).accepts(REPLY)


@pytest.mark.parametrize("written", [REPLY, "", "#", "I declare boats.\n#"])
def test_what_is_no_first_part_is_not_gone_on_from(written: str) -> None:
    translator = FiveElementsTranslator()
    assert translator.continuation(PROBLEM, 0, translator.prompt(PROBLEM), written) is None


def test_without_stages_or_a_grammar_all_is_asked_at_once() -> None:
    first = REPLY.split(" 1")[0]
    for translator in (
        FiveElementsTranslator(staged=False),
        FiveElementsTranslator(constrained=False),
    ):
        assert translator.continuation(PROBLEM, 0, translator.prompt(PROBLEM), first) is None


def test_a_sentence_without_a_number_or_word_of_comparison_gets_no_constraint() -> None:
    prompt = FiveElementsTranslator(staged=False).prompt(PROBLEM)
    assert prompt.grammar is not None
    early = REPLY.replace("# 2: A boat", "boats <= canoes\n# 2: A boat")
    assert not Grammar(prompt.grammar).accepts(early)


def test_constraints_know_the_sentences_above_them() -> None:
    model = FiveElementsTranslator().parse(REPLY, PROBLEM)
    assert isinstance(model, Model)
    assert [item.sentence for item in model.constraints] == [3, 4]
    assert model.constraints[1].source == "There can be at most 20 trips."
    assert {item.domain for item in model.variables} == {Domain.INTEGER}
    assert model.objective.sense is Sense.MAXIMIZE


def test_fences_and_names_that_a_model_adds_are_read() -> None:
    text = "```\n" + REPLY.replace("boats + canoes <=", "most: boats + canoes <=") + "```\n"
    model = FiveElementsTranslator().parse(text, PROBLEM)
    assert isinstance(model, Model)
    assert "most" in [item.name for item in model.constraints]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no objective"),
        (REPLY.replace("maximize", "# maximize"), "there is no objective"),
        (REPLY.replace("2 * canoes\n", "2 * canoe\n"), "Did you mean canoes|canoe is not declared"),
        (REPLY + "maximize boats\n", "two objectives"),
        ("The answer is 72.", "line 1"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    found = FiveElementsTranslator().parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    import re

    assert re.search(why, found.reason)


def test_line_breaks_that_are_written_out_end_sentences() -> None:
    told = read_sentences(Problem("p", "Mix oats.\\nUse at most 5 kg", Kind.OPTIMIZATION))
    assert told == ("Mix oats.", "Use at most 5 kg")


TABLE = Problem(
    "t",
    "A mill mixes feed from the grains in the table.\n\n"
    "| Grain | Protein (g/kg) | Price |\n|--|--|--|\n"
    "| Oats | 110 | $0.30 |\n| Peas | 240 | $0.60 |\n\n"
    "The mix must weigh 500 kg and hold at least 75,000 g of protein. At most 350 kg of oats can "
    "be stored. Minimize the price.",
    Kind.OPTIMIZATION,
)
MIX = """var grains{i in Grain} continuous >= 0
# 1: A mill mixes feed from the grains in the table.
# 2: The mix must weigh 500 kg and hold at least 75,000 g of protein.
sum{i in Grain} grains[i] = 500
sum{i in Grain} protein[i] * grains[i] >= 75000
# 3: At most 350 kg of oats can be stored.
grains[Oats] <= 350
each{i in Grain}: grains[i] <= 500
# 4: Minimize the price.
minimize sum{i in Grain} price[i] * grains[i]
"""


def test_a_table_is_given_as_data_and_the_reply_speaks_of_it() -> None:
    translator = FiveElementsTranslator(staged=False)
    prompt = translator.prompt(TABLE)
    asked = prompt.messages[-1].content
    assert "param protein{Grain} = Oats: 110, Peas: 240" in asked
    assert "| Oats |" not in asked
    assert len(prompt.messages) == 2 + 2 * 4, "an example with a table is shown as well"
    assert prompt.grammar is not None
    grammar = Grammar(prompt.grammar)
    assert grammar.accepts(MIX)
    for wrong in ("protein[j]", "protein[Rye]", "protein[Grain]"):
        assert not grammar.accepts(MIX.replace("protein[i]", wrong)), wrong
    assert not grammar.accepts(MIX.replace("grains[Oats]", "grains[i]")), "nothing binds i"
    model = translator.parse(MIX, TABLE)
    assert isinstance(model, Model)
    assert [item.name for item in model.parameters] == ["protein", "price"]
    assert [item.sentence for item in model.constraints] == [2, 2, 3, 3]
    assert model.instance.rows == 5


def test_in_stages_a_variable_keeps_the_sets_it_is_declared_over() -> None:
    translator = FiveElementsTranslator()
    asked = translator.prompt(TABLE)
    declared, rest = MIX.split("# 1", 1)
    after = translator.continuation(TABLE, 0, asked, f"{declared}#")
    assert after is not None
    assert after.grammar is not None
    grammar = Grammar(after.grammar)
    assert grammar.accepts(f" 1{rest}")
    assert not grammar.accepts(f" 1{rest.replace('grains[Oats]', 'grains')}"), "an index is missing"


def test_the_optimum_does_not_depend_on_the_order_of_a_table() -> None:
    lines = TABLE.question.split("\n")
    lines[4], lines[5] = lines[5], lines[4]
    turned = Problem("t", "\n".join(lines), Kind.OPTIMIZATION)
    found = [FiveElementsTranslator().parse(MIX, problem) for problem in (TABLE, turned)]
    one, other = found
    assert isinstance(one, Model)
    assert isinstance(other, Model)
    assert one.digest == other.digest


def test_a_table_from_rows_to_columns_is_summed_over_both() -> None:
    problem = Problem(
        "s",
        "Ship wood from the mills to the yards.\n"
        "| Mill / Yard | North | South |\n|--|--|--|\n| A | 3 | 5 |\n| B | 4 | 1 |\n"
        "Each mill has 20 tonnes of wood and each yard needs 15. Minimize the cost.",
        Kind.OPTIMIZATION,
    )
    reply = """var wood{i in Mill, j in Yard} continuous >= 0
# 1: Ship wood from the mills to the yards.
# 2: Each mill has 20 tonnes of wood and each yard needs 15.
each{i in Mill}: sum{j in Yard} wood[i, j] <= 20
each{j in Yard}: sum{i in Mill} wood[i, j] >= 15
# 3: Minimize the cost.
minimize sum{i in Mill, j in Yard} table_value[i, j] * wood[i, j]
"""
    translator = FiveElementsTranslator(staged=False)
    grammar = translator.prompt(problem).grammar
    assert grammar is not None
    assert Grammar(grammar).accepts(reply)
    model = translator.parse(reply, problem)
    assert isinstance(model, Model)
    assert model.instance.columns == 4
    assert model.instance.rows == 4


def test_a_table_of_distances_is_summed_over_places_twice() -> None:
    problem = Problem(
        "d",
        "Go from place to place.\n| From / To | A | B |\n|--|--|--|\n| A | 0 | 5 |\n| B | 5 | 0 |\n"
        "Leave each place exactly once. Minimize the way.",
        Kind.OPTIMIZATION,
    )
    reply = """var way{i in From, j in From} binary
# 1: Go from place to place.
# 2: Leave each place exactly once.
each{i in From}: sum{j in From} way[i, j] = 1
# 3: Minimize the way.
minimize sum{i in From, j in From} table_value[i, j] * way[i, j]
"""
    translator = FiveElementsTranslator(staged=False)
    grammar = translator.prompt(problem).grammar
    assert grammar is not None
    assert Grammar(grammar).accepts(reply)
    assert isinstance(translator.parse(reply, problem), Model)


def test_a_variable_is_not_named_as_a_column_is() -> None:
    problem = Problem(
        "c",
        "A farm grows wheat.\n"
        "|  | wheat | corn |\n|--|--|--|\n| seed | 3 | 4 |\n| hours | 1 | 2 |\n"
        "Maximize the profit of the wheat acres.",
        Kind.OPTIMIZATION,
    )
    prompt = FiveElementsTranslator().prompt(problem)
    assert prompt.grammar is not None
    grammar = Grammar(prompt.grammar)
    assert not grammar.accepts("var wheat continuous >= 0\n#")
    assert grammar.accepts("var wheat_acres continuous >= 0\n#")


@pytest.mark.parametrize("first", ["var x{i in Foo} continuous >= 0", "var price integer >= 0"])
def test_declarations_that_a_grammar_would_not_allow_are_not_gone_on_from(first: str) -> None:
    translator = FiveElementsTranslator()
    asked = translator.prompt(TABLE)
    assert translator.continuation(TABLE, 0, asked, f"{first}\n#") is None
