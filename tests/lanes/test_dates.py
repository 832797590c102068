"""Records whose date falls due: each once, on its day, in a table of any size, and after days that were missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.calendars import DAYS, Calendar, Holiday
from ruleyard.core.document import parse
from ruleyard.core.due_dates import Span, passed_span, schedule_of
from ruleyard.core.graph import DateTrigger, Day, Graph, ScheduleTrigger
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.intake.tickers import make_ticks
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.catch_up import CatchUps
from ruleyard.stores import catch_ups, table_pages
from ruleyard.stores.calendars import create_calendar
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.schedules import Visited, start_schedule
from support.published import publish

DAY: Final = timedelta(days=1)


def today() -> date:
    """Asked by each test anew: a suite that begins before midnight ends after it."""
    return datetime.now(UTC).date()


def dated(table: str = "public.tasks", column: str = "due_on", **more: object) -> dict[str, Any]:
    """For each task that is due and not done: tell everyone."""
    home = {"connection": "crm", "table": table, "column": column, "at": "00:00"}
    open_ = {"!": [{"var": "after.done"}]}
    return {
        "dialect": 1,
        "name": "Due",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "date", **home, **more},
            {"id": "c", "kind": "condition", "logic": open_},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "Due"}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
    }


@pytest.fixture
async def tasks(engine: AsyncEngine, watched: Watched, crm_connection: Connection) -> Connection:
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.tasks")
    return crm_connection


async def due(crm: asyncpg.Connection, *days: date, done: bool = False) -> None:
    for day in days:
        await crm.execute("insert into tasks (title, due_on, done) values ($1, $2, $3)", str(day), day, done)


async def started(
    engine: AsyncEngine, where: Connection, document: dict[str, Any], *, looked_on: date
) -> tuple[RuleId, VersionId]:
    graph = parse(document)
    assert isinstance(graph, Graph)
    assert isinstance(graph.trigger, DateTrigger)
    rule = await publish(engine, document)
    async with transaction(engine) as conn:
        await start_schedule(
            conn,
            rule_id=rule[0],
            version_id=rule[1],
            schedule=schedule_of(graph.trigger),
            next_at=datetime.combine(looked_on + DAY, datetime.min.time(), UTC),
            visited=Visited(LogId(where.id), graph.trigger.table, looked_on),
        )
    return rule


async def visited(engine: AsyncEngine, pools: LogPools, bells: Bells) -> list[str]:
    """The moments that have come are looked at. The titles of the tasks that got a run so far."""
    await make_ticks(engine)
    async with transaction(engine) as conn:
        numbers = await catch_ups.due(conn)
    for number in numbers:
        await CatchUps(engine, pools, bells).run(number)
    async with engine.connect() as conn:
        found = await conn.execute(text("select event #>> '{after,title}' as title from app.run order by id"))
        return [row.title for row in found]


async def test_a_record_gets_its_run_on_the_day_that_its_date_says(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    await due(crm, today(), today() + DAY, today() + 2 * DAY, today() - DAY)
    await due(crm, today() + DAY, done=True)
    await started(engine, tasks, dated(amount=1), looked_on=today() - DAY)
    assert await visited(engine, pools, bells) == [str(today() + DAY)]
    assert await visited(engine, pools, bells) == [str(today() + DAY)], "once"
    async with transaction(engine) as conn:
        await conn.execute(text("update app.schedule set next_at = clock_timestamp()"))
    assert await visited(engine, pools, bells) == [str(today() + DAY)], "nor at another look at the same day"


async def test_days_that_were_missed_are_looked_at_with_the_next(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    days = [today() - n * DAY for n in range(6)]
    await due(crm, *days)
    await started(engine, tasks, dated(), looked_on=today() - 4 * DAY)
    assert await visited(engine, pools, bells) == [str(day) for day in days[:4]]


async def test_days_that_come_while_others_are_looked_at_are_looked_at_after_them(
    engine: AsyncEngine, tasks: Connection
) -> None:
    rule, version = await publish(engine, dated())
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    async with transaction(engine) as conn:
        for days in range(3):
            await catch_ups.begin_visit(
                conn,
                rule_id=rule,
                version_id=version,
                log=LogId(tasks.id),
                table="public.tasks",
                tick_at=noon + days * DAY,
                since_on=noon.date() + (days - 1) * DAY,
                until_on=noon.date() + days * DAY,
            )
        (first,) = await catch_ups.due(conn)
        order = await catch_ups.take(conn, first)
        assert order is not None
        assert (order.tick_at, order.since_on, order.until_on) == (noon, noon.date() - DAY, noon.date())
        await catch_ups.save(conn, order, catch_ups.Page((), None, 0, 0, 0, over=True))
        await catch_ups.begin_anew(conn, first)
        (then,) = await catch_ups.due(conn)
        order = await catch_ups.take(conn, then)
        assert order is not None
        assert (order.tick_at, order.since_on, order.until_on) == (
            noon + 2 * DAY,
            noon.date(),
            noon.date() + 2 * DAY,
        )


async def test_a_date_that_moves_is_followed(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    await due(crm, today() + 9 * DAY, today())
    await crm.execute("update tasks set due_on = due_on + 9 - 18 * (due_on > $1)::int", today())
    await started(engine, tasks, dated(), looked_on=today() - DAY)
    assert await visited(engine, pools, bells) == [str(today() + 9 * DAY)], "the one that moved to today"


async def test_moments_count_by_the_clock_of_the_zone(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    evening = datetime(2026, 3, 10, 20, tzinfo=UTC)
    await crm.execute(
        "insert into leads (first_name, created_at) values ('a', $1), ('b', $2)",
        evening,
        evening - 12 * timedelta(hours=1),
    )
    rule = dated("public.leads", "created_at", zone="Asia/Seoul", amount=3, side="after")
    rule["nodes"][1]["logic"] = True
    await started(engine, leads, rule, looked_on=date(2026, 3, 13))
    async with engine.begin() as conn:
        await conn.execute(text("update app.schedule set next_at = '2026-03-13 15:00:00+00'"))
        await conn.execute(text("update app.schedule set spec = jsonb_set(spec, '{missed}', '\"all\"')"))
    await visited(engine, pools, bells)
    async with engine.connect() as conn:
        found = await conn.execute(text("select event #>> '{after,first_name}' as name from app.run"))
        assert [row.name for row in found] == ["a"], "20:00 of the 10th in UTC is the 11th in Seoul"


async def test_an_anniversary_comes_every_year(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    born = today().replace(year=1984, day=min(today().day, 28))
    await due(crm, born, born + DAY)
    await started(engine, tasks, dated(yearly=True), looked_on=born.replace(year=today().year) - DAY)
    expected = [born] + [born + DAY] * (born.day < today().day)
    assert await visited(engine, pools, bells) == [str(day) for day in expected]


async def test_a_table_larger_than_a_window_is_looked_at_whole(
    crm: asyncpg.Connection,
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    tasks: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(table_pages, "WINDOW", 7)
    await due(crm, *[today() + DAY * (n % 5) for n in range(31)])
    await started(engine, tasks, dated(), looked_on=today() - DAY)
    assert await visited(engine, pools, bells) == [str(today())] * 7


async def test_a_column_that_is_gone_ends_the_visit_in_words(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    await due(crm, today())
    await started(engine, tasks, dated(), looked_on=today() - DAY)
    await crm.execute("alter table tasks drop column due_on")
    assert await visited(engine, pools, bells) == []
    async with transaction(engine) as conn:
        (one,) = await catch_ups.recent(conn)
    assert (one.state, one.error) == ("failed", "There is no column due_on in public.tasks any more.")


async def test_who_fell_due_before_it_went_on_gets_a_run_once_when_asked_for(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection
) -> None:
    """Three days before: whose date is still to come, but nearer than that, and no other."""
    await due(crm, *(today() + n * DAY for n in range(-2, 6)))
    await due(crm, today() + DAY, done=True)
    document = dated(amount=3)
    rule_id, version_id = await started(engine, tasks, document, looked_on=today() - DAY)
    graph = parse(document)
    assert isinstance(graph, Graph)
    assert isinstance(graph.trigger, DateTrigger)
    span = passed_span(graph.trigger, today(), today())
    for _ in range(2):  # the second time all of them have a run
        async with transaction(engine) as conn:
            number = await catch_ups.begin(
                conn,
                rule_id=rule_id,
                version_id=version_id,
                log=LogId(tasks.id),
                table="public.tasks",
                actor="Kim",
                span=span,
            )
        await CatchUps(engine, pools, bells).run(number)
    nearer = [str(today() + n * DAY) for n in range(3)]
    assert await visited(engine, pools, bells) == [*nearer, str(today() + 3 * DAY)], (
        "then those of today's moment"
    )


@pytest.mark.parametrize(
    ("more", "since", "until"),
    [
        ({"amount": 3}, -4, -1),
        ({"amount": 0}, -1, -1),
        ({"amount": 3, "side": "after"}, -31, -1),
    ],
)
def test_the_days_that_are_asked_about(more: dict[str, object], since: int, until: int) -> None:
    graph = parse(dated(**more))
    assert isinstance(graph, Graph)
    assert isinstance(graph.trigger, DateTrigger)
    assert passed_span(graph.trigger, today(), today()) == Span(today() + since * DAY, today() + until * DAY)


@pytest.mark.parametrize("how", ["the workspace's", "the rule's"])
async def test_working_days_are_those_of_a_calendar(
    crm: asyncpg.Connection, engine: AsyncEngine, pools: LogPools, bells: Bells, tasks: Connection, how: str
) -> None:
    """Every day is worked here but tomorrow and the day after: one working day before the third day is today."""
    week: dict[Day, tuple[tuple[str, str], ...]] = dict.fromkeys(DAYS, (("09:00", "18:00"),))
    calendar = Calendar("Always", "UTC", week, (Holiday(today() + DAY), Holiday(today() + 2 * DAY)))
    async with transaction(engine) as conn:
        await create_calendar(conn, calendar, by=None, default=how == "the workspace's")
        if how == "the rule's":
            other = Calendar("Other", "UTC", week)
            await create_calendar(conn, other, by=None, default=True)
    await due(crm, *(today() + n * DAY for n in range(1, 5)))
    document = dated(amount=1, unit="working_days")
    if how == "the rule's":
        document["policy"] = {"hours": {"calendar": "Always", "outside": "run"}}
    await started(engine, tasks, document, looked_on=today() - DAY)
    assert await visited(engine, pools, bells) == [str(today() + n * DAY) for n in (1, 2, 3)]


async def test_a_schedule_passes_over_days_off_and_waits_for_a_calendar_that_gives_it_days(
    engine: AsyncEngine,
) -> None:
    document = dated()
    document["nodes"][0] = {
        "id": "t",
        "kind": "trigger",
        "on": "schedule",
        "schedule": {"repeat": "day", "at": "00:00", "days_off": "skip"},
    }
    graph = parse(document)
    assert isinstance(graph, Graph)
    assert isinstance(graph.trigger, ScheduleTrigger)
    rule = await publish(engine, document)
    never: dict[Day, tuple[tuple[str, str], ...]] = {DAYS[today().weekday()]: (("09:00", "18:00"),)}
    free = tuple(Holiday(today() + n * 7 * DAY) for n in range(1, 60))
    async with transaction(engine) as conn:
        await create_calendar(conn, Calendar("Once", "UTC", never, free), by=None, default=True)
        await start_schedule(
            conn,
            rule_id=rule[0],
            version_id=rule[1],
            schedule=graph.trigger.schedule,
            next_at=datetime.combine(today(), datetime.min.time(), UTC),
        )
    assert await make_ticks(engine) == 1
    async with engine.connect() as conn:
        next_at = (await conn.execute(text("select next_at from app.schedule"))).scalar_one()
    assert next_at.date() == today() + 60 * 7 * DAY
