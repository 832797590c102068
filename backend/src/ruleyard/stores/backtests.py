"""Back-tests as rows: asked for, taken by one worker at a time (lease), counted page by page, listed by kind.

Knows the tables `app.backtest` and `app.backtest_match`; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.backtest import Match, MatchKind, Tally
from ruleyard.core.errors import NotFound
from ruleyard.core.types import AccountId, EventId, JSONObject, LogId, RuleId

LEASE_S: Final = 15
KEPT_DAYS: Final = 7
COUNTED: Final = 1_000_000
"""So many events are counted at most where fewer are judged; `total` is one more where there are more."""

BacktestState = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class NewBacktest(msgspec.Struct, frozen=True):
    """`other_words` names what it is compared with, or why there is nothing."""

    rule_id: RuleId | None
    document: JSONObject
    other_document: JSONObject | None
    other_words: str
    log: LogId
    table: str
    ops: tuple[str, ...]
    from_at: datetime
    to_at: datetime
    most: int


class BacktestRow(msgspec.Struct, frozen=True):
    id: int
    rule_id: RuleId | None
    document: JSONObject
    other_document: JSONObject | None
    other_words: str
    log: LogId
    table_name: str
    ops: tuple[str, ...]
    from_at: datetime
    to_at: datetime
    most: int
    state: BacktestState
    total: int | None
    history_since: datetime | None
    below_id: int | None
    tally: Tally
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def _row(row: Row[Any]) -> BacktestRow:
    return msgspec.convert(dict(row._mapping), BacktestRow)


async def open_backtest(conn: AsyncConnection, new: NewBacktest, by: AccountId | None) -> int:
    """Queued; ring its bell after the commit. Forgets those of last week."""
    await conn.execute(
        text("delete from app.backtest where created_at < now() - make_interval(days => :days)"),
        {"days": KEPT_DAYS},
    )
    made = await conn.execute(
        text("""
            insert into app.backtest (rule_id, document, other_document, other_words, log, table_name, ops,
              from_at, to_at, most, created_by)
            values (:rule_id, cast(cast(:document as text) as jsonb), cast(cast(:other_document as text) as jsonb),
              :other_words, :log, :table, :ops, :from_at, :to_at, :most, :by)
            returning id
        """),
        msgspec.structs.asdict(new)
        | {
            "document": msgspec.json.encode(new.document).decode(),
            "other_document": new.other_document and msgspec.json.encode(new.other_document).decode(),
            "ops": list(new.ops),
            "by": by,
        },
    )
    return int(made.scalar_one())


async def backtest(conn: AsyncConnection, backtest_id: int) -> BacktestRow:
    found = await conn.execute(text("select * from app.backtest where id = :id"), {"id": backtest_id})
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"There is no back-test {backtest_id}. They are kept for {KEPT_DAYS} days.")
    return _row(row)


async def list_backtests(
    conn: AsyncConnection, rule_id: RuleId, *, before: int | None, limit: int
) -> list[BacktestRow]:
    """A rule's, newest first."""
    rows = await conn.execute(
        text("""
            select * from app.backtest
            where rule_id = :rule_id and (cast(:before as bigint) is null or id < :before)
            order by id desc limit :limit
        """),
        {"rule_id": rule_id, "before": before, "limit": limit},
    )
    return [_row(row) for row in rows]


async def due_backtests(conn: AsyncConnection) -> list[int]:
    """Those that no worker has."""
    rows = await conn.execute(
        text("""
            select id from app.backtest
            where state in ('queued', 'running') and (lease_until is null or lease_until < now()) order by id
        """)
    )
    return [row.id for row in rows]


async def take_backtest(conn: AsyncConnection, backtest_id: int, worker: str) -> BacktestRow | None:
    """Ours for LEASE_S seconds. None where it is over or somebody else has it."""
    found = await conn.execute(
        text("""
            update app.backtest set state = 'running', leased_by = :worker,
              lease_until = now() + make_interval(secs => :lease), started_at = coalesce(started_at, now())
            where id = :id and state in ('queued', 'running') and (lease_until is null or lease_until < now())
            returning *
        """),
        {"id": backtest_id, "worker": worker, "lease": LEASE_S},
    )
    row = found.one_or_none()
    return None if row is None else _row(row)


async def set_extent(
    conn: AsyncConnection, backtest_id: int, *, total: int, history_since: datetime | None
) -> None:
    await conn.execute(
        text("update app.backtest set total = :total, history_since = :since where id = :id"),
        {"id": backtest_id, "total": total, "since": history_since},
    )


async def save_page(
    conn: AsyncConnection,
    backtest_id: int,
    worker: str,
    *,
    below_id: int,
    tally: Tally,
    matches: Sequence[Match],
    over: bool,
) -> bool:
    """One page's counts and matches. False where it was cancelled or taken over: nothing was written, stop."""
    held = await conn.execute(
        text("""
            update app.backtest set below_id = :below, tally = cast(cast(:tally as text) as jsonb),
              lease_until = now() + make_interval(secs => :lease),
              state = case when :over then 'succeeded' else state end,
              finished_at = case when :over then now() end
            where id = :id and state = 'running' and leased_by = :worker
        """),
        {
            "id": backtest_id,
            "worker": worker,
            "below": below_id,
            "tally": msgspec.json.encode(tally).decode(),
            "lease": LEASE_S,
            "over": over,
        },
    )
    if held.rowcount != 1:
        return False
    if matches:
        await conn.execute(
            text("""
                insert into app.backtest_match (backtest_id, event_id, at, record_key, fired, was, nearly, path, words)
                values (:id, :event_id, :at, :record_key, :fired, :was, :nearly, :path, :words)
            """),
            [
                msgspec.structs.asdict(match) | {"id": backtest_id, "at": datetime.fromisoformat(match.at)}
                for match in matches
            ],
        )
    return True


async def fail_backtest(conn: AsyncConnection, backtest_id: int, worker: str, error: str) -> None:
    await conn.execute(
        text("""
            update app.backtest set state = 'failed', error = :error, finished_at = now()
            where id = :id and state = 'running' and leased_by = :worker
        """),
        {"id": backtest_id, "worker": worker, "error": error},
    )


async def cancel_backtest(conn: AsyncConnection, backtest_id: int) -> bool:
    """False where it was over. The worker notices at its next page."""
    done = await conn.execute(
        text("""
            update app.backtest set state = 'cancelled', finished_at = now()
            where id = :id and state in ('queued', 'running')
        """),
        {"id": backtest_id},
    )
    return done.rowcount == 1


_WHERE: Final[dict[MatchKind, str]] = {
    "fired": "fired",
    "new": "fired and was = false",
    "lost": "not fired and was",
    "nearly": "nearly",
    "rest": "not fired",
}


async def list_matches(
    conn: AsyncConnection, backtest_id: int, kind: MatchKind, *, before: int | None, limit: int
) -> list[Match]:
    """Newest first."""
    rows = await conn.execute(
        text(f"""
            select event_id, to_jsonb(at) #>> '{{}}' as at, record_key, fired, was, nearly, path, words
            from app.backtest_match
            where backtest_id = :id and {_WHERE[kind]} and (cast(:before as bigint) is null or event_id < :before)
            order by event_id desc limit :limit
        """),
        {"id": backtest_id, "before": before, "limit": limit},
    )
    return [
        Match(EventId(r.event_id), r.at, r.record_key, r.fired, r.was, r.nearly, r.path, r.words)
        for r in rows
    ]
