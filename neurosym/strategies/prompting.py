"""What a strategy may change about every prompt for a translation: each a switch, off by default.

- ``hint``: a sentence after the question, such as one that reminds a model to compute and check in
  code what it would rather guess (START: Li et al. 2025, arXiv:2503.04625, section 3.1).
- ``nearest``: of the worked examples only those most like the question, the nearest last (Liu et
  al. 2022, arXiv:2101.06804).
- ``steps``: beside the question, those steps of the worked examples that are most like the steps
  of a first attempt (BoostStep: Zhang et al. 2025, arXiv:2501.03226, does so at each step).
- ``ignore``: the model first says which sentences cannot matter, and is then told to leave them out
  (I3C: Wu et al. 2024, arXiv:2403.12744).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.translators.argument import sentences

__all__ = ["amended", "ask_for_steps", "ask_what_to_ignore", "with_hint", "with_nearest"]

Amend = Callable[[Prompt], Prompt]

_MOST_IGNORED = 40
"""Tokens of a list of sentences."""


def amended(session: Session, *steps: Amend) -> Session:
    """The session, with each prompt changed by these steps in turn."""

    def amend(prompt: Prompt) -> Prompt:
        for step in steps:
            prompt = step(prompt)
        return prompt

    return replace(session, amend=amend)


def with_hint(hint: str) -> Amend:
    """Add a sentence after the question."""

    def amend(prompt: Prompt) -> Prompt:
        *before, asked = prompt.messages
        return replace(
            prompt, messages=(*before, replace(asked, content=f"{asked.content}\n\n{hint}"))
        )

    return amend


def with_nearest(count: int) -> Amend:
    """Keep the worked examples that share most words with the question, the nearest last."""

    def amend(prompt: Prompt) -> Prompt:
        pairs = _examples(prompt)
        if not pairs:
            return prompt
        lead = len(prompt.messages) - 1 - 2 * len(pairs)
        likeness = _likeness([user.content for user, _ in pairs])(prompt.messages[-1].content)
        order = sorted(range(len(pairs)), key=lambda i: (likeness[i], i))[-count:]
        kept = [message for i in order for message in pairs[i]]
        return replace(prompt, messages=(*prompt.messages[:lead], *kept, prompt.messages[-1]))

    return amend


def _examples(prompt: Prompt) -> list[tuple[Message, Message]]:
    """The pairs of turns between the instruction and the question."""
    turns = [message for message in prompt.messages[:-1] if message.role != "system"]
    pairs = list(zip(turns[::2], turns[1::2], strict=False))
    is_paired = 2 * len(pairs) == len(turns)
    return pairs if is_paired and all(a.role == "user" for a, _ in pairs) else []


def _likeness(texts: Sequence[str]) -> Callable[[str], list[float]]:
    """What says how much each of some texts is like another one."""
    import bm25s

    split = [_words(text) for text in texts]
    index = bm25s.BM25()
    if any(split):
        index.index(split, show_progress=False)

    def rate(text: str) -> list[float]:
        asked = _words(text)
        if not any(split) or not asked:
            return [0.0] * len(texts)
        return [float(score) for score in index.get_scores(asked)]

    return rate


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


async def ask_for_steps(
    problem: Problem, session: Session, seed: int, most_tokens: int, count: int
) -> Amend | None:
    """Let the model make a first attempt, and find worked steps that are like the steps of it.

    Args:
        problem: The problem.
        session: Asks the model.
        seed: Of the attempt, which is greedy.
        most_tokens: Most tokens of it.
        count: Most steps to show.

    Returns:
        What shows them after the question; ``None`` if the examples or the attempt have no steps
        that a comment begins, or the budget allows no attempt.

    Raises:
        EngineError: The model could not be run.
    """
    prompt = session.prompt(problem, 0)
    worked = [step for _, told in _examples(prompt) for step in _steps_of(told.content)]
    if not worked:
        return None
    params = SamplingParams(seed=seed, temperature=0.0, max_tokens=most_tokens)
    found = await session.ask(problem, prompt, params, "first-attempt", counts=False)
    tried = _steps_of(found[0].text) if found else []
    # By their comments alone: code has words that all steps share.
    rate = _likeness([_comment(step) for step in worked])
    likeness = [rate(_comment(step)) for step in tried]
    best = [max(range(len(worked)), key=lambda i: (row[i], -i)) for row in likeness]
    chosen = list(dict.fromkeys(i for i, row in zip(best, likeness, strict=True) if row[i] > 0))
    if not chosen:
        return None
    shown = "\n".join(worked[i] for i in chosen[:count])
    return with_hint(f"Some steps of other solutions, as examples of how to write yours:\n{shown}")


def _comment(step: str) -> str:
    return step.partition("\n")[0]


def _steps_of(text: str) -> list[str]:
    """The steps of a program: each a line of comment with the code that follows it."""
    steps = re.split(r"^(?=[ \t]*#)", text.rstrip("`"), flags=re.MULTILINE)
    return [step.strip() for step in steps if step.lstrip().startswith("#")]


async def ask_what_to_ignore(problem: Problem, session: Session, seed: int) -> Amend | None:
    """Ask the model which sentences of a question cannot matter, and how to say so.

    Returns:
        What tells it to leave them out; ``None`` if it names none, or all, if the budget allows no
        such question, or where a grammar holds the translation to every sentence.

    Raises:
        EngineError: The model could not be run.
    """
    said = sentences(f"{problem.context} {problem.question}".strip())
    if len(said) < 3 or session.prompt(problem, 0).grammar is not None:
        return None  # two of them are a fact and what is asked; a grammar asks for all of them
    listed = "\n".join(f"{number}. {text}" for number, text in enumerate(said, start=1))
    prompt = Prompt(
        (
            Message("system", "You find what a question can do without."),
            Message(
                "user",
                f"{listed}\n\nWhich of these sentences could be left out without changing the "
                "answer? List their numbers, or say none.",
            ),
        ),
        grammar=_numbers_up_to(len(said)),
    )
    params = SamplingParams(seed=seed, temperature=0.0, max_tokens=_MOST_IGNORED)
    found = await session.ask(problem, prompt, params, "ignore", counts=False)
    if not found:
        return None
    named = {int(number) for number in re.findall(r"\d+", found[0].text)}
    left_out = [text for number, text in enumerate(said, start=1) if number in named]
    # The last sentence is what is asked.
    if not left_out or len(said) in named or len(left_out) >= len(said) - 1:
        return None
    told = "\n".join(f"- {text}" for text in left_out)
    return with_hint(f"These sentences do not matter to the answer; leave them out:\n{told}")


def _numbers_up_to(most: int) -> str:
    numbers = " | ".join(f'"{number}"' for number in range(1, most + 1))
    return f'root ::= "none" | number (", " number)*\nnumber ::= {numbers}\n'
