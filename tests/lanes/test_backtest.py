"""Back-tests: every stored event judged once, in pages; a dead worker's is taken over; nothing is performed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells, build_worker
from ruleyard.clock import utc_now
from ruleyard.core.calendars import DAYS
from ruleyard.core.types import LogId
from ruleyard.lanes.backtest import Backtests
from ruleyard.lanes.look import slow_look
from ruleyard.settings import Settings
from ruleyard.stores import backtests
from ruleyard.stores.backtests import BacktestRow, NewBacktest
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from support.published import change_rule
from support.waiting import until

WON = {"===": [{"var": "after.status"}, "won"]}
KEEN = {"and": [WON, {">=": [{"var": "after.attempts"}, 3]}]}


def parted(logic: dict[str, Any]) -> dict[str, Any]:
    """A rule that mails those for whom `logic` holds and notifies of the others."""
    rule = change_rule(logic)
    mail = {"connection": "mail", "to": "a@example.org", "subject": "Hello", "body": "Hello"}
    tell = {"to": "everyone", "title": "Look"}
    nodes = [one for one in rule["nodes"] if one["kind"] != "action"]
    nodes += [
        {"id": "m", "kind": "action", "do": "send_email", "fields": mail},
        {"id": "n", "kind": "action", "do": "notify", "fields": tell},
    ]
    return rule | {"nodes": nodes, "edges": [["t", "c"], ["c", "m", "yes"], ["c", "n", "no"]]}


async def nothing(_backtest_id: int) -> None:
    pass


async def opened(engine: AsyncEngine, leads: Connection, **changes: Any) -> int:
    now = utc_now()
    values: dict[str, Any] = {
        "rule_id": None,
        "document": change_rule(KEEN),
        "other_document": change_rule(WON),
        "other_words": "version 1",
        "log": LogId(leads.id),
        "table": "public.leads",
        "ops": ("insert", "update"),
        "from_at": now - timedelta(days=1),
        "to_at": now + timedelta(hours=1),
        "most": 1_000_000,
    }
    async with transaction(engine) as conn:
        return await backtests.open_backtest(conn, NewBacktest(**values | changes), None)


async def read(engine: AsyncEngine, backtest_id: int) -> BacktestRow:
    async with transaction(engine) as conn:
        return await backtests.backtest(conn, backtest_id)


@pytest.fixture
async def history(crm: asyncpg.Connection, leads: Connection) -> None:
    """40 new leads: each fourth is won, and has as many attempts as its number modulo 8."""
    await crm.execute(
        "insert into leads (first_name, status, attempts) "
        "select 'x' || n, case when n % 4 = 0 then 'won' else 'new' end, n % 8 from generate_series(1, 40) n"
    )


@pytest.mark.usefixtures("history")
async def test_it_counts_what_would_have_fired_and_what_is_new_or_lost(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads)
    told: list[int] = []

    async def progress(backtest_id: int) -> None:
        told.append(backtest_id)

    await Backtests(engine, pools, progress, page_size=7).run(one)
    row = await read(engine, one)
    assert (row.state, row.total, row.error) == ("succeeded", 40, "")
    tally = row.tally
    assert (tally.events, tally.listened, tally.fired, tally.was_fired) == (40, 40, 5, 10)
    assert (tally.new, tally.lost) == (0, 5)
    assert (tally.paths, tally.actions) == ({"c yes > a": 5}, {"a": 5})
    assert sum(near.count for near in tally.near.values()) == tally.nearly == 25
    assert {near.words for near in tally.near.values()} == {'status is "won"', "attempts is at least 3"}
    assert told == [one] * 6
    async with transaction(engine) as conn:
        lost = await backtests.list_matches(conn, one, "lost", before=None, limit=10)
        assert len(lost) == 5
        assert {match.words for match in lost} == {"attempts is at least 3 (it was 0)"}
        assert len(await backtests.list_matches(conn, one, "fired", before=None, limit=10)) == 5
        assert (await conn.execute(text("select count(*) from app.run"))).scalar_one() == 0


@pytest.mark.usefixtures("history")
async def test_what_did_not_start_is_listed_whatever_was_in_the_way(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads)
    await Backtests(engine, pools, nothing, page_size=7).run(one)
    async with transaction(engine) as conn:
        rest = await backtests.list_matches(conn, one, "rest", before=None, limit=100)
    assert len(rest) == 35
    assert not any(match.fired for match in rest)
    assert sum(not match.words for match in rest) == 10  # two conditions short


@pytest.mark.usefixtures("history")
async def test_runs_that_would_do_something_else_are_counted_with_what_nobody_would_get(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    """Both mail the keen; the draft only notifies of the others, where the version mailed all that were won."""
    one = await opened(engine, leads, document=parted(KEEN), other_document=parted(WON))
    await Backtests(engine, pools, nothing, page_size=7).run(one)
    tally = (await read(engine, one)).tally
    assert (tally.fired, tally.was_fired, tally.new, tally.lost) == (40, 40, 0, 0)
    assert (tally.otherwise, tally.without) == (5, {"send_email": 5})
    other = await opened(engine, leads, document=parted(WON), other_document=parted(WON))
    await Backtests(engine, pools, nothing).run(other)
    tally = (await read(engine, other)).tally
    assert (tally.otherwise, tally.without) == (0, {})


@pytest.mark.usefixtures("history")
async def test_a_dead_workers_back_test_goes_on_where_it_was(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads)

    class Died(Exception):
        pass

    async def die(_backtest_id: int) -> None:
        raise Died

    with pytest.raises(Died):
        await Backtests(engine, pools, die, page_size=10).run(one)
    assert (await read(engine, one)).tally.events == 10
    await Backtests(engine, pools, nothing).run(one)
    assert (await read(engine, one)).tally.events == 10, "its lease still holds"
    async with transaction(engine) as conn:
        await conn.execute(text("update app.backtest set lease_until = now() - interval '1 second'"))
        assert await backtests.due_backtests(conn) == [one]
    await Backtests(engine, pools, nothing, page_size=10).run(one)
    row = await read(engine, one)
    assert (row.state, row.tally.events, row.tally.fired) == ("succeeded", 40, 5)


@pytest.mark.usefixtures("history")
async def test_cancelling_stops_it_at_the_next_page(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads)

    async def cancel(backtest_id: int) -> None:
        async with transaction(engine) as conn:
            await backtests.cancel_backtest(conn, backtest_id)

    await Backtests(engine, pools, cancel, page_size=10).run(one)
    row = await read(engine, one)
    assert (row.state, row.tally.events) == ("cancelled", 10)


@pytest.mark.usefixtures("history")
async def test_a_page_of_a_slow_rule_ends_early_and_nothing_is_left_out(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads)
    read_by_then: list[int] = []

    async def progress(backtest_id: int) -> None:
        read_by_then.append((await read(engine, backtest_id)).tally.events)

    await Backtests(engine, pools, progress, page_s=0.0).run(one)
    row = await read(engine, one)
    assert read_by_then == [20, 40]
    assert (row.state, row.tally.events, row.tally.fired, row.tally.lost) == ("succeeded", 40, 5, 5)


@pytest.mark.usefixtures("history")
async def test_at_most_so_many_of_the_newest_are_read(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads, most=25)
    await Backtests(engine, pools, nothing, page_size=10).run(one)
    row = await read(engine, one)
    assert (row.state, row.tally.events, row.total) == ("succeeded", 25, 40)


@pytest.mark.usefixtures("history")
async def test_waits_are_no_actions(engine: AsyncEngine, pools: LogPools, leads: Connection) -> None:
    document = change_rule(WON)
    document["nodes"].append({"id": "w", "kind": "wait", "amount": 5, "unit": "minutes"})
    document["edges"] = [["t", "c"], ["c", "w", "yes"], ["w", "a"]]
    one = await opened(engine, leads, document=document, other_document=None)
    await Backtests(engine, pools, nothing).run(one)
    tally = (await read(engine, one)).tally
    assert (tally.fired, tally.paths, tally.actions) == (10, {"c yes > w > a": 10}, {"a": 10})


async def test_a_log_that_is_down_ends_it_with_the_reason(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    one = await opened(engine, leads, log=LogId(9_999))
    await Backtests(engine, pools, nothing).run(one)
    row = await read(engine, one)
    assert row.state == "failed"
    assert "could not be read" in row.error


@pytest.mark.usefixtures("history")
async def test_a_worker_is_rung_for_it_or_finds_it_by_looking(
    engine: AsyncEngine, pools: LogPools, leads: Connection, bells: Bells, settings: Settings
) -> None:
    async def unused(*_: int) -> None:
        pass

    rung, lost = await opened(engine, leads), await opened(engine, leads)
    stop = asyncio.Event()
    worker = build_worker(
        settings,
        drain_lane=unused,
        perform_slot=unused,
        look=slow_look(engine, pools),
        chores={"backtest": Backtests(engine, pools, nothing).run},
    )
    serving = asyncio.create_task(worker.serve(stop))
    await bells.ring_chore("backtest", rung)

    async def both() -> bool:
        return {(await read(engine, one)).state for one in (rung, lost)} == {"succeeded"}

    await until(both, what="both back-tests are over")
    stop.set()
    await serving


async def test_related_records_are_taken_as_they_are_now(
    engine: AsyncEngine, pools: LogPools, leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        set role crm_owner;
        create table agents (id bigint primary key, tier text);
        insert into agents values (1, 'junior'), (2, 'junior');
        alter table leads add column agent_id bigint references agents;
        insert into leads (agent_id) select nullif(n % 3, 0) from generate_series(1, 30) n;
        update agents set tier = 'senior' where id = 2
    """)
    senior = change_rule({"===": [{"var": "related.agent_id.tier"}, "senior"]})
    number = await opened(engine, leads, document=senior, other_document=None)
    await Backtests(engine, pools, nothing, page_size=7).run(number)
    row = await read(engine, number)
    assert (row.state, row.tally.events, row.tally.fired) == ("succeeded", 30, 10)


