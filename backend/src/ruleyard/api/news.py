"""When each watched table changed last, and how often in a day, as a process remembers it.

The first look at a log reads a day of it (and the rest once, for tables that were quiet); later ones read only what
has come since. Must not know what an event means.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from ruleyard.core.types import ConnectionId
from ruleyard.stores.events import TableNews

DAY: Final = timedelta(hours=24)
AGAIN: Final = timedelta(minutes=10)
"""How often quiet tables are looked for in the whole log."""


class _Book:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.last_id = 0
        self.last: dict[str, datetime] = {}
        self.hours: dict[tuple[str, datetime], int] = {}
        self.quiet_at: datetime | None = None


_SINCE: Final = """
select table_name, date_trunc('hour', at) as hour, count(*) as events, max(at) as last, max(id) as last_id
from ruleyard.event where id > $1 and at > $2 group by 1, 2
"""
_WHOLE: Final = "select table_name, max(at) as last from ruleyard.event group by 1"


class News:
    """One per process."""

    def __init__(self) -> None:
        self._books: dict[ConnectionId, _Book] = {}

    async def of(self, at: ConnectionId, pool: asyncpg.Pool, watched: set[str]) -> dict[str, TableNews]:
        """By table; {} where nothing is watched."""
        if not await pool.fetchval("select to_regclass('ruleyard.event') is not null"):
            self._books.pop(at, None)
            return {}
        book = self._books.setdefault(at, _Book())
        async with book.lock:
            now = datetime.now(UTC)
            newest = await pool.fetchval("select last_value from ruleyard.event_id")
            if newest < book.last_id:
                book = self._books[at] = _Book()
            await self._read(book, pool, now)
            if watched - book.last.keys() and (book.quiet_at is None or now - book.quiet_at > AGAIN):
                for row in await pool.fetch(_WHOLE):
                    book.last[row["table_name"]] = max(
                        row["last"], book.last.get(row["table_name"], row["last"])
                    )
                book.quiet_at = now
            return {table: _news(book, table, last) for table, last in book.last.items()}

    async def _read(self, book: _Book, pool: asyncpg.Pool, now: datetime) -> None:
        since = now - DAY
        for row in await pool.fetch(_SINCE, book.last_id, since):
            table = row["table_name"]
            book.last[table] = max(row["last"], book.last.get(table, row["last"]))
            book.hours[table, row["hour"]] = book.hours.get((table, row["hour"]), 0) + row["events"]
            book.last_id = max(book.last_id, row["last_id"])
        for key in [key for key in book.hours if key[1] < since - timedelta(hours=1)]:
            del book.hours[key]


def _news(book: _Book, table: str, last: datetime) -> TableNews:
    events = sum(count for (name, _), count in book.hours.items() if name == table)
    return TableNews(table, last.isoformat(), events)
