"""The problem a person asks, in plain words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from neurosym.errors import ProblemError

__all__ = ["Kind", "Problem"]


class Kind(StrEnum):
    """Which formal language a problem is translated into."""

    MATH = "math"
    LOGIC = "logic"
    OPTIMIZATION = "optimization"
    THEOREM = "theorem"
    PROOF = "proof"
    """The question is a file of Lean, of which the last theorem is to be proved."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A question in plain words.

    Attributes:
        id: The user's name for the problem. Nothing depends on it.
        question: The question, not blank.
        kind: Which formal language it is translated into.
        choices: The options of a multiple-choice question, in order (``"A) 12"`` or ``"12"``).
        context: Text that the question refers to, such as a passage.

    Raises:
        ProblemError: The question is blank or holds NUL characters.
    """

    id: str
    question: str
    kind: Kind = Kind.MATH
    choices: tuple[str, ...] = field(default=())
    context: str = ""

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ProblemError(
                f"problem {self.id!r} has an empty question",
                hint="Give the question in plain words.",
            )
        if "\x00" in self.question:
            raise ProblemError(
                f"problem {self.id!r} holds binary data, not text",
                hint="Give UTF-8 text.",
            )

    @property
    def text(self) -> str:
        """All that is told, without the options: the context, if there is one, and the question."""
        return "\n\n".join(part for part in (self.context, self.question) if part.strip())

    @property
    def digest(self) -> str:
        """Hexadecimal digits that stand for all but the id: for what is asked, not its name."""
        text = "\x1f".join([self.kind, self.question, self.context, *self.choices])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def own_seed(self, seed: int) -> int:
        """A seed of the problem's own, so that neither its place nor its neighbours matter."""
        # Twelve digits are plenty to tell the seeds of problems apart.
        digest = hashlib.sha256(f"{seed}:{self.digest[:12]}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1
