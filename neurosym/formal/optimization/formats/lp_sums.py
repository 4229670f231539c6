"""Sums in the LP format: the objective, and the sides of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction

from neurosym.errors import FormulaError
from neurosym.formal.optimization.formats.gathering import Gathering
from neurosym.formal.optimization.formats.lp_tokens import SECTIONS, Kind, Tokens
from neurosym.formal.optimization.formats.numerals import Limit, read_number
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["COMPARISONS", "Side", "Sums"]

COMPARISONS = "<=, = or >="
"""How to name a sign between two sides in an error."""
_HALF = Fraction(1, 2)
_ONES = {1: Fraction(1), -1: Fraction(-1)}


@dataclass(slots=True)
class Side:
    """One side of a row: what it holds, where it begins, whether it is infinite."""

    offset: int
    content: Polynomial = field(default_factory=Polynomial)
    infinite: float = 0.0
    names: int = 0
    is_empty: bool = True

    @property
    def limit(self) -> Limit:
        """The number that it is, if no variable is in it."""
        return self.infinite or self.content.constant


class Sums:
    """Reads sums and numbers.

    Args:
        tokens: What is read.
        gathered: Takes the columns.
    """

    def __init__(self, tokens: Tokens, gathered: Gathering) -> None:
        self._tokens = tokens
        self._gathered = gathered
        self._numbers: dict[str, Limit] = {}
        self._factors: dict[str, dict[str | None, Fraction]] = {"+": {}, "-": {}}

    # ------------------------------------------------------------ numbers

    def _number(self) -> Limit:
        """The number that is the current token."""
        word = self._tokens.word
        value = self._numbers.get(word)
        if value is None:
            try:
                value = read_number(word)
            except ValueError as error:
                raise self._tokens.fault(str(error)) from None
            self._numbers[word] = value
        return value

    def _signs(self) -> int:
        """Go over signs, if there are any; 1 or -1."""
        found = 1
        while self._tokens.kind is Kind.SIGN:
            if self._tokens.advance() == "-":
                found = -found
        return found

    def signed(self) -> Limit:
        """A number with or without signs."""
        sign = self._signs()
        if self._tokens.kind is not Kind.NUMBER:
            raise self._tokens.unexpected("a number")
        value = self._number()
        self._tokens.advance()
        return sign * value

    # ------------------------------------------------------------ sums

    def side(self, *, right: bool) -> Side:
        """A sum of terms, up to what is no term."""
        tokens = self._tokens
        side = Side(tokens.offset)
        first = True
        while True:
            if right and tokens.fresh and not first and not self._goes_on(side):
                break
            signed = tokens.kind is Kind.SIGN
            if not signed and not first:
                self._check_apart(side, right=right)
                break
            sign = self._signs()
            if not self._term(side, sign, right=right):
                if signed or right:
                    raise tokens.unexpected("a number", "a variable")
                break
            side.is_empty = first = False
            if not right:
                self._add_run(side)
        return side

    def _add_run(self, side: Side) -> None:
        """Add the plain terms that follow; whatever is odd is left to be read with care."""
        tokens, numbers, linear = self._tokens, self._gathered.numbers, side.content.linear
        end = tokens.offset
        for sign, word, name, after in tokens.terms():
            value = self._factors[sign].get(word) or self._factor(sign, word)
            if value is None:
                break
            column = numbers.get(name)
            if column is None:
                column = self._gathered.column(name)
            linear[column] = linear[column] + value if column in linear else value
            side.names += 1
            end = after
        if end > tokens.offset:
            tokens.go_on_from(end)

    def _factor(self, sign: str, word: str | None) -> Fraction | None:
        """The factor that a sign and a number are; ``None`` if they are none."""
        try:
            value = read_number(word or "1")
        except ValueError:
            return None
        if not isinstance(value, Fraction):
            return None
        found = self._factors[sign][word] = -value if sign == "-" else value
        return found

    def _goes_on(self, side: Side) -> bool:
        """Whether a right side goes on at a new line: what is but a number does not."""
        return self._tokens.kind is Kind.SIGN and side.names > 0

    def _check_apart(self, side: Side, *, right: bool) -> None:
        """That no term follows without a sign, but for one that begins a row."""
        tokens = self._tokens
        if tokens.kind not in (Kind.NUMBER, Kind.NAME, Kind.LABEL):
            return
        if right and (tokens.kind is not Kind.NUMBER or tokens.fresh):
            return
        line = tokens.text[: tokens.offset].rstrip().rsplit("\n", 1)[-1].split("\\")[0]
        if tokens.fresh and line.strip() == tokens.text[side.offset :].split(None, 1)[0]:
            # A word that is alone on its line was hardly meant to be a variable.
            raise self._unknown_section(line.strip(), side.offset)
        raise tokens.unexpected("+", "-", COMPARISONS)

    def _unknown_section(self, word: str, offset: int) -> FormulaError:
        near = get_close_matches(word.lower(), [*SECTIONS], n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        return self._tokens.fault(
            f"{word[:40]} begins no section that is known", offset=offset,
            hint=f"{meant}Mend the line at the caret.",
        )  # fmt: skip

    def _term(self, side: Side, sign: int, *, right: bool) -> bool:
        """Add the term that begins here to a side; whether there is one."""
        tokens = self._tokens
        content = side.content
        if tokens.kind is Kind.NAME:
            self._add(content, self._column(), _ONES[sign])
            side.names += 1
            return True
        if tokens.kind is Kind.NUMBER:
            offset = tokens.offset
            value = self._number() if sign > 0 else -self._number()
            tokens.advance()
            # On the right, a number at the end of a line is no factor of what the next begins with.
            is_factor = tokens.at(Kind.NAME) and not (right and tokens.fresh)
            if is_factor or tokens.take("*"):
                self._add(content, self._column(), self._finite(value, offset))
                side.names += 1
            elif isinstance(value, Fraction):
                content.constant = content.constant + value if content.constant else value
            elif side.infinite:
                raise tokens.fault("two infinite numbers are added", offset=offset)
            else:
                side.infinite = value
            return True
        if tokens.word == "[":
            content.add_scaled(self._bracket(), _ONES[sign])
            side.names += 1
            return True
        return False

    def _finite(self, value: Limit, offset: int) -> Fraction:
        if isinstance(value, Fraction):
            return value
        raise self._tokens.fault("a coefficient is infinite", offset=offset)

    def _column(self) -> int:
        """The column that the current token names."""
        if self._tokens.kind is not Kind.NAME:
            raise self._tokens.unexpected("a variable")
        number = self._gathered.column(self._tokens.word)
        self._tokens.advance()
        return number

    @staticmethod
    def _add(content: Polynomial, column: int, value: Fraction) -> None:
        linear = content.linear
        linear[column] = linear[column] + value if column in linear else value

    def _bracket(self) -> Polynomial:
        """What stands in square brackets, halved if ``/ 2`` follows."""
        tokens = self._tokens
        tokens.advance()
        found = Polynomial()
        first = True
        while first or tokens.word != "]":
            if not first and tokens.kind is not Kind.SIGN:
                raise tokens.unexpected("+", "-", "]")
            value = _ONES[self._signs()]
            if tokens.kind is Kind.NUMBER:
                value *= self._finite(self._number(), tokens.offset)
                tokens.advance()
                tokens.take("*")
            self._product(found, value)
            first = False
        tokens.advance()
        if tokens.take("/"):
            if tokens.word != "2":
                raise tokens.unexpected("2")
            tokens.advance()
            halved = Polynomial()
            halved.add_scaled(found, _HALF)
            return halved
        return found

    def _product(self, found: Polynomial, value: Fraction) -> None:
        tokens = self._tokens
        first = second = self._column()
        if tokens.take("^"):
            if tokens.word != "2":
                raise tokens.unexpected("2")
            tokens.advance()
        elif tokens.take("*"):
            second = self._column()
        else:
            raise tokens.unexpected("*", "^ 2")
        found.add_product(first, second, value)
