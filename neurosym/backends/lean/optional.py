"""What the ways to Lean through other people's packages have in common.

Those start Lean with all rights of whoever runs them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from neurosym.errors import BackendError, IsolationError

__all__ = ["killed_after", "optional_package", "refuse_unless_unsafe"]


def optional_package(module: str, requirement: str) -> Any:
    """A module of a package that may not be installed.

    Args:
        module: Its name.
        requirement: The package as ``pip`` knows it.

    Raises:
        BackendError: It is not installed, or cannot be loaded.
    """
    hint = f'Install it: pip install "{requirement}"'
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise BackendError(f"{module} is not installed: {error}", hint=hint) from error
    except Exception as error:  # it looks for programs of its own while it is loaded
        message = f"{module} cannot be loaded: {type(error).__name__}: {error}"
        raise BackendError(message, hint=f"{hint}, with what it needs.") from error


def refuse_unless_unsafe(name: str, *, unsafe: bool) -> None:
    """Refuse to start a Lean that nothing isolates, unless that is wanted.

    Args:
        name: What starts it.
        unsafe: Whether it is wanted.

    Raises:
        IsolationError: It is not.
    """
    if not unsafe:
        raise IsolationError(
            f"{name} runs Lean with your rights, and a Lean file can run any code",
            hint="Use the REPL's own driver, which is isolated, or accept the risk with unsafe.",
        )


@contextmanager
def killed_after(seconds: float, kill: Callable[[], object]) -> Iterator[None]:
    """Have something killed if the block is not done in time, whatever it waits for."""
    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
