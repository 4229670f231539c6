"""Checks of statements in Lean: what Lean found of them, and the text that they are to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from neurosym.answers.mentions import Weight, find_mentions
from neurosym.answers.numerals import parse_number
from neurosym.backends.lean.statements import Probe, Probed, probes_of
from neurosym.candidate import Candidate, Check, CheckState, Outcome
from neurosym.checks.feedback import LONGEST_ERROR, Feedback, failing
from neurosym.checks.names import (
    CheckName,
    StatementCheckName,
    failed,
    not_applicable,
    passed,
    undecided,
)
from neurosym.checks.numbers import judge_mentions
from neurosym.checks.structure import stems_of
from neurosym.formal.fol.spelling import words
from neurosym.formal.lean.english import KINDS, in_words, read_binders
from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.source import read_source, significant
from neurosym.formal.lean.statement import Statement
from neurosym.formal.lean.theorem import Theorem
from neurosym.problem import Problem
from neurosym.status import Status

__all__ = [
    "check_back_translation",
    "check_quantifiers",
    "check_statement_numbers",
    "run_statement_checks",
    "statement_feedback",
]

_MAX_SHOWN = 500


def run_statement_checks(
    problem: Problem, statement: Statement, outcome: Outcome
) -> tuple[Check, ...]:
    """Run every check on a statement and what was found of it.

    Never raises, whatever the problem or the statement hold.
    """
    return (
        *_found_by_lean(outcome),
        check_statement_numbers(problem, statement),
        check_quantifiers(problem, statement),
        check_back_translation(problem, statement),
    )


# ---------------------------------------------------------------- what Lean found


def _found_by_lean(outcome: Outcome) -> tuple[Check, ...]:
    names = StatementCheckName
    if outcome.status is Status.MALFORMED:
        elaboration = failed(names.ELABORATION, outcome.evidence.get("error", ""))
    elif "probes" in outcome.evidence:
        elaboration = passed(names.ELABORATION)
    else:
        elaboration = undecided(names.ELABORATION, outcome.evidence.get("error", ""))
    probed = probes_of(outcome)
    return (
        elaboration,
        _probe_check(names.VACUITY, probed, Probe.VACUITY, "its hypotheses are contradictory"),
        _triviality(probed),
        _probe_check(names.NEGATION, probed, Probe.NEGATION, "its negation is proved"),
    )


def _probe_check(
    name: StatementCheckName, probed: dict[Probe, Probed], probe: Probe, wrong: str
) -> Check:
    found = probed.get(probe)
    if found is None:
        # What is proved already is not false, and what assumes nothing assumes nothing wrong.
        return not_applicable(name) if probed else undecided(name, "Lean did not get that far")
    if found.proof is not None:
        return failed(name, f"{wrong} ({_in_a_line(found.proof)})")
    if not found.tried:
        return undecided(name, "nothing that was tried came to an end in this Lean")
    return passed(name)


def _triviality(probed: dict[Probe, Probed]) -> Check:
    """Whether a statement says something; one that is easy may still be what was asked."""
    name = StatementCheckName.TRIVIALITY
    empty = _probe_check(name, probed, Probe.EMPTINESS, "it states no more than it assumes")
    easy = probed.get(Probe.TRIVIALITY)
    if empty.state is CheckState.FAILED or easy is None:
        return empty
    if easy.proof is not None:
        return undecided(name, f"it is proved at once ({_in_a_line(easy.proof)})")
    return passed(name) if easy.tried else empty


def _in_a_line(proof: str) -> str:
    first, *rest = (line.strip() for line in proof.split("\n"))
    return f"{first} {'; '.join(rest)}".strip()


# ---------------------------------------------------------------- numbers


def check_statement_numbers(problem: Problem, statement: Statement) -> Check:
    """Whether every number of the text is in the statement.

    Failed if a numeral is not, undecided if only number words are left: "the two numbers".
    """
    mentions = find_mentions(problem.text)
    if all(mention.weight is Weight.INCIDENTAL for mention in mentions):
        return not_applicable(CheckName.NUMBERS, "the text holds no numbers")
    return judge_mentions(CheckName.NUMBERS, mentions, _numbers(_all_tokens(statement)))


def _all_tokens(statement: Statement) -> tuple[Token, ...]:
    """What it states, and what it defines to state it with."""
    theorem = statement.theorem
    return significant(f"{theorem.preamble}\n{theorem.binders} : {theorem.statement}")


def _numbers(tokens: Sequence[Token]) -> frozenset[Fraction]:
    found = (parse_number(item.text) for item in tokens if item.kind is Kind.NUMBER)
    return frozenset(Fraction(number) for number in found if number is not None)


# ---------------------------------------------------------------- quantifiers

_NONE_IS = re.compile(
    r"\bthere (?:is|are|exists?) (?:no|not)\b|\b(?:do|does|can)(?:es)?(?:n[’']t| ?not) exist\b"
    r"|\bno\b[^.;,]{0,200}\bexists?\b",
    re.IGNORECASE,
)
_ONE_IS = re.compile(r"\b(?:unique(?:ly)?|exactly one|only one|one and only)\b", re.IGNORECASE)
_SOME_ARE = re.compile(
    r"\b(?:there (?:is|are|exists?|must be)|exists?|some|at least one)\b", re.IGNORECASE
)
_ALL_ARE = re.compile(
    r"\b(?:all|every|each|any|always|arbitrary|whenever|everything)\b", re.IGNORECASE
)
_HIDING = frozenset("∣∈⊆⊂∉∤")
"""Signs whose definitions hold quantifiers."""


def check_quantifiers(problem: Problem, statement: Statement) -> Check:
    """Whether what a text says of all, of some or of exactly one thing is so in the statement.

    What is said of all may be a variable of the statement, and what there is none of may be said of
    all that it is not. Undecided where a name or a sign may hold the quantifier in its definition.
    """
    name = StatementCheckName.QUANTIFIERS
    tokens = _all_tokens(statement)
    signs = {token.text for token in tokens}
    for_all = bool(signs & {"∀", "forall", "Π", "variable"} or statement.theorem.binders.strip())
    there_is = bool(signs & {"∃", "exists", "Exists", "ExistsUnique"})
    there_is |= for_all and bool(signs & {"¬", "Not"})
    text = _NONE_IS.sub(" ", problem.text)
    rest = _ONE_IS.sub(" ", text)
    one_is = _ONE_IS.search(text) is not None
    wanted = (
        ("of exactly one", one_is, _says_unique(tokens, for_all=for_all, there_is=there_is)),
        ("of something that there is", _SOME_ARE.search(rest) is not None, there_is),
        ("of all", _ALL_ARE.search(rest) is not None, for_all),
    )
    if not any(is_said for _, is_said, _ in wanted):
        return not_applicable(name, "the text speaks of no quantity")
    missing = [what for what, is_said, is_there in wanted if is_said and not is_there]
    if not missing:
        return passed(name)
    detail = f"the text speaks {' and '.join(missing)}, and the statement does not"
    hides = bool(signs & _HIDING) or any(_is_named(token) for token in tokens)
    return undecided(name, detail) if hides else failed(name, detail)


def _says_unique(tokens: Sequence[Token], *, for_all: bool, there_is: bool) -> bool:
    texts = [token.text for token in tokens]
    if "ExistsUnique" in texts or ("∃", "!") in pairwise(texts):
        return True
    # Written out: there is one, and all that are like it equal it.
    return there_is and for_all and "=" in texts


def _is_named(token: Token) -> bool:
    """Whether a token is the name of something that has a definition, and is no plain type."""
    last = token.text.rpartition(".")[2]
    is_name = token.kind is Kind.IDENTIFIER and last[:1].isupper() and len(last) > 1
    return is_name and last not in _PLAIN


_PLAIN = frozenset(KINDS) | {
    "Array", "Exists", "ExistsUnique", "False", "Fin", "Finset", "List", "Not", "Option", "Set",
    "Sort", "True",
}  # fmt: skip


# ---------------------------------------------------------------- back-translation


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that a text says an operation with, and what says it in Lean.

    Attributes:
        said: The words.
        signs: Signs, any of which will do.
        names: Words of names, any of which will do.
        is_firm: Whether nothing else can say it.
    """

    said: re.Pattern[str]
    signs: frozenset[str]
    names: frozenset[str] = frozenset()
    is_firm: bool = True


