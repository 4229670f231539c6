"""A Lean 4 theorem as a value: what it states, how it is proved, and all it needs to compile."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from neurosym.formal.lean.canonical import canonical
from neurosym.formal.lean.habits import extends_syntax, refuse_old_commands, refuse_old_terms
from neurosym.formal.lean.lexer import Kind
from neurosym.formal.lean.parts import split_theorem
from neurosym.formal.lean.scopes import ScopeKind, name_parts
from neurosym.formal.lean.source import Command, Source, Span, read_source, significant
from neurosym.formal.lean.splitter import UNKNOWN
from neurosym.formal.lean.words import THEOREMS
from neurosym.messages import listed

__all__ = ["Spans", "Theorem", "read_theorem", "unproved"]

_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)+")
_SPACE = " \t\r\n"
"""What Lean takes for space; a form feed, which Python does as well, is an error there."""
_SHOWN_NAMES = 10


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the parts of a theorem stand in its source; ``None`` for one that is not there."""

    whole: Span
    name: Span | None
    binders: Span | None
    statement: Span
    proof: Span | None


@dataclass(frozen=True)
class Theorem:
    """A theorem, with or without its proof.

    Two are equal if they are printed alike, wherever they were read from.

    Attributes:
        header: The lines that import what it needs, in order.
        preamble: The commands before it, as written: what is open, options, variables, namespaces
            and sections that it stands in, and other declarations.
        keyword: ``theorem``, ``lemma`` or ``example``.
        name: Its name with the namespaces it stands in; ``None`` for an ``example``.
        universes: The universes it names itself.
        binders: What it takes, as written, such as ``(x : ℝ) (hx : 0 < x)``.
        statement: What it states, as written.
        proof: How that is proved, as written: what stands behind ``:=``, or from ``where`` or the
            first ``|`` on. ``None`` where nothing is, or ``sorry``.
        lead: What stands before its keyword: space on its line, documentation, attributes,
            modifiers, and commands that end with ``in``.
        opening: Its text from the keyword to the end of the statement.
        joint: The text between statement and proof.
        closing: The text that closes what the preamble left open.
        source: The text it was read from.
        spans: Where its parts stand there.
    """

    header: tuple[str, ...]
    preamble: str
    keyword: str
    name: str | None
    universes: tuple[str, ...]
    binders: str
    statement: str
    proof: str | None
    lead: str = field(repr=False)
    opening: str = field(repr=False)
    joint: str = field(repr=False)
    closing: str = field(repr=False)
    source: str = field(repr=False, compare=False)
    spans: Spans = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The theorem with what it needs and nothing that came after it, as a file of its own.

        The columns of its lines are those of the source. One without a proof ends in ``sorry``.
        """
        return _printed(self, self.joint, self.proof)

    @property
    def statement_only(self) -> str:
        """The file without the proof: it ends in ``:= sorry``, but for the scopes it closes."""
        return _printed(self, _JOINT, None)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides whether the proof proves the statement.

        Comments and layout do not count, as far as Lean does not read them
        (see :mod:`neurosym.formal.lean.canonical`), nor the theorem's own name.
        """
        names = name_parts(self.name or "")
        own = frozenset([self.name or "", *names[-1:]])
        behind_name = significant(self.opening)[1 if self.name is None else 2 :]
        # The proof's columns are those it has behind what stands before it.
        before = " " * len(self.lead.rpartition("\n")[2]) + self.opening + self.joint
        proof = [
            token
            for token in significant(before + (self.proof or ""))
            if token.start >= len(before)
        ]
        parts = (
            *self.header,
            canonical(significant(self.preamble)),
            canonical(significant(self.lead)),
            # A name opens the namespace it is in.
            ".".join(names[:-1]),
            canonical(behind_name),
            canonical(proof, column=len(_indent(self.lead)), own=own),
            canonical(significant(self.closing)),
        )
        return hashlib.sha256("\0\n".join(parts).encode(errors="surrogatepass")).hexdigest()

    def renamed(self, name: str) -> Theorem:
        """The theorem under another name in the same namespaces; an ``example``'s is at the root.

        Of what stands before its keyword only commands that end with ``in`` stay: attributes would
        have tactics use what nobody has proved. Its spans are those of this theorem.

        Args:
            name: The last part of the name.
        """
        tokens = significant(self.opening)
        ends = [token.end for token in significant(self.lead) if token.text == "in"]
        lead = f"{self.lead[: ends[-1]]}\n" if ends else ""
        if self.name is None:
            full, written, behind = name, f"_root_.{name}", self.opening[tokens[0].end :]
        else:
            full = ".".join([*name_parts(self.name)[:-1], name])
            written = ".".join([*name_parts(tokens[1].text)[:-1], name])
            behind = self.opening[tokens[1].end :]
        opening = f"theorem {written}{behind}"
        return replace(self, keyword="theorem", name=full, lead=lead, opening=opening)

    def with_proof(self, proof: str | None) -> Theorem:
        """The theorem with another proof, or with none; its ``source`` is then its ``text``.

        Args:
            proof: A term, ``by`` and tactics, ``where`` and fields, or cases that begin with
                ``|``. It is not changed, so lines behind its first one have to be indented.

        Raises:
            FormulaError: The text is not one proof: it begins another command, has a comment or a
                string without an end, or is Lean 3.
        """
        proof = None if proof is None else _BLANK_LINES.sub("", proof).rstrip(_SPACE) or None
        joint = _JOINT if proof is None else _joint_for(proof, self.joint)
        text = _printed(self, joint, proof)
        before = _printed_before(self)
        begin = len(before + _indent(self.lead))
        end = len(before + self.lead + self.opening + joint + (proof or "sorry"))
        # What closes the scopes must not close a comment or a string of the proof.
        _refuse_unterminated(read_source(text[:end]))
        source = read_source(text)
        theorem: Theorem | None = None
        for index, command in enumerate(source.commands):
            if begin < command.span.start < end:
                token = source.tokens[command.own]
                problem = f"the proof ends where `{token.text}` begins another command"
                raise source.error(token, problem, hint=_ONE_PROOF)
            if command.span.start == begin:
                theorem = _theorem(source, index)
        if theorem is None or theorem.statement != self.statement:
            raise source.error(None, "the proof changes what is proved", hint=_ONE_PROOF)
        return theorem


