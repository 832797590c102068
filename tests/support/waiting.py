"""Wait for a condition, with a deadline that says for what. The only place in the tests that sleeps."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

_PAUSE_S = 0.01
PATIENCE_S = 90.0
"""On a machine that others share: it costs nothing where what is waited for comes."""


async def until(
    predicate: Callable[[], Any] | Callable[[], Awaitable[Any]],
    *,
    what: str,
    timeout_s: float = PATIENCE_S,
    pause_s: float = _PAUSE_S,
) -> Any:
    """The first truthy answer of `predicate` (plain or async). AssertionError naming `what` when too late.

    `pause_s` between two looks: longer where a look is dear.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        answer = predicate()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s:g} s for {what}; last answer: {answer!r}")
        await asyncio.sleep(pause_s)


def until_now(predicate: Callable[[], Any], *, what: str, timeout_s: float = PATIENCE_S) -> Any:
    """`until` for tests without a loop."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s:g} s for {what}; last answer: {answer!r}")
        time.sleep(_PAUSE_S)
