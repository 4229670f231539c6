"""What the tests of engines need that run models of Hugging Face's kind."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from neurosym.engines import models

__all__ = ["MUST_BE_THERE", "needs", "small_model"]

MUST_BE_THERE = "NEUROSYM_TEST_VLLM"
"""Environment variable under which tests fail, and are not skipped, where a package is missing."""


def needs(package: str) -> None:
    """Skip the module that asks where a package is not installed; see ``MUST_BE_THERE``."""
    if os.environ.get(MUST_BE_THERE):
        importlib.import_module(package)
    else:
        where = "tools/make_vllm_venv.py"
        pytest.importorskip(package, reason=f"{package} is not installed; see {where}")


def small_model() -> Path:
    """The small test model as a folder in the cache, made from its GGUF file if it is not there."""
    weights = models.pull(models.TEST_MODEL)
    folder = weights.parent / "smollm2-135m-folder"
    with FileLock(f"{folder}.lock"):
        if not (folder / "config.json").exists():
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            where = {"pretrained_model_name_or_path": weights.parent, "gguf_file": weights.name}
            model = AutoModelForCausalLM.from_pretrained(
                **where, quantization_config=GgufConfig(dequantize=True), dtype=torch.float32
            )
            model.save_pretrained(making)
            AutoTokenizer.from_pretrained(**where).save_pretrained(making)
            making.rename(folder)
    return folder
