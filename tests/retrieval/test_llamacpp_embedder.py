"""What the embedder on the embedded engine refuses before it loads any model."""

from __future__ import annotations

from typing import Any

import pytest

from neurosym.engines.llamacpp_embedder import LlamaCppEmbedder
from neurosym.engines.models import TEST_MODEL
from neurosym.errors import EngineError, OptionError
from neurosym.testing import FORBID_MODELS


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threads": 0}, "threads is 0"),
        ({"slots": 0}, "slots is 0"),
        ({"longest": -1}, "longest is -1"),
        ({"pooling": "max"}, "pooling is 'max'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        LlamaCppEmbedder(TEST_MODEL, **options)
    assert caught.value.hint


def test_no_model_is_loaded_where_models_are_forbidden() -> None:
    with pytest.raises(EngineError, match=FORBID_MODELS):
        LlamaCppEmbedder(TEST_MODEL)
