"""Ending tasks for certain. Knows nothing of what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any


async def end_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel until each has ended; what they raise is dropped.

    More than once, because `asyncio.wait_for` of Python 3.11 loses a cancellation that comes at the same
    time as its result, and database and Redis clients use it inside.
    """
    ending = set(tasks)
    pending = {task for task in ending if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.5)
    for task in ending:
        if not task.cancelled():
            task.exception()  # looked at, or asyncio prints it when the task is collected