_JOINT = " := "
_ONE_PROOF = "Give one proof and nothing behind it, its lines indented and its brackets closed."


def _printed_before(theorem: Theorem) -> str:
    pieces = ["\n".join(theorem.header), theorem.preamble]
    return "".join(f"{piece}\n\n" for piece in pieces if piece)


def _printed(theorem: Theorem, joint: str, proof: str | None) -> str:
    if proof is None:
        joint, proof = _JOINT, "sorry"
    closing = f"\n{theorem.closing}\n" if theorem.closing else ""
    return f"{_printed_before(theorem)}{theorem.lead}{theorem.opening}{joint}{proof}\n{closing}"


def _indent(lead: str) -> str:
    return lead[: len(lead) - len(lead.lstrip(" "))]


def _joint_for(proof: str, joint: str) -> str:
    """What to put between a statement and a proof: what is there already, if it fits."""
    has_sign = any(token.text == ":=" for token in significant(joint))
    first = [token.text for token in significant(proof)[:1]]
    if first in (["|"], ["where"]):
        return "\n" if has_sign else joint
    return joint if has_sign else _JOINT


def read_theorem(text: str, name: str | None = None) -> Theorem:
    """Read the theorem that a Lean 4 file holds.

    What comes before it is kept as its preamble, and of what comes after it only what a ``mutual``
    block around it needs.

    Args:
        text: The file.
        name: The name of the theorem with its namespaces. Without one, the file has to hold one
            theorem, lemma or example only.

    Raises:
        FormulaError: There is no such theorem, or more than one; it has no name or states nothing;
            a comment or a string has no end; or the file is written in Lean 3. The hint says what
            to write.
    """
    source = read_source(text)
    _refuse_unterminated(source)
    refuse_old_commands(source)
    index = _selected(source, name)
    _refuse_stray(source, index)
    return _theorem(source, index)


def unproved(source: Source) -> tuple[Command, ...]:
    """The theorems of a file that have no proof, or ``sorry`` for one."""
    theorems = (command for command in source.commands if command.keyword in THEOREMS)
    return tuple(item for item in theorems if not split_theorem(source, item).proof)


