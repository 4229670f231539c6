"""Translation into first-order logic: each sentence, then its formula.

The form is LINC's (Olausson et al. 2023, arXiv:2310.15164, section 3): sentence and formula take
turns, the last pair is the claim, and formulas are in NLTK's logic. The symbols are declared first,
so that names agree between premises and claim, and the output is held to a grammar that repeats
the problem's own sentences, so that none is left out and every formula can be read.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from neurosym.candidate import Message, Prompt
from neurosym.errors import FormulaError, OptionError, ProblemError, SortError
from neurosym.formal.fol.theory import Repair, Statement, Theory
from neurosym.problem import Kind, Problem
from neurosym.translators.argument import Argument, read_argument
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.fol_grammar import pairs_grammar
from neurosym.translators.organise import organise

__all__ = ["MAX_SHOTS", "FolTranslator", "read_pairs"]

MAX_SHOTS = 3
"""Worked examples there are."""
_TEXT, _FOL = "TEXT:", "FOL:"
_SYMBOLS = "SYMBOLS:"


@dataclass(frozen=True, slots=True)
class FolTranslator:
    """Premises and claim → a theory, by sentence and formula in turn (LINC).

    Attributes:
        shots: Worked examples in the prompt.
        constrained: Whether the output is held to the grammar.
        organised: Whether premises that cannot matter are left out and the rest put in order.

    Raises:
        OptionError: There are not that many worked examples.
    """

    shots: int = MAX_SHOTS
    constrained: bool = True
    organised: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.shots <= MAX_SHOTS:
            raise OptionError(f"shots is {self.shots}", hint=f"Show 0 to {MAX_SHOTS} examples.")

    @property
    def name(self) -> str:
        """Its name."""
        return "fol"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.LOGIC

    @property
    def variants(self) -> int:
        """One wording."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that the symbols, the sentences and their formulas may take."""
        argument = self._argument(problem)
        # A token is four characters of a sentence or two of a formula, which is about as long.
        characters = sum(map(len, (*argument.premises, argument.claim)))
        return 200 + characters + 30 * (len(argument.premises) + 1)

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Worked examples, then the problem's sentences, numbered by nothing but their order.

        Raises:
            ProblemError: The problem claims nothing.
        """
        turns = [Message("system", load_prompt_text("fol_system.txt").strip())]
        for exemplar in _exemplars()[len(_exemplars()) - self.shots :]:
            turns.append(Message("user", _ask(exemplar.argument)))
            turns.append(Message("assistant", exemplar.reply))
        argument = self._argument(problem)
        turns.append(Message("user", _ask(argument)))
        sentences = (*argument.premises, argument.claim)
        grammar = pairs_grammar(_SYMBOLS, _TEXT, _FOL, sentences) if self.constrained else None
        return Prompt(tuple(turns), grammar=grammar)

    def _argument(self, problem: Problem) -> Argument:
        argument = read_argument(problem)
        if argument.premises and not argument.claim:
            raise ProblemError(
                "the question asks about a statement that is not there",
                hint="Write it behind the words that ask whether it is true.",
            )
        return organise(argument)[0] if self.organised else argument

    def parse(self, text: str, problem: Problem) -> Theory | Malformed:
        """The theory in a completion: its last formula is the claim."""
        return read_pairs(text)


def read_pairs(text: str) -> Theory | Malformed:
    """The theory in ``TEXT:`` and ``FOL:`` lines, repairs recorded; the last formula is the claim.

    Formulas are in NLTK's logic, as LINC's recorded samples are.
    """
    # Parsers take time to load; they are loaded when there is something to read.
    from neurosym.formal.fol.dialects.lenient import read_leniently
    from neurosym.formal.fol.dialects.nltk import NLTK_NOTATION
    from neurosym.formal.fol.repairs import mend_theory

    statements: list[Statement] = []
    repairs: list[Repair] = []
    sentence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith(_TEXT):
            sentence = stripped.removeprefix(_TEXT).strip()
        elif stripped.startswith(_FOL):
            try:
                formula, found = read_leniently(NLTK_NOTATION, stripped.removeprefix(_FOL).strip())
            except FormulaError as error:
                return Malformed(f"the formula of line {number}: {error}")
            statements.append(Statement(formula, sentence))
            repairs += [Repair(item.kind, f"line {number}: {item.detail}") for item in found]
            sentence = ""
    if not statements:
        return Malformed("there is no formula")
    *premises, claim = statements
    try:
        return mend_theory(premises, claim, source=text, repairs=repairs)
    except SortError as error:
        return Malformed(str(error))


# ---------------------------------------------------------------- the prompt


@dataclass(frozen=True, slots=True)
class _Exemplar:
    argument: Argument
    symbols: str
    formulas: tuple[str, ...]

    @property
    def reply(self) -> str:
        sentences = (*self.argument.premises, self.argument.claim)
        pairs = [
            f"{_TEXT} {sentence}\n{_FOL} {formula}\n"
            for sentence, formula in zip(sentences, self.formulas, strict=True)
        ]
        return f"{_SYMBOLS} {self.symbols}\n" + "".join(pairs)


@lru_cache(maxsize=1)
def _exemplars() -> tuple[_Exemplar, ...]:
    data = tomllib.loads(load_prompt_text("fol_exemplars.toml"))
    return tuple(
        _Exemplar(
            Argument(tuple(sentence for sentence, _ in item["premises"]), item["claim"][0]),
            item["symbols"],
            tuple(formula for _, formula in [*item["premises"], item["claim"]]),
        )
        for item in data["exemplar"]
    )


def _ask(argument: Argument) -> str:
    premises = "\n".join(argument.premises)
    return f"Premises:\n{premises}\nClaim:\n{argument.claim}"
