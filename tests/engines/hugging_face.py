"""The small test model as a Hugging Face folder, made from its GGUF file."""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock

from neurosym.engines import models

__all__ = ["small_model"]


def small_model() -> Path:
    """The folder, in the cache; it is made if it is not there."""
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
