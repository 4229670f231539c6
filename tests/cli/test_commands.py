"""What a person sees who types a command. No model is loaded here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from neurosym.cli.exits import Exit, exit_for
from neurosym.engines.models import KNOWN_MODELS
from neurosym.errors import (
    BackendError,
    ContextOverflowError,
    IsolationError,
    ModelCorruptError,
    NeurosymError,
    OptionError,
    ProblemError,
    RunLogError,
)

pytestmark = pytest.mark.usefixtures("own_cache")


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    found = subprocess.run(
        [sys.executable, "-m", "neurosym", *arguments], input=stdin, capture_output=True
    )
    return subprocess.CompletedProcess(
        found.args, found.returncode, found.stdout.decode(), found.stderr.decode()
    )


def test_help_names_every_command_and_is_quick() -> None:
    begin = time.monotonic()
    shown = run("--help")
    taken = time.monotonic() - begin
    assert shown.returncode == Exit.ANSWERED
    for command in ("solve", "doctor", "calibrate", "models", "version"):
        assert command in shown.stdout
    assert taken < 5, "half a second is measured in benchmarks; this only catches a model load"


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys, runpy; sys.argv = ['neurosym', '--help']\n"
        "try: runpy.run_module('neurosym', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'sympy', 'xllamacpp', 'math_verify'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    from neurosym import __version__

    assert run("version").stdout.strip() == __version__


# ------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["solve", ""], b"", "an empty question"),
        (["solve", "  \n "], b"", "an empty question"),
        (["solve", "-"], b"", "an empty question"),
        (["solve", "-"], b"\xff\xfe\x00\x01", "not UTF-8 text"),
        (["solve", "-"], b"abc\x00def", "binary data"),
        (["solve", "missing.jsonl"], b"", "missing.jsonl cannot be read"),
        (["solve", "How many?", "--samples", "0"], b"", "samples"),
        (["solve", "How many?", "--temperature", "-1"], b"", "temperature"),
        (["solve", "How many?", "--abstain-below", "2"], b"", "abstain"),
        (["solve", "How many?", "--budget-tokens", "0"], b"", "budget of tokens"),
        (["solve", "How many?", "--budget-samples", "0"], b"", "budget of samples"),
        (["solve", "How many?", "--budget-prompt-tokens", "0"], b"", "budget of prompt tokens"),
        (["solve", "How many?", "--total-completion-tokens", "0"], b"", "completion tokens"),
        (["solve", "How many?", "--budget-seconds", "-1"], b"", "budget of seconds"),
        (["solve", "How many?", "--budget-money", "1"], b"", "no prices"),
        (["solve", "How many?", "--prices", "1;2"], b"", "cannot read the prices"),
        (["solve", "How many?", "--engine", "nonesuch"], b"", "unknown engine 'nonesuch'"),
        (["solve", "How many?", "--strategy", "nonesuch"], b"", "nonesuch"),
        (["solve", "How many?", "--threads", "0"], b"", "threads"),
        (["solve", "How many?", "--nonesuch"], b"", "--nonesuch"),
        (["solve"], b"", "QUESTION"),
    ],
)
def test_what_cannot_be_used_is_named_before_a_model_is_loaded(
    arguments: list[str], stdin: bytes, said: str
) -> None:
    shown = run(*arguments, stdin=stdin)
    assert shown.returncode == Exit.BAD_INPUT
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    shown = run("solve", str(path))
    assert shown.returncode == Exit.BAD_INPUT
    assert "binary file" in shown.stderr


def test_a_model_that_is_no_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    path.write_text("no weights")
    environment = {name: value for name, value in os.environ.items() if "FORBID" not in name}
    for model, said in [
        ("nonesuch", "no model or file 'nonesuch'"),
        (str(path), "is not a GGUF file"),
        ("qwen2.5-coder-1.5b", "are not on this machine"),
    ]:
        shown = subprocess.run(
            [sys.executable, "-m", "neurosym", "solve", "How many?", "--model", model],
            capture_output=True,
            text=True,
            env=environment,
        )
        assert shown.returncode == Exit.MODEL, shown.stderr
        assert said in shown.stderr
        assert "hint: " in shown.stderr
        assert "Traceback" not in shown.stderr


def test_every_error_has_its_exit_code() -> None:
    assert exit_for(ProblemError("")) is Exit.BAD_INPUT
    assert exit_for(OptionError("")) is Exit.BAD_INPUT
    assert exit_for(ContextOverflowError("")) is Exit.MODEL
    assert exit_for(ModelCorruptError("")) is Exit.MODEL
    assert exit_for(BackendError("")) is Exit.BACKEND
    assert exit_for(IsolationError("")) is Exit.BACKEND
    assert exit_for(RunLogError("")) is Exit.RUN_LOG
    assert exit_for(NeurosymError("")) is Exit.UNEXPECTED


# ------------------------------------------------------------------- models, doctor


def test_models_list_says_what_is_here_and_how_to_get_the_rest(own_cache: Path) -> None:
    shown = run("models", "list")
    assert shown.returncode == 0
    for spec in KNOWN_MODELS.values():
        assert spec.name in shown.stdout
        assert f"{spec.size / 1e6:,.0f} MB" in shown.stdout
    assert "neurosym models pull" in " ".join(shown.stdout.split())


def test_models_path_of_missing_weights_says_how_to_get_them() -> None:
    shown = run("models", "path")
    assert shown.returncode == Exit.MODEL
    assert "neurosym models pull qwen2.5-coder-1.5b" in shown.stderr


def test_pulling_an_unknown_model_names_the_known_ones() -> None:
    shown = run("models", "pull", "nonesuch")
    assert shown.returncode == Exit.MODEL
    assert "smollm2-135m" in shown.stderr


def test_doctor_names_every_part_and_a_fix_for_what_is_missing() -> None:
    shown = run("doctor")
    assert shown.returncode == Exit.MODEL  # there are no weights in an empty cache
    for part in ("versions", "llamacpp", "python", "seccomp filter", "Landlock", "sympy", "memory"):
        assert part in shown.stdout
    assert "→ Run `neurosym models pull qwen2.5-coder-1.5b`" in shown.stdout


def test_doctor_speaks_json_and_every_fault_has_a_fix() -> None:
    findings = json.loads(run("doctor", "--json").stdout)
    assert {finding["area"] for finding in findings} == {
        "system",
        "engine",
        "model",
        "backend",
        "isolation",
    }
    for finding in findings:
        assert (finding["condition"] == "good") == (finding["fix"] == ""), finding


# ------------------------------------------------------------------- calibrate


def test_calibrating_on_what_is_no_run_says_so(tmp_path: Path) -> None:
    problems = tmp_path / "problems.jsonl"
    problems.write_text('{"question": "How many?", "answer": 1}\n')
    shown = run("calibrate", str(tmp_path / "run"), str(problems))
    assert shown.returncode == Exit.RUN_LOG
    assert "cannot be read" in shown.stderr
