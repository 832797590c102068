"""Tasks are ended for certain and in silence, however they had ended."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from ruleyard.endings import end_tasks


async def test_what_a_task_raised_before_it_was_ended_is_not_printed_later() -> None:
    printed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: printed.append(context))

    async def fail() -> None:
        raise ConnectionError("Redis went away")

    async def refuse_to_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionError("Redis went away meanwhile")

    tasks = [asyncio.create_task(fail()), asyncio.create_task(refuse_to_end())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await end_tasks(tasks)
    tasks.clear()
    gc.collect()
    assert printed == []
