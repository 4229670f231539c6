"""Tests that need a package are skipped without it, but not where it was installed for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.hugging_face import MUST_BE_THERE, needs


def test_without_a_package_its_tests_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MUST_BE_THERE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="nonesuch is not installed"):
        needs("nonesuch")


def test_make_test_vllm_fails_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MUST_BE_THERE, "1")
    with pytest.raises(ModuleNotFoundError, match="nonesuch"):
        needs("nonesuch")
    makefile = Path(__file__).parents[2] / "Makefile"
    _, recipe = makefile.read_text().split("\ntest-vllm:")
    assert f"{MUST_BE_THERE}=1" in recipe.split("\n\n")[0]
