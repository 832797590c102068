"""A rule that runs at most once for each record, or once a day: what comes again is recorded and not performed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text

from ruleyard.core.event import Event
from ruleyard.core.timing import Timing
from ruleyard.stores import tidying
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.once import Once
from runner.house import House
from runner.test_overlap import SKIP, TASK, states

EDGES = [["t", "a"]]
RECORD = {"once": "record"}
DAY = {"once": "day"}


def at(event: Event, moment: str) -> Event:
    return msgspec.structs.replace(event, at=moment)


async def test_a_record_has_one_run_whatever_comes_later(house: House) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=RECORD)
    first, second, other = await house.open(version, house.event(), house.event(), house.event(id=2))
    await house.perform()
    [third] = await house.open(version, at(house.event(), "2027-05-01T09:00:00+00:00"))
    assert await states(house) == ["succeeded", "skipped", "succeeded", "skipped"]
    for late in (second, third):
        run = await house.run(late)
        assert run.error == f"This rule runs once for each record: run {first} was for this one."
        assert run.started_at is None
    async with house.engine.connect() as conn:
        found = await conn.exec_driver_sql(
            "select fault ->> 'code', fault -> 'args' from app.run where id = 2"
        )
        assert tuple(found.one()) == ("once-done", {"run": first})
    assert (await house.run(other)).state == "succeeded"


async def test_another_version_of_the_rule_does_not_begin_anew(house: House) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=RECORD)
    await house.open(version, house.event())
    async with transaction(house.engine) as conn:
        newer = await conn.execute(
            text("""
                insert into app.version (rule_id, number, document)
                select rule_id, 2, document from app.version where id = :id returning id
            """),
            {"id": version},
        )
    await house.open(newer.scalar_one(), house.event())
    assert await states(house) == ["queued", "skipped"]


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        ("UTC", ["queued", "skipped", "queued"]),
        ("Asia/Seoul", ["queued", "queued", "skipped"]),
    ],
)
async def test_a_day_is_that_of_the_workspace(house: House, zone: str, wanted: list[str]) -> None:
    async with transaction(house.engine) as conn:
        await conn.execute(
            text(
                "insert into app.calendar (name, spec, is_default) "
                "values ('W', jsonb_build_object('zone', cast(:zone as text)), true)"
            ),
            {"zone": zone},
        )
    version = await house.publish(TASK, edges=EDGES, policy=DAY)
    for moment in (
        "2026-05-01T14:59:00+00:00",
        "2026-05-01T15:01:00+00:00",
        "2026-05-02T00:00:00+00:00",
    ):
        await house.open(version, at(house.event(), moment))
    assert await states(house) == wanted


async def test_what_was_skipped_or_cancelled_before_it_began_does_not_count(
    house: House,
) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=RECORD)
    [first] = await house.open(version, house.event())
    async with transaction(house.engine) as conn:
        await conn.execute(
            text("update app.run set state = 'cancelled', finished_at = now() where id = :id"),
            {"id": first},
        )
    await house.open(version, house.event())
    assert await states(house) == ["cancelled", "queued"]
    async with transaction(house.engine) as conn:
        await conn.execute(
            text("update app.run set state = 'skipped', finished_at = now() where state = 'queued'")
        )
    await house.open(version, house.event())
    assert await states(house) == ["cancelled", "skipped", "queued"]


async def test_a_run_that_failed_counts(house: House) -> None:
    broken = TASK | {"fields": {"table": "public.nowhere", "set": {}}}
    version = await house.publish(broken, edges=EDGES, policy=RECORD)
    await house.open(version, house.event())
    await house.perform()
    await house.open(version, house.event())
    assert await states(house) == ["failed", "skipped"]


async def test_a_run_skipped_because_its_record_is_busy_leaves_the_day_to_the_next(
    house: House,
) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=DAY | SKIP)
    [first] = await house.open(version, at(house.event(), "2026-05-01T09:00:00+00:00"))
    [busy] = await house.open(version, at(house.event(), "2026-05-02T09:00:00+00:00"))
    await house.perform()
    await house.open(version, at(house.event(), "2026-05-02T10:00:00+00:00"))
    assert await states(house) == ["succeeded", "skipped", "queued"]
    assert (await house.run(busy)).error == f"Run {first} of this rule was still busy with the same record."


async def test_changes_in_a_list_have_had_their_run(house: House) -> None:
    policy = RECORD | {"batch": {"at_most": 2, "within": {"amount": 1, "unit": "hours"}}}
    timing = Timing(batch=None)
    version = await house.publish(TASK, edges=EDGES, policy=policy)
    await house.open(version, house.event(), timing=timing)
    async with transaction(house.engine) as conn:
        await conn.execute(
            text("update app.run set state = 'skipped', batch_run = id + 1, finished_at = now()")
        )
    await house.open(version, house.event())
    assert await states(house) == ["skipped", "skipped"]


async def test_what_somebody_asked_for_beside_a_change_is_not_one_too_many(house: House) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=RECORD)
    [first] = await house.open(version, house.event())
    rule = (await house.run(first)).rule_id
    async with transaction(house.engine) as conn:
        await open_runs(
            conn,
            [
                NewRun(rule, version, event, event.lane, once=once)
                for event, once in ((house.event(), None), (house.event(), Once("record")))
            ],
        )
    assert await states(house) == ["queued", "queued", "skipped"]


async def test_two_who_open_at_the_same_time_have_one_run_between_them(
    house: House,
) -> None:
    version = await house.publish(TASK, edges=EDGES, policy=RECORD)
    events = [house.event() for _ in range(12)]
    await asyncio.gather(*(house.open(version, *events[start : start + 3]) for start in range(0, 12, 3)))
    assert sorted(await states(house)) == ["queued"] + ["skipped"] * 11


async def test_days_go_when_they_are_old_and_records_never(house: House) -> None:
    for policy in (RECORD, DAY):
        version = await house.publish(TASK, edges=EDGES, policy=policy)
        await house.open(version, house.event(), house.event(id=2))
    async with transaction(house.engine) as conn:
        await conn.execute(
            text("update app.once set made_at = now() - cast(:age as interval) where record_key like '%2%'"),
            {"age": timedelta(days=61)},
        )
    await tidying.tidy(house.engine)
    async with house.engine.connect() as conn:
        left = await conn.execute(
            text("select day > '-infinity' as of_a_day, count(*) as n from app.once group by 1 order by 1")
        )
        assert [tuple(row) for row in left] == [(False, 2), (True, 1)]