def _cue(said: str, signs: str, names: str = "", *, is_firm: bool = True) -> _Cue:
    pattern = re.compile(rf"\b(?:{said})\b", re.IGNORECASE)
    return _Cue(pattern, frozenset(signs.split()), frozenset(names.split()), is_firm)


_ORDER = "< > ≤ ≥ <= >="
_CUES = (
    _cue("if and only if|iff|exactly when|precisely when|equivalent", "↔ <-", "iff equiv"),
    _cue("divides|divisible|(?:a )?multiples? of", "∣ ∤ % ∃ ≡", "dvd mod emod multiple divides"),
    _cue(
        "(?:less|greater|smaller|larger|more|fewer|bigger) than|at most|at least|exceeds?",
        f"{_ORDER} Fin",
        "lt le gt ge max min bounded",
    ),
    _cue("sums? of|plus|added to|adding", "+ ∑", "sum add plus foldl foldr"),
    _cue("products? of|times|multiplied|twice|doubled?", "* + • ∏ ^", "prod product mul double"),
    _cue("squares?|squared|cubes?|cubed|powers? of", "^ *", "pow sq square cube power"),
    _cue("differences? (?:of|between)|minus|subtract(?:ed|ing)?", "- +", "sub dist difference"),
    _cue("(?<!or )equals?(?: to)?", "= ≠ ↔ == != ≡", "eq beq", is_firm=False),
    _cue(r"either(?!\s*(?:[.,;]|$))", "∨ || ⊕", "or xor", is_firm=False),
    _cue(
        r"(?:is|are|does|do|can) not|cannot|\w+n[’']t|never|neither",
        f"¬ ≠ ∉ ∤ != {_ORDER} False",
        "not ne false",
        is_firm=False,
    ),
)  # fmt: skip


