"""What a worker says of databases that are away."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.cli.work import excused
from ruleyard.settings import Settings
from ruleyard.stores.db import create_engine, transaction


async def ask(engine: AsyncEngine, sql: str) -> int:
    async with transaction(engine) as conn:
        return int((await conn.execute(text(sql))).scalar_one())


async def test_a_database_that_ends_our_session_is_no_fault_of_ours(settings: Settings) -> None:
    engine = create_engine(settings, pool_size=1)
    asked = excused(ask, -1)
    assert await asked(engine, "select 7") == 7
    assert await asked(engine, "select pg_terminate_backend(pg_backend_pid())::int") == -1
    assert await asked(engine, "select 7") == 7
    with pytest.raises(ProgrammingError):
        await asked(engine, "select nothing from nowhere")
    await engine.dispose()
