"""Prompts as tokens of a Hugging Face model."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from neurosym.candidate import Prompt
from neurosym.engines.base import check_length, turns, whole
from neurosym.engines.models import file_digest
from neurosym.errors import EngineError, ModelNotFoundError

__all__ = ["ChatTokens", "find_folder", "folder_digest"]

_FILES = ("*.json", "*.jinja", "*.model", "*.safetensors", "*.bin")
"""Configuration, chat template, tokenizer and weights."""
_WEIGHTS = (".safetensors", ".bin")


class ChatTokens:
    """Turns prompts into tokens, by the chat template of a model.

    A model without one gets the messages with blank lines between them.

    Args:
        tokenizer: The model's tokenizer, of the package ``transformers``.
        longest: Tokens that a prompt and its answer may have together.
    """

    def __init__(self, tokenizer: Any, longest: int) -> None:
        self._tokenizer = tokenizer
        self._longest = longest

    def of(self, prompt: Prompt, max_tokens: int = 0) -> list[int]:
        """The tokens of a prompt, with the beginning of its answer.

        Args:
            prompt: The prompt.
            max_tokens: Most tokens of the answer.

        Raises:
            ContextOverflowError: Prompt and answer are too long for the model.
            EngineError: The template does not take such a chat.
        """
        text = whole(self._render(prompt) + prompt.prefix)
        # A template writes the special tokens itself.
        is_plain = not self._tokenizer.chat_template
        tokens: list[int] = self._tokenizer.encode(text, add_special_tokens=is_plain)
        check_length(len(tokens), max_tokens, self._longest)
        return tokens

    def _render(self, prompt: Prompt) -> str:
        if not self._tokenizer.chat_template:
            return "\n\n".join([*(message.content for message in prompt.messages), ""])
        try:
            text: str = self._tokenizer.apply_chat_template(
                turns(prompt), tokenize=False, add_generation_prompt=True
            )
        except Exception as error:  # a template is a program of the model's author
            raise EngineError(
                f"the model's chat template refuses the prompt: {error}",
                hint="Use another model, or one with another template.",
            ) from error
        return text


def find_folder(model: str) -> Path:
    """The folder of a model: its path, or that of a model of the hub, which is fetched if need be.

    Raises:
        ModelNotFoundError: There is no such model, or the hub cannot be reached.
    """
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelNotFoundError(
            f"there is no model {model!r}: {str(error).splitlines()[0]}",
            hint="Name a folder with its files, or a model of the hub.",
        ) from error


def folder_digest(*folders: Path) -> str:
    """SHA-256 of all that makes a model and its adapters, file by file.

    Raises:
        ModelNotFoundError: There are no weights in one of them.
        ModelCorruptError: A file cannot be read.
    """
    told = ""
    for folder in folders:
        files = sorted(path for pattern in _FILES for path in folder.glob(pattern))
        if not any(path.suffix in _WEIGHTS for path in files):
            raise ModelNotFoundError(
                f"{folder} holds no weights (.safetensors or .bin)",
                hint="Name the folder of a model, with all its files.",
            )
        told += "".join(f"{path.name} {file_digest(path)}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()
