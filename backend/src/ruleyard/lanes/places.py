"""How many lanes of one log a process reads at once: each holds a line to our database while the log is asked.

A log that falls silent must not take the lines from the others. Knows nothing of what a lane does in its place.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ruleyard.core.types import LogId
from ruleyard.stores.db import POOL_SIZE

AT_ONCE: Final = POOL_SIZE * 6 // 10


class Places:
    def __init__(self) -> None:
        self._free: defaultdict[LogId, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self._silent: set[LogId] = set()
        self._asking: set[LogId] = set()

    @asynccontextmanager
    async def place(self, log_id: LogId) -> AsyncIterator[bool]:
        """Waits for one. False: the log does not answer and somebody asks it already; it is left for the next bell."""
        async with self._free[log_id]:
            silent = log_id in self._silent
            if silent and log_id in self._asking:
                yield False
                return
            if silent:
                self._asking.add(log_id)
            try:
                yield True
            finally:
                if silent:
                    self._asking.discard(log_id)

    def failed(self, log_id: LogId) -> None:
        """From now on one lane asks at a time, until the log answers."""
        self._silent.add(log_id)

    def answered(self, log_id: LogId) -> None:
        self._silent.discard(log_id)
