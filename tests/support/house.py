"""Listen and work in this very process, for tests of the whole way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ruleyard.cli.work import work
from ruleyard.intake.listener import listen
from ruleyard.settings import Settings


@asynccontextmanager
async def running(settings: Settings, *, workers: int = 1) -> AsyncIterator[None]:
    """A listener and workers for the length of the block. What ends them early is raised at its end."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(listen(settings, stop=stop), name="listen")]
    tasks += [asyncio.create_task(work(settings, stop=stop), name=f"work-{n}") for n in range(workers)]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await asyncio.gather(*tasks)
