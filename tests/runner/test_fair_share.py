"""Fair share: a storm of one rule holds up no other rule, and the claim stays cheap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores.claims import RULES, claim
from ruleyard.stores.db import transaction
from runner.house import House
from support.waiting import until

STORM = 50_000
Receiver = tuple[int, list[str], asyncio.Event]


async def queue(house: House, version: VersionId, count: int, *, first_event: int = 1) -> None:
    """So many queued runs of a version in slot 3, each on a record of its own."""
    await house.execute(
        """
        insert into app.run (rule_id, version_id, log, event_id, event, slot, record_table, record_key, event_on)
        select v.rule_id, v.id, :log, e, jsonb_build_object('log', cast(:log as bigint), 'id', e, 'lane', 3,
            'op', 'insert', 'table', 'public.leads', 'key', jsonb_build_object('id', e),
            'at', '2026-05-01T09:00:00+00:00',
            'after', jsonb_build_object('id', e)), 3, 'public.leads', e::text, '2026-05-01'
        from app.version v, generate_series(cast(:first as bigint), cast(:last as bigint)) e where v.id = :version
        """,
        log=int(house.log),
        version=version,
        first=first_event,
        last=first_event + count - 1,
    )


async def rule_of(house: House, version: VersionId) -> RuleId:
    async with house.engine.connect() as conn:
        found = await conn.execute(text("select rule_id from app.version where id = :id"), {"id": version})
        return RuleId(found.scalar_one())


async def rows_read(conn: AsyncConnection) -> int:
    """Rows of runs that this transaction read, by an index or without. Tables count those without alone, and only where
    rows lie.
    """
    found = await conn.execute(
        text("""
            with part as (select relid from pg_partition_tree('app.run') where isleaf)
            select (select sum(pg_stat_get_xact_tuples_returned(relid)) from part)
              + (select sum(pg_stat_get_xact_tuples_fetched(indexrelid)) from pg_index join part on relid = indrelid)
        """)
    )
    return int(found.scalar_one())


def tell(title: str) -> dict[str, object]:
    return {"id": "a", "kind": "action", "do": "notify", "fields": {"title": title}}


async def test_a_storm_of_one_rule_holds_up_no_other(house: House) -> None:
    storm = await house.publish(tell("storm"), edges=[["t", "a"]])
    calm = await house.publish(tell("calm"), edges=[["t", "a"]])
    await queue(house, storm, STORM)
    async with house.runner() as runner:
        working = asyncio.create_task(runner.perform_slot(3))

        async def performed(title: str) -> bool:
            async with house.engine.connect() as conn:
                found = await conn.execute(
                    text("select 1 from app.notification where title = :t limit 1"), {"t": title}
                )
                return found.first() is not None

        await until(lambda: performed("storm"), what="the storm has begun")
        await queue(house, calm, 1, first_event=STORM + 1)
        await until(lambda: performed("calm"), what="the other rule had its turn")
        runner.stop()
        await working
    async with house.engine.connect() as conn:
        left = await conn.execute(text("select count(*) from app.run where state = 'queued'"))
        assert left.scalar_one() > STORM / 2, "the storm was over before the other rule came"


async def test_a_claim_walks_the_index_and_never_the_whole_queue(house: House) -> None:
    storm = await house.publish(tell("storm"), edges=[["t", "a"]])
    calm = await house.publish(tell("calm"), edges=[["t", "a"]])
    await queue(house, storm, STORM)
    await queue(house, calm, 3, first_event=STORM + 1)
    await house.execute("analyze app.run")
    async with transaction(house.engine) as conn:
        found = (await claim(conn, 3, "w", 32)).claims
        assert 0 < await rows_read(conn) < 2_000
    of_calm = await rule_of(house, calm)
    assert len(found) == 32
    assert sum(one.rule_id == of_calm for one in found) == 3


async def test_more_rules_than_a_claim_looks_at_take_turns(house: House) -> None:
    versions = [await house.publish(tell(str(n)), edges=[["t", "a"]]) for n in range(RULES + 8)]
    for place, version in enumerate(versions):
        await queue(house, version, 40, first_event=place * 40 + 1)
    turn, seen = RuleId(0), set()
    for _ in range(2):
        async with transaction(house.engine) as conn:
            claimed = await claim(conn, 3, "w", 32, turn=turn)
        turn = claimed.turn
        seen |= {one.rule_id for one in claimed.claims}
    assert len(seen) == RULES + 8


@pytest.fixture
async def slow_receiver() -> AsyncIterator[Receiver]:
    """Takes every call and answers none until told to."""
    release = asyncio.Event()
    calls: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append((await reader.readuntil(b"\r\n\r\n")).decode())
        await release.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield port, calls, release
    release.set()
    server.close()


async def test_a_rule_whose_actions_are_slow_leaves_places_to_others(
    house: House, slow_receiver: Receiver
) -> None:
    port, calls, release = slow_receiver
    hook = {"id": "a", "kind": "action", "do": "call_webhook", "fields": {"url": f"http://127.0.0.1:{port}/"}}
    slow = await house.publish(hook, edges=[["t", "a"]])
    calm = await house.publish(tell("calm"), edges=[["t", "a"]])
    await queue(house, slow, 100)
    async with house.runner(outbound_allow=(f"127.0.0.1:{port}",)) as runner:
        working = asyncio.create_task(runner.perform_slot(3))
        await until(lambda: len(calls) >= 8, what="every place is taken")
        await queue(house, calm, 1, first_event=1_001)

        async def done() -> bool:
            async with house.engine.connect() as conn:
                found = await conn.execute(text("select 1 from app.notification where title = 'calm'"))
                return found.first() is not None

        await until(done, what="the other rule had its turn")
        release.set()
        runner.stop()
        await working
