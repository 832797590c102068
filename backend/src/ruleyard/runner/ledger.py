"""Writes the progress of many runs together: one statement and one commit for all that is ready.

While one write is under way, whatever else becomes ready waits for the next; nobody waits for a timer.
"""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores.db import transaction
from ruleyard.stores.steps import Progress, record

TOGETHER = 64


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
            async with transaction(self._engine) as conn:
                ours = await record(conn, [progress for progress, _ in batch])
        except DBAPIError as error:
            if len(batch) > 1 and isinstance(error, DataError):
                for one in batch:
                    await self._write([one])
                return
            _fail(batch, error)
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            for progress, written in batch:
                if not written.done():
                    written.set_result(progress.run_id in ours)


def _fail(batch: list[tuple[Progress, asyncio.Future[bool]]], error: BaseException) -> None:
    for _, written in batch:
        if not written.done():
            written.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