def _refuse_unterminated(source: Source) -> None:
    token = source.tokens[-1] if source.tokens else None
    if token is None or token.kind is not Kind.UNTERMINATED:
        return
    what, sign = ("comment", "-/") if token.text.startswith("/-") else ("string", '"')
    if token.text.startswith("«"):
        what, sign = "name", "»"
    problem = f"the {what} that begins here has no end"
    raise source.error(token, problem, hint=f"End it with {sign}.")


def _selected(source: Source, name: str | None) -> int:
    """Index of the command that is the theorem that is asked for."""
    commands = source.commands
    theorems = [i for i, command in enumerate(commands) if command.keyword in THEOREMS]
    found = [i for i in theorems if name is None or commands[i].full_name == name]
    if len(found) == 1:
        return found[0]
    names = [commands[i].full_name or "an example" for i in theorems]
    hint = "Give one theorem, lemma or example, or the name of the one that is meant."
    if not theorems:
        problem, hint = "there is no theorem", "Write one: theorem name : statement := by …"
    elif name is None:
        problem = f"there are {len(names)} theorems: {listed(names, _SHOWN_NAMES)}"
    elif found:
        problem, hint = f"there are {len(found)} theorems `{name}`", "Give each a name of its own."
    else:
        problem = f"there is no theorem `{name}`, but {listed(names, _SHOWN_NAMES)}"
        same = [other for other in names if other.endswith(f".{name}")]
        if near := same or difflib.get_close_matches(name, names, n=1, cutoff=0.5):
            hint = f"Did you mean {near[0]}?"
    at = source.tokens[commands[(found or theorems)[-1]].head] if theorems else None
    raise source.error(at, problem, hint=hint)


def _refuse_stray(source: Source, index: int) -> None:
    """Refuse a theorem whose proof ends earlier than it looks."""
    for command in source.commands[index + 1 : index + 2]:
        if command.keyword == UNKNOWN and not extends_syntax(source):
            token = source.tokens[command.own]
            raise source.error(
                token,
                f"the theorem ends before `{token.text}`, which Lean takes for another command",
                hint="Indent every line of a proof, and write nothing but commands behind it.",
            )


def _theorem(source: Source, index: int) -> Theorem:
    command, tokens, text = source.commands[index], source.tokens, source.text
    parts = split_theorem(source, command)
    refuse_old_terms(source, command, parts)

    def span(part: range) -> Span | None:
        return Span.of(tokens[part.start : part.stop]) if part else None

    statement = Span.of(tokens[parts.statement.start : parts.statement.stop])
    spans = Spans(command.span, span(parts.name), span(parts.binders), statement, span(parts.proof))
    head = tokens[command.head].start
    behind_header = source.header[-1].span.end if source.header else 0
    joint, proof = _JOINT, None
    if spans.proof is not None:
        joint = text[statement.end : spans.proof.start]
        proof = text[spans.proof.start : spans.proof.end]
    return Theorem(
        header=tuple(line.text for line in source.header),
        preamble=_BLANK_LINES.sub("", text[behind_header : command.span.start]).rstrip(_SPACE),
        keyword=command.keyword,
        name=command.full_name,
        universes=parts.universes,
        binders=text[spans.binders.start : spans.binders.end] if spans.binders else "",
        statement=text[statement.start : statement.end],
        proof=proof,
        lead=" " * command.span.column + text[command.span.start : head],
        opening=text[head : statement.end],
        joint=joint,
        closing=_closing(source, index),
        source=text,
        spans=spans,
    )


def _closing(source: Source, index: int) -> str:
    """What closes the scopes that a command stands in, the innermost first."""
    command = source.commands[index]
    following = iter(source.commands[index + 1 :])
    end = command.span.end
    pieces: list[str] = []
    for scope in command.scope.inside_out() if command.scope else []:
        pieces.append(f"end {scope.name}".rstrip())
        if scope.kind is ScopeKind.MUTUAL:
            # The others of a mutual block are a part of what it declares.
            for other in following:
                if other.keyword == "end" and other.scope is scope:
                    pieces[-1] = source.text[end : other.span.end].strip()
                    end = other.span.end
                    break
    return "\n".join(pieces)
