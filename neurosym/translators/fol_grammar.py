"""A grammar for the translation of given sentences: what their formulas can possibly say.

Constrained decoding keeps even a small model from formulas that cannot be read. Here it also keeps
it to the sentence at hand: predicates are made of the sentence's own words, things are those it
names (or the problem does, since "she" may be anyone), a formula negates, or says "or", only where
the sentence does, and it speaks of everything or of something where the sentence names nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from neurosym.formal.fol.spelling import stem
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.roles import (
    Predication,
    joined_names,
    object_words,
    predications,
)
from neurosym.translators.wording import (
    alternates,
    conditional_halves,
    denies,
    equates,
    has_condition,
    is_general,
    is_rule,
    kind_names,
    may_negate,
    name_forms,
    named_words,
    parts_joined,
    proper_names,
    reflects,
    speaks_of_existence,
    subject_words,
)

__all__ = ["pairs_grammar"]

_MAX_PARTS = 6
"""Words of the longest name."""
_ALONE = 2
"""Literals that a clause may join without a word that joins: young cats."""


def pairs_grammar(
    symbols_mark: str, text_mark: str, formula_mark: str, sentences: Sequence[str]
) -> str:
    """GBNF for the symbols and then each sentence, word for word, with its formula.

    Args:
        symbols_mark: What the line of the symbols begins with; the other lines likewise.
        text_mark: Before a sentence.
        formula_mark: Before a formula.
        sentences: The sentences, the claim last.
    """
    every = [word for sentence in sentences for word in name_forms(sentence)]
    proper = proper_names(sentences)
    parts = [quoted(f"{symbols_mark} "), "symbols", quoted("\n")]
    rules = [
        f"symbols ::= symbol ({quoted(', ')} symbol){{0,29}}",
        f"symbol ::= anyword{{1,{_MAX_PARTS}}} {quoted('(x')} {quoted(', y')}? {quoted(')')}",
        _alternatives("anyword", every),
    ]
    for number, sentence in enumerate(sentences):
        parts += [quoted(f"{text_mark} {sentence}\n{formula_mark} "), f"f{number}", quoted("\n")]
        rules += _sentence_rules(number, sentence, proper)
    return "\n".join([f"root ::= {' '.join(parts)}", *rules]) + "\n"


def _sentence_rules(n: int, sentence: str, proper: Sequence[str]) -> list[str]:
    """The rules of one sentence; ``f`` is its formula.

    Forms are those that the wording allows, and none nests without end, since a small model that
    may go on goes on. Rules in ``g`` have no variables, those in ``v`` have x, in ``u`` y as well.
    """
    opening = f"f{n} ::= {_openings(n, sentence, proper)}"
    halves = conditional_halves(sentence)
    if halves is None:
        some_y = f'"exists y. (" ue{n} ")"'
        return [
            opening,
            f'all{n} ::= "all x. " ("(" va{n} ")" | "all y. (" ua{n} ")" | {some_y})',
            f'some{n} ::= "exists x. " ("(" ve{n} ")" | {some_y})',
            *_clause_rules(_wording(str(n), sentence, sentence, proper)),
            *(rule for letter in "gvu" for rule in _whole(letter, n, sentence)),
        ]
    # What is said before "then" stands before the arrow, and what is said after it after it.
    condition, consequence = (
        _wording(f"{n}{key}", half, sentence, proper)
        for key, half in zip("pq", halves, strict=True)
    )
    return [
        opening,
        f'all{n} ::= "all x. " ("(" vi{n} ")" | "all y. (" ui{n} ")")',
        *_clause_rules(condition),
        *_clause_rules(consequence),
        *(f'{letter}i{n} ::= {letter}s{n}p " -> " {letter}s{n}q' for letter in "gvu"),
    ]


def _wording(key: str, clause: str, sentence: str, proper: Sequence[str]) -> _Wording:
    """What formulas of a clause are made of; the things they speak of are the sentence's."""
    subject = subject_words(sentence, proper)
    named = named_words(sentence, proper)
    forms = name_forms(sentence)
    kinds = kind_names(clause, proper)
    own = [
        word
        for word in name_forms(clause)
        if word in kinds or not (word in proper or word in subject)
    ]
    said = own or [word for word in forms if word not in proper and word not in subject] or forms
    most = max(1, len(set(map(stem, said)).difference(map(stem, named))))
    # What is said of a named thing is said of it in the formula as well: Chase(x, Cat), never
    # Chase(Cat) or Chase(Cat, x), whatever else the cat does in the sentence.
    known = predications(clause, proper)
    bound = {form for item in known for form in item.forms}
    things = [*named, *proper] or forms
    # What only has things done to it is no first argument: of "it chases the cat", Chase(x, Cat).
    done_to = object_words(sentence, proper)
    return _Wording(
        key=key,
        text=clause,
        most=min(most, _ALONE + parts_joined(clause)) + joined_names(clause, proper),
        said=said,
        others=[word for word in said if word not in bound],
        known=known,
        things=things,
        doers=[word for word in things if word not in done_to],
        proper=proper,
    )


