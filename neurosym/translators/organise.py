"""Organise first: leave out what cannot matter to the claim, and put the rest in order.

After concise and organised perception (Liu et al. 2024, arXiv:2410.03952, section 3): a model that
is given fewer sentences, facts by whom they are about and then rules, has less to go astray in.
"""

from __future__ import annotations

from neurosym.formal.fol.spelling import stem
from neurosym.translators.argument import Argument
from neurosym.translators.wording import content_words, is_general, proper_names

__all__ = ["organise"]


def organise(argument: Argument) -> tuple[Argument, tuple[str, ...]]:
    """Order an argument's premises.

    A premise is left out if no chain of premises that share a word of substance leads from it to
    the claim: whatever it says, its symbols are not among those that the claim can depend on. (If
    such premises contradict each other, everything would follow; that is not looked for.)

    Returns:
        The argument with facts first, grouped by whom they are about, and rules after them; and
        the sentences left out.
    """
    linked = _linked(argument)
    kept = [text for text, is_linked in zip(argument.premises, linked, strict=True) if is_linked]
    dropped = [
        text for text, is_linked in zip(argument.premises, linked, strict=True) if not is_linked
    ]
    names = proper_names((*argument.premises, argument.claim))
    facts: dict[str, list[str]] = {}
    rules = []
    for sentence in kept:
        if is_general(sentence, names):
            rules.append(sentence)
        else:
            facts.setdefault(content_words(sentence)[0], []).append(sentence)
    grouped = [sentence for group in facts.values() for sentence in group]
    return Argument((*grouped, *rules), argument.claim), tuple(dropped)


def _linked(argument: Argument) -> list[bool]:
    """Which premises a chain of shared words links to the claim."""
    substance = [set(map(stem, content_words(sentence))) for sentence in argument.premises]
    reached = set(map(stem, content_words(argument.claim)))
    linked = [False] * len(substance)
    grows = True
    while grows:
        grows = False
        for i, words in enumerate(substance):
            if not linked[i] and words & reached:
                linked[i] = grows = True
                reached |= words
    return linked
