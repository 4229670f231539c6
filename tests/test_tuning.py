"""Finding fast settings of an engine, and using them from then on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.named import ENGINES, read_engine
from neurosym.errors import EngineMemoryError, OptionError
from neurosym.runtime.profiles import Profile, load_profile, save_profile
from neurosym.testing import ScriptedEngine
from neurosym.tuning import End, Trial, space_of, tune

SPACE = {"slots": (1, 2, 4, 8), "context": (100, 200)}
WORDS = "word " * 40
SPEC = read_engine("llamacpp", model="smollm2-135m")
started: list[Mapping[str, Any]] = []


class Timed(ScriptedEngine):
    """Takes so long for a request; with several at once, as many times that."""

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        drawn = await super().sample(prompt, params)
        await asyncio.sleep(self.seconds)
        return drawn


def start(values: Mapping[str, Any]) -> Engine:
    """Four slots are the best, two thirds faster than one; eight do not fit the large context."""
    started.append(values)
    if values["slots"] == 8 and values["context"] == 200:
        raise EngineMemoryError("8 slots do not fit", hint="Take fewer.")
    seconds = {1: 0.05, 2: 0.04, 4: 0.02, 8: 0.06}[values["slots"]]
    return Timed([WORDS], seconds=seconds * (1.2 if values["context"] == 200 else 1.0))


def test_the_fastest_settings_are_found() -> None:
    seen: list[Trial] = []
    tuned = tune(SPEC, seconds=30, trial_seconds=0.2, space=SPACE, start=start, watch=seen.append)
    assert tuned.profile.values == {"slots": 4, "context": 100}
    assert tuned.profile.tokens_per_second > 1.3 * tuned.profile.usual_tokens_per_second
    assert tuned.trials[0].values == {"slots": 1, "context": 100}
    assert tuned.trials[0].end is End.MEASURED
    assert list(tuned.trials) == seen
    assert len({json.dumps(trial.values) for trial in seen}) == len(seen) == 8, (
        "all, and none twice"
    )
    [failed] = [trial for trial in seen if trial.end is End.FAILED]
    assert failed.values == {"slots": 8, "context": 200}
    assert "do not fit" in failed.detail
    assert any(trial.end is End.STOPPED for trial in seen), "slow ones are not measured to the end"


def test_no_trial_begins_after_the_time() -> None:
    tuned = tune(SPEC, seconds=0, trial_seconds=0.1, space=SPACE, start=start)
    assert len(tuned.trials) == 1
    assert tuned.profile.values == {"slots": 1, "context": 100}
    assert tuned.profile.tokens_per_second == tuned.profile.usual_tokens_per_second


@pytest.mark.parametrize("engine", ["llamacpp", "vllm", "transformers", "openai"])
def test_what_is_tried_are_settings_that_the_engine_has(engine: str) -> None:
    spec = read_engine(engine, model="m")
    for name, values in space_of(spec).items():
        assert len(set(values)) == len(values) > 0
        assert name == "threads" or values[0] == ENGINES[engine].usual[name]
        for value in values:
            spec.with_values({name: value})


def test_what_is_given_with_an_engine_stays_as_it_is() -> None:
    spec = read_engine("openai(base_url='http://localhost:1/v1')")
    assert list(space_of(spec)) == ["parallel"]
    assert "slots" not in space_of(read_engine("llamacpp(slots=7)"))
    with pytest.raises(OptionError, match="nothing to tune"):
        space_of(read_engine("openai(parallel=7)"))


def test_what_was_found_is_kept_where_somebody_interrupts() -> None:
    def interrupted(values: Mapping[str, Any]) -> Engine:
        if values["slots"] > 1:
            raise KeyboardInterrupt
        return start(values)

    tuned = tune(SPEC, seconds=30, trial_seconds=0.1, space=SPACE, start=interrupted)
    assert tuned.profile.values["slots"] == 1


def test_an_engine_that_has_nothing_to_tune() -> None:
    with pytest.raises(OptionError, match="nothing to tune") as caught:
        tune(read_engine("replay", model="file"), seconds=1)
    assert "llamacpp" in caught.value.hint


PROFILE = Profile("llamacpp", SPEC.apart, {"slots": 3, "context": 1024}, 20.0, 10.0)


def test_a_profile_is_of_an_engine_and_a_model(own_cache: Path) -> None:
    path = save_profile(PROFILE)
    assert path.is_relative_to(own_cache)
    assert load_profile("llamacpp", SPEC.apart) == PROFILE
    for other in ("llamacpp", "llamacpp(model=another)", "openai(base_url='http://h/v1')"):
        spec = read_engine(other)
        assert load_profile(spec.name, spec.apart) is None
    again = read_engine("llamacpp(slots=9)", model="smollm2-135m", threads=1)
    assert load_profile("llamacpp", again.apart) == PROFILE, "what is tuned does not matter"
    save_profile(replace(PROFILE, values={"slots": 4}))
    assert load_profile("llamacpp", SPEC.apart) == replace(PROFILE, values={"slots": 4})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 99}',
        '{"format": 1, "engine": "llamacpp"}',
        '{"format": 1, "values": null}',
    ],
)
def test_a_damaged_profile_is_passed_over_with_a_warning(
    own_cache: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    save_profile(PROFILE).write_text(text)
    assert load_profile("llamacpp", SPEC.apart) is None
    assert "neurosym tune" in caplog.text


class Noted:
    """Stands for an engine, and notes what it is made with."""

    made: ClassVar[list[dict[str, Any]]] = []

    def __init__(
        self, model: str = "usual", *, slots: int = 16, context: int = 5, threads: int | None = None
    ) -> None:
        if slots < 1:
            raise OptionError(f"slots is {slots}", hint="Give one.")
        self.made.append({"model": model, "slots": slots, "context": context, "threads": threads})


def test_an_engine_begins_with_what_was_found_unless_something_else_is_said(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save_profile(PROFILE)
    monkeypatch.setattr("neurosym.engines.llamacpp.LlamaCppEngine", Noted)
    Noted.made.clear()
    read_engine("llamacpp", model="smollm2-135m").start()
    read_engine("llamacpp(slots=7)", model="smollm2-135m", threads=1).start()
    read_engine("llamacpp", model="other").start()
    for values in ({"nonesuch": 4}, {"threads": 2, "model": "mine"}, {"slots": -3}):
        save_profile(replace(PROFILE, values=values))
        read_engine("llamacpp", model="smollm2-135m").start()
    assert [(item["slots"], item["context"]) for item in Noted.made] == [
        (3, 1024), (7, 1024), (16, 5), (16, 5), (16, 5), (16, 5)
    ]  # fmt: skip
    assert {item["model"] for item in Noted.made} == {"smollm2-135m", "other"}
    assert caplog.text.count("of another version") == 3
    with pytest.raises(OptionError):
        read_engine("llamacpp(slots=-1)", model="smollm2-135m").start()


def test_a_server_that_the_environment_names_has_a_profile_of_its_own(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = read_engine("openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://one:1/v1?key=hidden")
    path = save_profile(Profile("openai", spec.apart, {"parallel": 8}, 2.0, 1.0))
    assert load_profile("openai", spec.apart) is not None
    assert "hidden" not in path.read_text()
    same = read_engine("openai(base_url='http://one:1/v1')")
    assert load_profile("openai", same.apart) is not None
    monkeypatch.setenv("OPENAI_BASE_URL", "http://two:1/v1")
    assert load_profile("openai", spec.apart) is None


def test_a_profile_is_found_whatever_else_is_said_that_is_not_about_speed(own_cache: Path) -> None:
    spec = read_engine("openai(base_url='http://one:1/v1')", model="m")
    save_profile(Profile("openai", spec.apart, {"parallel": 8}, 2.0, 1.0))
    more = "timeout=30, retries=0, key_variable=MINE"
    same = read_engine(f"openai(base_url='http://one:1/v1/', {more})", model="m")
    assert load_profile("openai", same.apart) is not None
    for other in ("per_minute=9", "api=completions"):
        spec = read_engine(f"openai(base_url='http://one:1/v1', {other})", model="m")
        assert load_profile("openai", spec.apart) is None


def test_a_model_is_known_by_its_files_and_not_by_where_they_are(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"GGUF weights")
    apart = read_engine("llamacpp", model=weights).apart
    folder = weights.rename(tmp_path / "model.safetensors").parent
    in_folder = read_engine("vllm", model=folder).apart["model"]
    monkeypatch.chdir(folder)
    assert read_engine("llamacpp", model="model.safetensors").apart == apart
    assert read_engine("vllm", model=".").apart["model"] == in_folder
    assert read_engine("vllm(lora='.')", model=".").apart["lora"] == in_folder
    (folder / "model.safetensors").write_bytes(b"GGUF other weights")
    assert read_engine("llamacpp", model="model.safetensors").apart != apart
    assert read_engine("vllm", model=".").apart["model"] != in_folder


@pytest.mark.parametrize("model", ["owner/name", "no/such.gguf", "x" * 5000, "a\0b", "empty"])
def test_what_holds_no_weights_is_known_by_its_name(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_engine("vllm", model=model).apart["model"] == model


@pytest.mark.real_model
def test_the_command(own_cache: Path) -> None:
    from neurosym.engines import models

    weights = models.pull(models.TEST_MODEL)
    command = [sys.executable, "-m", "neurosym", "tune", "--model", str(weights), "--seconds", "0",
               "--trial-seconds", "1"]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "slots=16, context=20480" in shown
    assert "1.00 times the usual settings" in shown
    [profile] = (own_cache / "profiles").iterdir()
    assert str(profile) in shown
