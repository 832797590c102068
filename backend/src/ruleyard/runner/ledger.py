"""Writes the progress of many runs together: one statement and one commit for all that is ready.

While one write is under way, whatever else becomes ready waits for the next; nobody waits for a timer. While our
database is away the write is tried again: what was done must not be forgotten over a restart. Written twice is no
harm, for the attempt number fences it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import RunId
from ruleyard.stores.db import AWAY, of_the_data, passing, transaction
from ruleyard.stores.steps import Progress, record

log = logging.getLogger(__name__)

TOGETHER: Final = 64
PATIENCE_S: Final = 60.0
"""So long a write is tried again. Our lease may end meanwhile: then the fence keeps it out."""


class Ledger:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._ready: list[tuple[Progress, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, progress: Progress) -> bool:
        """Committed when it returns. False: the run is not ours any more and nothing was written."""
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._ready.append((progress, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await written

    async def _write_all(self) -> None:
        try:
            while self._ready:
                batch, self._ready = self._ready[:TOGETHER], self._ready[TOGETHER:]
                await self._write(batch)
        finally:
            self._writing = None

    async def _write(self, batch: list[tuple[Progress, asyncio.Future[bool]]]) -> None:
        try:
            ours = await self._recorded([progress for progress, _ in batch])
        except DBAPIError as error:
            if len(batch) == 1 or not of_the_data(error):
                return _fail(batch, error)
            for one in batch:
                await self._write([one])
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            for progress, written in batch:
                if not written.done():
                    written.set_result(progress.run_id in ours)

    async def _recorded(self, progress: list[Progress]) -> set[RunId]:
        began, failures = time.monotonic(), 0
        while True:
            try:
                async with transaction(self._engine) as conn:
                    return await record(conn, progress)
            except AWAY as error:
                if not passing(error) or time.monotonic() - began > PATIENCE_S:
                    raise
                if failures == 0:
                    log.warning("progress cannot be written, trying again: %s", error)
                failures += 1
            await asyncio.sleep(min(1.0, 0.05 * 2**failures) * (0.5 + random.random() / 2))  # noqa: S311


def _fail(batch: list[tuple[Progress, asyncio.Future[bool]]], error: BaseException) -> None:
    for _, written in batch:
        if not written.done():
            written.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