async def test_related_records_that_cannot_be_read_end_it_with_the_reason(
    engine: AsyncEngine, pools: LogPools, leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (first_name) values ('Ann')")
    broken = change_rule({"===": [{"var": "related.owner.tier"}, "senior"]})
    number = await opened(engine, leads, document=broken, other_document=None)
    await Backtests(engine, pools, nothing).run(number)
    row = await read(engine, number)
    assert row.state == "failed"
    assert '"owner" is no foreign key' in row.error


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("outside", "counted"), [("wait", 5), ("skip", 5), ("run", 0)])
async def test_what_came_outside_of_the_hours_of_the_rule_is_counted(
    engine: AsyncEngine, pools: LogPools, leads: Connection, outside: str, counted: int
) -> None:
    """These changes are of today, which is a day off here."""
    off = [utc_now().date() + timedelta(days=count) for count in (-1, 0, 1)]
    days = [day for place, day in enumerate(DAYS) if place not in {one.weekday() for one in off}]
    document = change_rule(KEEN) | {"policy": {"hours": {"zone": "UTC", "days": days, "outside": outside}}}
    one = await opened(engine, leads, document=document)
    await Backtests(engine, pools, nothing).run(one)
    tally = (await read(engine, one)).tally
    assert (tally.fired, tally.outside) == (5, counted)
