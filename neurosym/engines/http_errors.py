"""Errors of OpenAI's client, translated."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2
import openai

from neurosym.engines.api_keys import masked
from neurosym.errors import ContextOverflowError, EngineError, ModelNotFoundError, UnavailableError

__all__ = ["translated"]

_LONGEST = 300
"""Characters of what a server says that are worth telling."""


def translated(
    error: Exception, where: str, key_variable: str, key: str
) -> EngineError | ModelNotFoundError:
    """What an error of the client means. The key is never in it, whatever a server says.

    Args:
        error: The client's, or of what it is made of.
        where: The server's address, without secrets.
        key_variable: The environment variable that the key was taken from.
        key: The key; empty if there is none.
    """
    found = _meaning(error, where, key_variable, key)
    if isinstance(found, UnavailableError) and isinstance(error, openai.APIStatusError):
        found.after = _asked_pause(error.response.headers)
    return found


def _meaning(
    error: Exception, where: str, key_variable: str, key: str
) -> EngineError | ModelNotFoundError:
    said = " ".join(masked(str(getattr(error, "message", error)), key).split())[:_LONGEST]
    told = f"{where}: {said}"
    match error:
        case openai.APITimeoutError() | TimeoutError():
            return UnavailableError(
                f"{where} did not answer in time", hint="Try again, or allow more with timeout."
            )
        case openai.APIConnectionError() | httpx2.TransportError():
            why = masked(str(error.__cause__ or said), key)
            return UnavailableError(
                f"{where} cannot be reached: {why}",
                hint="Start the server, or give its address with base_url or OPENAI_BASE_URL.",
            )
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return EngineError(
                f"{where} refuses the key", hint=f"Put a valid one into {key_variable}."
            )
        case openai.NotFoundError():
            return ModelNotFoundError(told, hint="Check the address and the model's name.")
        case openai.RateLimitError() | openai.InternalServerError() | openai.ConflictError():
            return UnavailableError(
                told, hint="Try again later, or ask less at once with parallel or per_minute."
            )
        case openai.BadRequestError() | openai.UnprocessableEntityError() if _overflows(error):
            return ContextOverflowError(
                told, hint="Shorten the question, or serve the model with a larger context."
            )
    if isinstance(error, openai.APIStatusError) and error.status_code == HTTPStatus.REQUEST_TIMEOUT:
        return UnavailableError(told, hint="Try again.")
    if type(error) is openai.APIError:  # what a server says in the middle of an answer
        return UnavailableError(told, hint="Try again.")
    hint = "Check the prompt's grammar or schema." if "grammar" in said.lower() else ""
    return EngineError(told, hint=hint)


def _asked_pause(headers: httpx2.Headers) -> float | None:
    """Seconds that a server asks to wait, by the header ``Retry-After``: a number or a date."""
    said = headers.get("retry-after")
    if said is None:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _overflows(error: openai.APIStatusError) -> bool:
    """Whether a server refuses a request as too long; each kind says so in other words."""
    said = f"{error.code} {error.type} {error.message}".lower()
    return "context_length" in said or "context_size" in said or (
        "context" in said and any(word in said for word in ("length", "size", "exceed", "longer"))
    )  # fmt: skip
