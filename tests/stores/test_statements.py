"""What an error of our own database tells: its words and the statement, never what records and people gave to it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores.db import transaction


async def test_an_error_does_not_tell_what_the_statement_was_given(engine: AsyncEngine) -> None:
    """It goes into log lines as it is."""
    with pytest.raises(DBAPIError) as failed:
        async with transaction(engine) as conn:
            await conn.execute(text("select 1 / 0 where :phone <> ''"), {"phone": "+821012345678"})
    assert "division by zero" in str(failed.value)
    assert "821012345678" not in str(failed.value)