def _clause_rules(wording: _Wording) -> list[str]:
    """The rules of names, and of what may stand on a side of an arrow."""
    key = wording.key
    first = [f"o{key}"] if wording.doers else []
    said = wording.others or wording.said
    inner = [f"i{key}"] if speaks_of_existence(wording.text) else []
    return [
        f'i{key} ::= "exists y. (" (uc{key} | ul{key}) ")"',
        _alternatives(f"w{key}", said),
        _alternatives(f"c{key}", wording.things),
        f"p{key} ::= ({_spelled(_leading(said))}) w{key}{{0,{_MAX_PARTS - 1}}}",
        f"n{key} ::= c{key}{{1,{_MAX_PARTS}}}",
        _alternatives(f"b{key}", wording.doers or wording.things),
        f"o{key} ::= b{key}{{1,{_MAX_PARTS}}}",
        *_sides("g", wording, "", ([f"o{key}"], [f"n{key}"]), []),
        *_sides("v", wording, '"x"', (first, [f"n{key}"]), inner),
        *_sides("u", wording, '"x" | "y"', (first, [f"n{key}"]), []),
    ]


def _openings(n: int, sentence: str, proper: Sequence[str]) -> str:
    """How a sentence's formula may begin, by what it speaks of."""
    general = is_general(sentence, proper)
    found = [f"all{n}"] if general or not subject_words(sentence, proper) else []
    if speaks_of_existence(sentence) and not is_rule(sentence):
        found += [f"some{n}", f'"-" some{n}'] if may_negate(sentence) else [f"some{n}"]
    if not general:
        halves = conditional_halves(sentence)
        found += [] if halves else [f"gs{n}"]
        if halves or has_condition(sentence) or equates(sentence):
            found.append(f"gi{n}")
    return any_of(found)


@dataclass(frozen=True, slots=True)
class _Wording:
    """What the formulas of a sentence, or of a half of it, are made of.

    Attributes:
        key: What its rules' names end with.
        text: The sentence or clause.
        most: Literals to join at most.
        said: The words for predicates.
        others: Of these, the ones that stand for no known verb or adjective.
        known: The verbs and adjectives whose arguments are known.
        things: The words for things.
        doers: Of these, the ones that may be a first argument.
        proper: The proper names of the whole text.
    """

    key: str
    text: str
    most: int
    said: Sequence[str]
    others: Sequence[str]
    known: Sequence[Predication]
    things: Sequence[str]
    doers: Sequence[str]
    proper: Sequence[str]

    def atoms(self, first: str, term: str, variables: str) -> list[str]:
        """The atoms, given what stands as a first argument, as any other, and the variables."""
        found: list[str] = []
        if self.others or not self.known:
            found += self._open_atoms(first, term, variables)
        for item in self.known:
            for use in item.uses:
                who = self._name(use.subject) or (use.is_open and variables) or first
                whom = f' ", " {self._name(use.object)}' if use.object else ""
                found.append(f'({_spelled(item.forms)}) "(" ({who}){whom} ")"')
        return found

    def _open_atoms(self, first: str, term: str, variables: str) -> Iterator[str]:
        """Atoms of predicates that nothing is known of, of one or two things.

        No variable stands twice in one, unless the sentence speaks of "itself".
        """
        name = f'p{self.key} "("'
        bound = variables.split(" | ") if variables else []
        if not bound or reflects(self.text):
            yield f'{name} {first} (", " {term})? ")"'
            return
        names = f"n{self.key}"
        for variable in bound:
            others = any_of([*(other for other in bound if other != variable), names])
            yield f'{name} {variable} (", " ({others}))? ")"'
        if self.doers:
            yield f'{name} o{self.key} (", " {term})? ")"'

    def _name(self, words: Sequence[str]) -> str:
        """A name made of some of these words; of a proper name, with other parts of it as well.

        Nothing if there are no words.
        """
        if not words:
            return ""
        own = f"({_spelled(words)}){{1,{len(words)}}}"
        others = [word for word in self.proper if word not in words]
        if words[0] not in self.proper or not others:
            return own
        more = f"({_spelled(others)})?"  # Lena is Lena Holm
        return f"{more} {own} {more}"


