"""Catch-ups as rows: runs of a version for records that matched when it went on. How far each is, page by page.

A page's runs and the place after it are written in one transaction: whoever dies in between has done all of a page or
nothing of it. Knows the tables `app.catch_up` and `app.run`; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.already import CAUSE, VISIT
from ruleyard.core.due_dates import Span
from ruleyard.core.errors import NotFound
from ruleyard.core.trace import StepError
from ruleyard.core.types import EventId, LogId, RuleId, VersionId

AHEAD: Final = 1_000
"""So many of its runs wait at most before the next page is read: Cancel stops what did not begin."""
SHOWN_H: Final = 24
CANCELLED: Final = StepError(
    "catch-up-cancelled", "Somebody stopped the runs for records that already matched before this one began."
)

CatchUpState = Literal["running", "finished", "stopped", "failed"]


class CatchUp(msgspec.Struct, frozen=True):
    """For records that matched when a rule was turned on, or (`tick_at`) for those that a schedule visits.

    `looked` of `about` records so far (None: nobody knows how many there are), `runs` opened.

    `undecided`: records that could not be judged, and got no run. `error`: why it ended, or why it waits.
    """

    id: int
    rule_id: RuleId
    rule_name: str
    version: int
    table: str
    state: CatchUpState
    about: int | None
    looked: int
    runs: int
    undecided: int
    error: str
    begun_at: datetime
    finished_at: datetime | None
    tick_at: datetime | None = None


class Order(msgspec.Struct, frozen=True):
    """A catch-up as a worker carries it out. `live`: its version is still the one that is on."""

    id: int
    rule_id: RuleId
    version_id: VersionId
    log: LogId
    table: str
    place: tuple[str, ...]
    about: int | None
    looked: int
    actor: str
    begun_at: datetime
    live: bool
    document: bytes
    tick_at: datetime | None = None
    since_on: date | None = None
    until_on: date | None = None


class Page(msgspec.Struct, frozen=True):
    """What one page came to."""

    place: tuple[str, ...]
    about: int | None
    looked: int
    runs: int
    undecided: int
    over: bool


_CATCH_UP: Final = """
    select c.id, c.rule_id, r.name as rule_name, v.number as version, c.table_name as table, c.state, c.about, c.looked,
      c.runs, c.undecided, c.error, c.begun_at, c.finished_at, c.tick_at
    from app.catch_up c join app.rule r on r.id = c.rule_id join app.version v on v.id = c.version_id
"""


def _catch_up(row: Row[Any]) -> CatchUp:
    return msgspec.convert(dict(row._mapping), CatchUp)


async def begin(
    conn: AsyncConnection,
    *,
    rule_id: RuleId,
    version_id: VersionId,
    log: LogId,
    table: str,
    actor: str,
    span: Span | None = None,
) -> int:
    """The one that goes on for this version, or a new one. Ring its bell after the commit.

    `span`: of a date, the days on which the records fell due.
    """
    made = await conn.execute(
        text("""
            insert into app.catch_up (rule_id, version_id, log, table_name, actor, since_on, until_on)
            values (:rule, :version, :log, :table, :actor, :since_on, :until_on)
            on conflict (version_id) where state = 'running' do update set actor = app.catch_up.actor
            returning id
        """),
        {
            "rule": rule_id,
            "version": version_id,
            "log": log,
            "table": table,
            "actor": actor,
            "since_on": None if span is None else span.since,
            "until_on": None if span is None else span.until,
        },
    )
    return int(made.scalar_one())


async def begin_visit(
    conn: AsyncConnection,
    *,
    rule_id: RuleId,
    version_id: VersionId,
    log: LogId,
    table: str,
    tick_at: datetime,
    since_on: date | None = None,
    until_on: date | None = None,
) -> None:
    """A visit of every record for a moment of the schedule; where one goes on, it begins anew after its end.

    With days: of the records that are due after `since_on`, up to and with `until_on`.
    """
    await conn.execute(
        text("""
            insert into app.catch_up (rule_id, version_id, log, table_name, actor, tick_at, since_on, until_on)
            values (:rule, :version, :log, :table, 'clock', :tick_at, :since_on, :until_on)
            on conflict (version_id) where state = 'running'
              do update set again_at = excluded.tick_at, again_on = excluded.until_on
        """),
        {
            "rule": rule_id,
            "version": version_id,
            "log": log,
            "table": table,
            "tick_at": tick_at,
            "since_on": since_on,
            "until_on": until_on,
        },
    )


async def begin_anew(conn: AsyncConnection, catch_up_id: int) -> None:
    """The visit of the newest moment that came while this one went on, if any did."""
    await conn.execute(
        text("""
            insert into app.catch_up (rule_id, version_id, log, table_name, actor, tick_at, since_on, until_on)
            select rule_id, version_id, log, table_name, 'clock', again_at, until_on, again_on from app.catch_up
            where id = :id and state = 'finished' and again_at is not null
        """),
        {"id": catch_up_id},
    )


async def read(conn: AsyncConnection, catch_up_id: int) -> CatchUp:
    """NotFound where there is none."""
    row = (await conn.execute(text(f"{_CATCH_UP} where c.id = :id"), {"id": catch_up_id})).one_or_none()
    if row is None:
        raise NotFound(f"There is no catch-up {catch_up_id}.")
    return _catch_up(row)


async def recent(conn: AsyncConnection, rule_id: RuleId | None = None) -> list[CatchUp]:
    """Those that go on, and those that ended within a day, the newest first; at most 50."""
    rows = await conn.execute(
        text(f"""
            {_CATCH_UP} where (cast(:rule as bigint) is null or c.rule_id = :rule)
              and (c.state = 'running' or c.finished_at > now() - make_interval(hours => :hours))
            order by c.id desc limit 50
        """),
        {"rule": rule_id, "hours": SHOWN_H},
    )
    return [_catch_up(row) for row in rows]


async def due(conn: AsyncConnection) -> list[int]:
    """Those that go on."""
    rows = await conn.execute(text("select id from app.catch_up where state = 'running' order by id"))
    return [row.id for row in rows]


async def take(conn: AsyncConnection, catch_up_id: int) -> Order | None:
    """Ours until the transaction ends. None where it is over or another worker has it."""
    found = await conn.execute(
        text("""
            select c.id, c.rule_id, c.version_id, c.log, c.table_name as table, c.place, c.about, c.looked, c.actor,
              c.begun_at, c.tick_at, c.since_on, c.until_on,
              r.enabled and r.archived_at is null and r.live_version_id = c.version_id as live,
              cast(v.document as text) as document
            from app.catch_up c join app.rule r on r.id = c.rule_id join app.version v on v.id = c.version_id
            where c.id = :id and c.state = 'running' for update of c skip locked
        """),
        {"id": catch_up_id},
    )
    row = found.one_or_none()
    return (
        None if row is None else msgspec.convert({**row._mapping, "document": row.document.encode()}, Order)
    )


async def save(conn: AsyncConnection, order: Order, page: Page) -> None:
    """One page is done."""
    await conn.execute(
        text("""
            update app.catch_up set place = :place, about = :about, looked = looked + :looked, runs = runs + :runs,
              undecided = undecided + :undecided, error = '',
              state = case when :over then 'finished' else state end,
              finished_at = case when :over then clock_timestamp() end
            where id = :id
        """),
        {**msgspec.structs.asdict(page), "place": list(page.place), "id": order.id},
    )


async def note(conn: AsyncConnection, catch_up_id: int, error: str) -> None:
    """Why it waits."""
    await conn.execute(
        text("update app.catch_up set error = :error where id = :id and state = 'running'"),
        {"id": catch_up_id, "error": error},
    )


async def end(conn: AsyncConnection, catch_up_id: int, state: CatchUpState, error: str = "") -> bool:
    """What was opened stays. False where it was over."""
    done = await conn.execute(
        text("""
            update app.catch_up set state = :state, error = :error, finished_at = clock_timestamp()
            where id = :id and state = 'running'
        """),
        {"id": catch_up_id, "state": state, "error": error},
    )
    return done.rowcount == 1


async def event_numbers(conn: AsyncConnection, count: int) -> Sequence[EventId]:
    """Of events that are made for records: below every event of a log, and no other's."""
    rows = await conn.execute(
        text("select -nextval('app.made_event') as number from generate_series(1, :count)"), {"count": count}
    )
    return [EventId(row.number) for row in rows]


