"""Premises from a Lean environment: everything that a project's modules declare.

The dump is a JSONL file. It has a line for each module and one for each declaration::

    {"module": "Mathlib.Order.Basic", "imports": ["Init", "Mathlib.Order.Defs"]}
    {"name": "le_of_eq'", "type": "b = a → a ≤ b", "module": "Mathlib.Order.Basic",
     "kind": "theorem", "line": 60, "last_line": 61}

``kind``, ``line`` and ``last_line`` may be missing. Lines may come in any order.
:data:`DUMP_PROGRAM` makes such a file.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from neurosym.backends.lean.messages import Position
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from neurosym.retrieval.records import Record, read_lines

__all__ = ["DUMP_PROGRAM", "read_environment"]

DUMP_PROGRAM = """\
-- Writes `premises.jsonl`. Put this file into a project that has been built, let it import the
-- modules to dump in the place of Mathlib, and run `lake env lean Dump.lean`.
import Lean
import Mathlib

open Lean Meta

def kindOf : ConstantInfo → String
  | .axiomInfo _ => "axiom"
  | .defnInfo _ => "def"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quotient"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"

def describe (home : Name) (info : ConstantInfo) : MetaM Json := do
  let type ← ppExpr info.type
  let place : List (String × Json) := match ← findDeclarationRanges? info.name with
    | some found =>
      [("line", toJson found.range.pos.line), ("last_line", toJson found.range.endPos.line)]
    | none => []
  return Json.mkObj <| [
    ("name", toJson info.name.toString), ("type", toJson type.pretty),
    ("module", toJson home.toString), ("kind", toJson (kindOf info))] ++ place

set_option maxHeartbeats 0 in
run_meta do
  let env ← getEnv
  let file ← IO.FS.Handle.mk "premises.jsonl" .write
  for home in env.header.moduleNames, data in env.header.moduleData do
    let imports := data.imports.map fun one => one.module.toString
    file.putStrLn <| Json.compress <|
      Json.mkObj [("module", toJson home.toString), ("imports", toJson imports)]
    for info in data.constants do
      let hidden := info.name.isInternalDetail || isPrivateName info.name
      unless hidden || (info matches .recInfo _) do
        file.putStrLn (← describe home info).compress
"""
"""A Lean 4 program that dumps what it imports; it needs a whole toolchain and the built project."""


def read_environment(path: Path) -> Corpus:
    """Read a dump. A file of the corpus is called what its module is.

    Where a dump tells no last line of a declaration, it is taken to end on its first one.

    Raises:
        InputError: The file cannot be read, a line is none of a dump or of a module that the dump
            has not, or see :class:`neurosym.retrieval.premises.Corpus`.
    """
    modules: list[tuple[str, tuple[str, ...]]] = []
    declarations: defaultdict[str, list[Premise]] = defaultdict(list)
    first: dict[str, Record] = {}
    for record in read_lines(path):
        module = record.text("module")
        if "imports" in record.data:
            modules.append((module, record.texts("imports")))
        else:
            declarations[module].append(_premise(record, module))
            first.setdefault(module, record)
    told = dict(modules)
    for module, record in first.items():
        if module not in told:
            raise record.fault(f"no line tells what the module {module} imports")
    return Corpus(
        SourceFile(module, module, imports, tuple(declarations[module]))
        for module, imports in modules
    )


def _premise(record: Record, module: str) -> Premise:
    line = record.number("line")
    last = record.number("last_line") or line
    start = end = None
    if line is not None and last is not None:
        if last < line:
            raise record.fault("it ends before it begins")
        # Columns aren't told: what begins on the line where it ends is not taken to be behind it.
        start, end = Position(line, 0), Position(last + 1, 0)
    return Premise(
        record.text("name"), record.text("type"), module, start, end, record.text("kind", "")
    )