def _sides(
    letter: str,
    wording: _Wording,
    variables: str,
    names: tuple[Sequence[str], Sequence[str]],
    inner: Sequence[str],
) -> list[str]:
    """Atoms ``x``, literals ``l``, several joined by "and" ``c`` or "or" ``d``, any of them ``s``.

    Args:
        letter: Of the rules' names.
        wording: What they are made of.
        variables: That are bound there; empty if there are none.
        names: The rules of names that stand as a first argument, and as another.
        inner: What else may stand as a literal.
    """
    key, clause = wording.key, wording.text
    bound = [variables] if variables else []
    sign = '"-" ' if denies(clause, wording.proper) else '"-"? ' if may_negate(clause) else ""
    more = f"{{1,{max(1, min(6, wording.most) - 1)}}}"
    atom, literal, both, either, leading, term = (f"{letter}{part}{key}" for part in "xlcdrt")
    literals = [atom, *(sign + rule for rule in inner)]
    sides = [literal]
    if wording.most > 1:
        sides.append(both)
    if alternates(clause):
        literals.append(f'"(" {either} ")"')
        sides.append(either)
    return [
        f"{leading} ::= {any_of([*bound, *names[0]])}",
        f"{term} ::= {any_of([*bound, *names[1]])}",
        f"{atom} ::= {sign}({any_of(wording.atoms(leading, term, variables))})",
        f"{literal} ::= {any_of(literals)}",
        f'{both} ::= {literal} (" & " {literal}){more}',
        # Either … or …, but not both, is (A & -B) | (-A & B).
        f'{letter}y{key} ::= {atom} | "(" {atom} (" & " {atom}){{1,2}} ")"',
        f'{either} ::= {letter}y{key} (" | " {letter}y{key}){more}',
        f"{letter}s{key} ::= {any_of(sides)}",
    ]


def _whole(letter: str, n: int, sentence: str) -> list[str]:
    """Implications ``i``, and what may be said of all ``a`` and of some ``e``."""
    # What is so of everything is so under a condition, or one of two things is; a bare "and" is
    # what "exists" takes.
    both, literal = f"{letter}c{n}", f"{letter}l{n}"
    of_all = [f"{letter}i{n}", literal]
    if alternates(sentence):
        of_all.append(f"{letter}d{n}")
    if is_rule(sentence) and not has_condition(sentence):
        of_all.append(both)
    arrow = '(" -> " | " <-> ")' if equates(sentence) else '" -> "'
    return [
        f"{letter}i{n} ::= {letter}s{n} {arrow} {letter}s{n}",
        f"{letter}a{n} ::= {any_of(of_all)}",
        f"{letter}e{n} ::= {both} | {literal}",
    ]


def _leading(words: Sequence[str]) -> list[str]:
    """The words that a predicate may begin with: no numerals, if there are others."""
    return [word for word in words if not word[0].isdigit()] or list(words)


def _alternatives(name: str, choices: Iterable[str]) -> str:
    return f"{name} ::= {_spelled(choices)}"


def _spelled(words: Iterable[str]) -> str:
    """One of several words, as names spell them."""
    return alternatives(dict.fromkeys(word[:1].upper() + word[1:] for word in words))
