"""A pool for each module, and a fixture that holds after each attack that nothing is broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.backends.pool import Pool
from tests.backends.helpers import ANSWER, Sandbox

SECRET = "correct horse battery staple"
"""Something in the environment of the process that starts the pool."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One zygote with every layer of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROSYM_TEST_SECRET", SECRET)
        pool = Pool(workers=1)
        try:
            sandbox = Sandbox(pool)
            assert sandbox.answer(ANSWER) == 42
            yield sandbox
        finally:
            pool.close()


@pytest.fixture
def attacked(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The pool; afterwards the very same processes must still serve, with nothing changed.

    More programs follow than there are children waiting, so that one is forked after the attack.
    """
    before = sandbox.zygotes()
    yield sandbox
    for _ in range(4):
        assert sandbox.answer(ANSWER) == 42
    assert sandbox.zygotes() == before
