"""A rule that runs more often than its limit: the rest is held, exactly, until somebody says what becomes of it."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.types import RuleId, RunId, VersionId
from ruleyard.intake.tickers import WORKS
from ruleyard.stores import bulk, fuses, held, notifications, retention, run_care
from ruleyard.stores.bulk import Bulk, Kind
from ruleyard.stores.db import transaction
from runner.house import House
from support.waiting import until

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": {"var": "after.first_name"}}},
}
THREE = {"limit": 3}


async def limited(house: House, **policy: object) -> VersionId:
    return await house.publish(TASK, edges=[["t", "a"]], policy={**THREE, **policy})


async def rule_of(house: House, version: VersionId) -> RuleId:
    async with house.engine.connect() as conn:
        found = await conn.execute(text("select rule_id from app.version where id = :id"), {"id": version})
        return RuleId(found.scalar_one())


async def states(house: House) -> list[str]:
    """As people see them: a run that waits because it is held is `held`."""
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text(
                "select case when fault ->> 'code' = 'held' then 'held' else state end from app.run order by id"
            )
        )
        return [row[0] for row in rows]


async def count_is_exact(house: House, rule: RuleId) -> int:
    async with house.engine.connect() as conn:
        fuse = await fuses.read(conn, rule)
        rows = await conn.execute(
            text(
                "select count(*) from app.run where rule_id = :rule and state = 'waiting' and fault ->> 'code' = 'held'"
            ),
            {"rule": rule},
        )
        assert fuse is not None
        assert fuse.held == rows.scalar_one()
        return fuse.held


async def decide(house: House, rule: RuleId, kind: Kind, seen: int = 10) -> Bulk:
    async with transaction(house.engine) as conn:
        return await held.decide(conn, rule, kind, seen, "Ann")


async def carry_on(house: House, batch: int = 2) -> None:
    """As the clock does, until no work goes on."""
    works: dict[Kind, bulk.Carry] = {kind: partial(carry, batch=batch) for kind, carry in WORKS.items()}
    while True:
        async with transaction(house.engine) as conn:
            await bulk.go_on(conn, works)
            left = await conn.execute(text("select count(*) from app.bulk where state = 'running'"))
            if left.scalar_one() == 0:
                return


async def titles(crm: asyncpg.Connection) -> list[str]:
    return [row["title"] for row in await crm.fetch("select title from tasks order by id")]


async def test_what_is_beyond_the_limit_is_held_and_nothing_wakes_it(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await limited(house)
    await house.open(version, *(house.event(id=number, first_name=str(number)) for number in range(5)))
    await house.open(version, house.event(id=9))
    assert await states(house) == ["queued"] * 3 + ["held"] * 3
    await house.wake()
    await house.perform()
    assert set(await titles(crm)) == {"0", "1", "2"}
    assert await states(house) == ["succeeded"] * 3 + ["held"] * 3
    assert await count_is_exact(house, await rule_of(house, version)) == 3


async def test_a_rule_without_a_limit_holds_nothing_and_others_are_not_touched(house: House) -> None:
    await house.open(await limited(house), *(house.event(id=number) for number in range(4)))
    free = await house.publish(TASK, edges=[["t", "a"]])
    await house.open(free, *(house.event(id=number) for number in range(5)))
    assert await states(house) == ["queued"] * 3 + ["held"] + ["queued"] * 5


async def test_lanes_that_open_runs_at_the_same_time_let_exactly_the_limit_pass(house: House) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]], policy={"limit": 50})
    events = [[house.event(id=10 * batch + number) for number in range(10)] for batch in range(12)]
    await asyncio.gather(*(house.open(version, *batch) for batch in events))
    found = await states(house)
    assert (found.count("queued"), found.count("held")) == (50, 70)
    assert await count_is_exact(house, await rule_of(house, version)) == 70


async def test_the_owner_is_told_once(house: House) -> None:
    version = await limited(house)
    await house.execute(
        "insert into app.account (email, name, role, password_hash) values ('ann@example.com', 'Ann', 'publisher', '')"
    )
    await house.execute("update app.rule set created_by = (select id from app.account)")
    for number in range(4):
        await house.open(version, *(house.event(id=10 * number + one) for one in range(4)))
    async with house.engine.connect() as conn:
        account = (await conn.execute(text("select id from app.account"))).scalar_one()
        (told,) = await notifications.list_notifications(conn, account, "publisher")
    assert told.title == "“Leads” holds its runs"
    assert told.told is not None
    assert (told.told.code, told.told.args) == ("rule-holds", {"limit": 3, "rule": "Leads"})


async def test_let_them_run_performs_them_in_order_and_lets_as_many_more_come(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number % 2, first_name=str(number)) for number in range(8)))
    work = await decide(house, rule, "release")
    assert (work.kind, work.total, work.done) == ("release", 5, 0)
    await house.open(
        version, *(house.event(id=number % 2, first_name=str(number)) for number in range(8, 17))
    )
    assert (await states(house))[8:] == ["queued"] * 8 + ["held"]
    await carry_on(house)
    async with house.engine.connect() as conn:
        assert (await bulk.read(conn, work.id)).done == 5
    assert await count_is_exact(house, rule) == 1
    for _ in range(10):
        await house.perform()
    done = await titles(crm)
    assert sorted(done, key=int) == [str(number) for number in range(16)]
    for record in (0, 1):
        mine = [int(title) for title in done if int(title) % 2 == record]
        assert mine == sorted(mine)


async def test_newer_runs_wait_for_held_ones_on_their_record(house: House, crm: asyncpg.Connection) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number, first_name=str(number)) for number in range(5)))
    await decide(house, rule, "release")
    await house.open(version, house.event(id=4, first_name="newer"))
    await house.perform()
    assert set(await titles(crm)) == {"0", "1", "2"}
    await carry_on(house)
    for _ in range(2):
        await house.perform()
    done = await titles(crm)
    assert set(done) == {"0", "1", "2", "3", "4", "newer"}
    assert done.index("4") < done.index("newer")


async def test_cancelled_runs_did_nothing_and_what_follows_in_the_hour_is_held_again(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number, first_name=str(number)) for number in range(8)))
    await decide(house, rule, "cancel")
    await carry_on(house)
    assert await states(house) == ["queued"] * 3 + ["cancelled"] * 5
    run = await house.run(RunId(8))
    assert run.error == "It was held, and somebody cancelled it before it began."
    assert run.finished_at is not None
    await house.open(version, house.event(id=20))
    assert (await states(house))[-1] == "held"
    assert await count_is_exact(house, rule) == 1


async def test_a_cancel_is_taken_back_but_not_past_a_newer_run(house: House, crm: asyncpg.Connection) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number, first_name=str(number)) for number in range(6)))
    await decide(house, rule, "cancel")
    await carry_on(house)
    await house.execute("update app.fuse set used = 0")
    await house.open(version, house.event(id=5, first_name="newer"))
    await house.perform()
    async with transaction(house.engine) as conn:
        back = await held.recall(conn, rule, "Ann")
    assert (back.kind, back.total) == ("recall", 2)
    await carry_on(house, 1)
    assert await states(house) == ["succeeded"] * 3 + ["held"] * 2 + ["cancelled", "succeeded"]
    assert await count_is_exact(house, rule) == 2
    with pytest.raises(Conflict, match="nothing to take back"):
        async with transaction(house.engine) as conn:
            await held.recall(conn, rule, "Ann")
    await decide(house, rule, "release")
    await carry_on(house)
    await house.perform()
    assert set((await titles(crm))[:4]) == {"0", "1", "2", "newer"}
    assert set((await titles(crm))[4:]) == {"3", "4"}


async def test_letting_run_is_taken_back_for_what_has_not_begun(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number, first_name=str(number)) for number in range(9)))
    await house.perform()
    await decide(house, rule, "release")
    async with transaction(house.engine) as conn:
        await bulk.go_on(conn, {"release": partial(held.release_some, batch=4)})
    await house.perform()
    async with transaction(house.engine) as conn:
        await bulk.go_on(conn, {"release": partial(held.release_some, batch=1)})
        await held.recall(conn, rule, "Ann")
    await carry_on(house)
    await house.perform()
    assert await states(house) == ["succeeded"] * 7 + ["held"] * 2
    assert await count_is_exact(house, rule) == 2
    await house.open(version, house.event(id=30))
    assert (await states(house))[-1] == "held"


async def test_a_decision_about_far_more_than_was_seen_is_refused(house: House) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]], policy={"limit": 1})
    rule = await rule_of(house, version)
    with pytest.raises(Conflict, match="Nothing is held"):
        await decide(house, rule, "release")
    await house.open(version, *(house.event(id=number) for number in range(3)))
    await house.execute("update app.fuse set held = 5000")
    with pytest.raises(Conflict, match="It would be 5000 runs now, not 2"):
        await decide(house, rule, "cancel", seen=2)


async def test_a_decision_while_a_batch_is_carried_out_waits_for_it(house: House) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number) for number in range(9)))
    await decide(house, rule, "release")
    within = asyncio.Event()

    async def somebody_waits() -> bool:
        async with house.engine.connect() as conn:
            found = await conn.execute(
                text(
                    "select 1 from pg_locks l join pg_database d on d.datname = current_database() "
                    "where not l.granted and (l.database = d.oid or l.database is null)"
                )
            )
            return found.first() is not None

    async def slowly(conn: AsyncConnection, order: bulk.Order) -> bulk.Moved:
        within.set()
        await until(somebody_waits, what="the decision to wait")
        return await held.release_some(conn, order, 2)

    async def clock() -> None:
        async with transaction(house.engine) as conn:
            await bulk.go_on(conn, {"release": slowly})

    async def change_of_mind() -> None:
        await within.wait()
        async with transaction(house.engine) as conn:
            await held.decide(conn, rule, "cancel", 10, "Ann")

    await asyncio.gather(clock(), change_of_mind())
    await carry_on(house)
    found = await states(house)
    assert (found.count("queued"), found.count("cancelled")) == (5, 4)
    assert await count_is_exact(house, rule) == 0


async def test_one_held_run_is_cancelled_by_itself(house: House) -> None:
    version = await limited(house)
    ids = await house.open(version, *(house.event(id=number) for number in range(5)))
    async with transaction(house.engine) as conn:
        assert (await run_care.cancel(conn, ids[4])).state == "cancelled"
        assert (await run_care.cancel(conn, ids[0])).state == "cancelled"
    assert await count_is_exact(house, await rule_of(house, version)) == 1


async def test_overlap_skip_rests_a_run_behind_a_held_one(house: House) -> None:
    version = await limited(house, overlap="skip")
    await house.open(version, *(house.event(id=number) for number in (1, 2, 3, 4)))
    await house.open(version, house.event(id=4), house.event(id=5))
    assert await states(house) == ["queued"] * 3 + ["held", "skipped", "held"]
    assert await count_is_exact(house, await rule_of(house, version)) == 2


async def test_overlap_restart_replaces_held_runs_at_once_and_others_when_they_are_let_run(
    house: House,
) -> None:
    version = await limited(house, overlap="restart")
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number) for number in (1, 2, 3, 4)))
    await house.open(version, house.event(id=4), house.event(id=1), house.event(id=1))
    assert await states(house) == ["queued"] * 3 + ["cancelled", "held", "cancelled", "held"]
    assert await count_is_exact(house, rule) == 2
    await decide(house, rule, "release")
    await carry_on(house)
    assert await states(house) == [
        "cancelled",
        "queued",
        "queued",
        "cancelled",
        "queued",
        "cancelled",
        "queued",
    ]
    assert await count_is_exact(house, rule) == 0


async def test_held_runs_stay_when_their_week_is_dropped(house: House) -> None:
    version = await limited(house)
    rule = await rule_of(house, version)
    await house.execute("select app.add_weeks('2026-04-27', '2026-05-08')")
    await house.open(version, *(house.event(id=number) for number in range(5)))
    await house.perform()
    await house.execute("update app.run set created_at = now() - interval '100 days'")
    async with transaction(house.engine) as conn:
        parts = await retention.parts_before(conn, "recent", 10)
    for part in parts:
        await retention.move_out(house.engine, part)
        await retention.drop_part(house.engine, part, days=10, failed_days=90)
    assert await states(house) == ["held"] * 2
    assert await count_is_exact(house, rule) == 2
    await decide(house, rule, "release")
    await carry_on(house)
    await house.perform()
    assert await states(house) == ["succeeded"] * 2