def check_back_translation(problem: Problem, statement: Statement) -> Check:
    """Whether a statement, read back as words, says what the text says.

    The operations that the text speaks of are in the statement, or it fails; numbers and names of
    the statement that the text does not speak of leave it undecided. The detail has the words that
    the statement reads as.
    """
    name = StatementCheckName.BACK_TRANSLATION
    back = f"read back: {in_words(statement.theorem)}"[:_MAX_SHOWN]
    text = problem.text
    tokens = _all_tokens(statement)
    missing = [
        (match[0], cue.is_firm)
        for cue in _CUES
        if (match := cue.said.search(text)) is not None and not _says(tokens, cue)
    ]
    if firm := [said for said, is_firm in missing if is_firm]:
        return failed(name, f"{_listed(firm)} is not said in Lean; {back}")
    loose = [f"{_listed([said for said, _ in missing])} is not said in Lean"] if missing else []
    if strange := [*_strange_numbers(text, tokens), *_strange_names(text, statement)]:
        loose.append(f"the text does not speak of {', '.join(strange)}")
    if loose:
        return undecided(name, f"{'; '.join(loose)}; {back}")
    return passed(name, back)


def _listed(said: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in said)


def _says(tokens: Sequence[Token], cue: _Cue) -> bool:
    for token in tokens:
        if token.text in cue.signs:
            return True
        if token.kind is Kind.IDENTIFIER and not cue.names.isdisjoint(words(token.text)):
            return True
    return False


def _strange_numbers(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """Numbers beyond those that definitions need, such as the 2 of "even"."""
    mentions = find_mentions(text)
    known = {abs(value) for item in mentions for value in (*item.values, *item.parts)}
    for number in sorted(_numbers(tokens) - known):
        if number not in (0, 1, 2):
            yield str(number)


def _strange_names(text: str, statement: Statement) -> Iterator[str]:
    """Names of things with a definition none of whose words the text has."""
    said = set(stems_of(text))
    own = {command.name for command in read_source(statement.theorem.preamble).commands}
    tokens = significant(_stated(statement.theorem))
    for text_of_name in dict.fromkeys(token.text for token in tokens if _is_named(token)):
        last = text_of_name.rpartition(".")[2]
        if text_of_name not in own and not said.intersection(stems_of(last)):
            yield text_of_name


def _stated(theorem: Theorem) -> str:
    """The types of its variables, its hypotheses, and what it states."""
    kinds = (
        " ".join(token.text for token in binder.kind) for binder in read_binders(theorem.binders)
    )
    return " ".join([*kinds, theorem.statement])


# ---------------------------------------------------------------- feedback

_TOLD = (
    StatementCheckName.VACUITY,
    StatementCheckName.TRIVIALITY,
    CheckName.NUMBERS,
    StatementCheckName.QUANTIFIERS,
    StatementCheckName.BACK_TRANSLATION,
)


_AGAIN = "Write the statement again."


def statement_feedback(candidate: Candidate) -> Feedback | None:
    """What is wrong with a statement; ``None`` if nothing is known to be.

    What Lean says where it does not elaborate; that it is false; the checks that fail.
    """
    outcome = candidate.verdict.outcome
    error = outcome.evidence.get("error", "")[:LONGEST_ERROR]
    if not isinstance(candidate.formalization, Statement):
        return Feedback((f"This cannot be read: {error}",), _AGAIN)
    if outcome.status is Status.MALFORMED:
        return Feedback((f"Lean does not accept this statement:\n{error}",), _AGAIN)
    if outcome.status is Status.REFUTED:
        return Feedback((f"This statement is false, {error}.",), "Write what was asked again.")
    return failing(candidate, _TOLD, _AGAIN)