async def waiting(conn: AsyncConnection, rule_id: RuleId, version_id: VersionId) -> int:
    """How many runs for records that already matched did not begin yet; `AHEAD` at most."""
    found = await conn.execute(
        text("""
            select count(*) from (
              select from app.run
              where rule_id = :rule and state = 'queued' and version_id = :version and event_id < 0 limit :most
            ) n
        """),
        {"rule": rule_id, "version": version_id, "most": AHEAD},
    )
    return int(found.scalar_one())


async def have_run(
    conn: AsyncConnection, version_id: VersionId, log: LogId, table: str, keys: Sequence[str]
) -> set[str]:
    """Of these records (`Event.record_key`), those that the version has a run for."""
    if not keys:
        return set()
    rows = await conn.execute(
        text("""
            select distinct record_key from app.run
            where record_table = :table and record_key = any(cast(:keys as text[]))
              and version_id = :version and log = :log and fault ->> 'code' is distinct from :cancelled
        """),
        {"cancelled": CANCELLED.code, "table": table, "keys": list(keys), "version": version_id, "log": log},
    )
    return {row.record_key for row in rows}


async def rule_ran(
    conn: AsyncConnection, rule_id: RuleId, log: LogId, table: str, keys: Sequence[str]
) -> set[str]:
    """Of these records, those that any version of the rule did something for."""
    if not keys:
        return set()
    rows = await conn.execute(
        text("""
            select distinct record_key from app.run
            where record_table = :table and record_key = any(cast(:keys as text[]))
              and rule_id = :rule and log = :log and state <> 'cancelled'
        """),
        {"table": table, "keys": list(keys), "rule": rule_id, "log": log},
    )
    return {row.record_key for row in rows}


async def cancel_waiting(conn: AsyncConnection, catch_up_id: int) -> int:
    """Its runs that did not begin are cancelled. Returns how many."""
    done = await conn.execute(
        text("""
            update app.run set state = 'cancelled', error = :words, finished_at = clock_timestamp(),
              fault = cast(cast(:fault as text) as jsonb)
            where rule_id = (select rule_id from app.catch_up where id = :id) and state = 'queued' and attempt = 0
              and event_id < 0 and event ->> 'cause' = any(cast(:causes as text[]))
        """),
        {
            "id": catch_up_id,
            "words": CANCELLED.message,
            "fault": msgspec.json.encode(CANCELLED).decode(),
            "causes": [f"{CAUSE}{catch_up_id}", f"{VISIT}{catch_up_id}"],
        },
    )
    return done.rowcount
