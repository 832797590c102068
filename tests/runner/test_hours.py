"""A run keeps the hours of its rule: outside of them it waits, or is skipped; after a wait, too. The clock is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import asyncpg
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.clock import utc_now, utc_text
from ruleyard.core.calendars import DAYS, Calendar, Holiday
from ruleyard.core.timing import Timing
from ruleyard.core.types import RunId
from ruleyard.stores import passing_on
from ruleyard.stores.calendars import change_calendar, create_calendar
from ruleyard.stores.db import transaction
from ruleyard.stores.turns import due_turns
from runner.house import House
from runner.test_failed_paths import task, titles
from runner.test_for_each import ITEM, each, items_of, settle, tell, told
from runner.test_retries import MAIL
from support.servers import smtp_receiver

NIGHT = datetime(2026, 5, 4, 20, tzinfo=UTC)
MORNING = datetime(2026, 5, 5, 9, 0, tzinfo=UTC)
OWN = {"zone": "UTC", "days": ["mon", "tue", "wed", "thu", "fri"], "between": ["09:00", "18:00"]}
WAIT = {"id": "w", "kind": "wait", "amount": 1, "unit": "hours"}
DO = task("a", "done")


class Clock:
    """What the runner takes for now, moment by moment; the last one stays."""

    def __init__(self, house: House, *told: datetime) -> None:
        self._house = house
        self.told = [*told]

    def __call__(self) -> datetime:
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]

    async def perform(self, at: datetime | None = None) -> None:
        self.told = self.told if at is None else [at]
        await self._house.perform(now=self)

    async def wake(self, at: datetime) -> None:
        """As if the moment had come that it waits for."""
        await self._house.execute("update app.run set wake_at = now() where state = 'waiting'")
        await self._house.wake()
        await self.perform(at)


async def why(house: House, run_id: RunId) -> tuple[str, str, dict[str, str]]:
    """State of a run, and the code and args of what it says of it."""
    async with house.engine.connect() as conn:
        row = (
            await conn.execute(text("select state, fault from app.run where id = :id"), {"id": run_id})
        ).one()
    fault = row.fault or {}
    return row.state, fault.get("code", ""), fault.get("args", {})


async def one_run(house: House, hours: dict, *nodes: dict, at: datetime = NIGHT) -> RunId:
    ids = ["t", *(str(node["id"]) for node in nodes)]
    edges = [[a, b] for a, b in pairwise(ids)]
    version = await house.publish(*nodes, edges=edges, policy={"hours": hours})
    [run_id] = await house.open(version, msgspec.structs.replace(house.event(), at=utc_text(at)))
    return run_id


async def test_a_run_outside_of_its_hours_waits_and_begins_when_they_do(
    house: House, crm: asyncpg.Connection
) -> None:
    clock = Clock(house, NIGHT)
    run_id = await one_run(house, OWN, DO)
    await clock.perform()
    state, code, args = await why(house, run_id)
    assert (state, code, args["until"]) == ("waiting", "outside-hours", "2026-05-05T09:00:00+00:00")
    assert (await house.run(run_id)).wake_at is not None
    assert await titles(crm) == []
    await clock.wake(MORNING - timedelta(seconds=1))
    assert (await house.run(run_id)).state == "waiting"
    await clock.wake(MORNING)
    assert (await house.run(run_id)).state == "succeeded"
    assert await titles(crm) == ["done"]


async def test_inside_of_its_hours_it_begins_at_once(house: House) -> None:
    run_id = await one_run(house, OWN, DO)
    await Clock(house, MORNING).perform()
    assert (await house.run(run_id)).state == "succeeded"


async def test_a_rule_may_skip_what_comes_outside(house: House, crm: asyncpg.Connection) -> None:
    skips = OWN | {"outside": "skip"}
    run_id = await one_run(house, skips, DO, at=NIGHT)
    await Clock(house, MORNING).perform()
    assert (await why(house, run_id))[:2] == ("skipped", "outside-hours-skipped")
    late = await one_run(house, skips, DO, at=MORNING - timedelta(days=1))
    await Clock(house, NIGHT).perform()
    assert (await house.run(late)).state == "waiting"
    assert await titles(crm) == []


async def test_after_a_wait_that_ends_at_night_it_goes_on_in_the_morning(
    house: House, crm: asyncpg.Connection
) -> None:
    day = MORNING - timedelta(days=1)
    clock = Clock(house, day)
    run_id = await one_run(house, OWN | {"outside": "skip"}, task("b", "first"), WAIT, DO, at=day)
    await clock.perform()
    assert await titles(crm) == ["first"]
    await clock.wake(NIGHT)
    assert (await why(house, run_id))[:2] == ("waiting", "outside-hours")
    assert (await house.steps(run_id))["w"].state == "succeeded"
    # Its calendar may have been changed since it began: what has begun is not skipped.
    await house.execute(
        "update app.run set event = jsonb_set(event, '{at}', to_jsonb(cast(:at as text)))", at=utc_text(NIGHT)
    )
    await clock.wake(MORNING)
    assert (await house.run(run_id)).state == "succeeded"
    assert await titles(crm) == ["first", "done"]


async def test_somebody_lets_a_run_go_on_outside_of_its_hours(house: House, crm: asyncpg.Connection) -> None:
    """Once: a wait that comes later ends within them again."""
    clock, again = Clock(house, MORNING), WAIT | {"id": "v"}
    run_id = await one_run(house, OWN, task("b", "first"), WAIT, DO, again, task("d", "last"), at=MORNING)
    await clock.perform()
    await clock.wake(NIGHT)
    assert (await why(house, run_id))[:2] == ("waiting", "outside-hours")
    async with transaction(house.engine) as conn:
        assert (await passing_on.go_on(conn, run_id, "now")).state == "queued"
    await clock.perform(NIGHT)
    assert await titles(crm) == ["first", "done"]
    assert await why(house, run_id) == ("waiting", "", {})
    await clock.wake(NIGHT)
    assert (await why(house, run_id))[:2] == ("waiting", "outside-hours")


async def test_what_is_under_way_is_not_torn_apart(house: House) -> None:
    run_id = await one_run(house, OWN, task("b", "first"), DO)
    await Clock(house, MORNING, NIGHT).perform()
    assert (await house.run(run_id)).state == "succeeded"


async def test_a_retry_at_night_waits_and_its_step_says_so(house: House) -> None:
    clock = Clock(house, MORNING)
    async with smtp_receiver("451 later") as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(house, OWN, MAIL)
        await clock.perform()
        await clock.wake(NIGHT)
        step = (await house.steps(run_id))["m"]
        assert (step.state, step.error.code, step.attempts) == ("waiting", "outside-hours", 1)
        await clock.wake(MORNING)
    assert (await house.run(run_id)).state == "succeeded"
    assert len((await house.attempts(run_id))["m"]) == 2


async def listed(house: House, hours: dict, at: datetime) -> RunId:
    """A run that goes through two names and tells each."""
    edges = [["t", "f"], ["f", "n", "each"]]
    version = await house.publish(each(), tell("n", ITEM), edges=edges, policy={"hours": hours})
    [run_id] = await house.open(
        version, msgspec.structs.replace(house.event(names=["a", "b"]), at=utc_text(at))
    )
    return run_id


async def test_a_list_outside_of_the_hours_is_not_begun(house: House) -> None:
    waits, skips = await listed(house, OWN, NIGHT), await listed(house, OWN | {"outside": "skip"}, NIGHT)
    await Clock(house, NIGHT).perform()
    assert (await why(house, waits))[:2] == ("waiting", "outside-hours")
    assert (await why(house, skips))[:2] == ("skipped", "outside-hours-skipped")
    assert [await items_of(house, one) for one in (waits, skips)] == [[], []]


async def test_a_list_that_was_begun_within_the_hours_is_gone_through_to_its_end(house: House) -> None:
    for hours in (OWN, OWN | {"outside": "skip"}):
        run_id = await listed(house, hours, MORNING)
        await settle(house, now=Clock(house, MORNING, NIGHT))
        assert (await house.run(run_id)).state == "succeeded"
        assert {one.state for one in await items_of(house, run_id)} == {"succeeded"}
    assert sorted(await told(house)) == ["a", "a", "b", "b"]


async def test_hours_that_only_count_days_hold_nothing_up(house: House) -> None:
    run_id = await one_run(house, OWN | {"outside": "run"}, DO)
    await Clock(house, NIGHT).perform()
    assert (await house.run(run_id)).state == "succeeded"


async def test_a_calendar_that_is_changed_lets_in_what_waits(house: House) -> None:
    every_day = dict.fromkeys(DAYS, (("00:00", "24:00"),))
    today = utc_now().date()
    closed = tuple(Holiday(today + timedelta(days=count)) for count in (-1, 0, 1))
    async with transaction(house.engine) as conn:
        made = await create_calendar(
            conn, Calendar("Office", "UTC", every_day, closed), by=None, default=False
        )
    run_id = await one_run(house, {"calendar": "Office"}, DO)
    await house.perform()
    state, code, args = await why(house, run_id)
    assert (state, code, args["calendar"]) == ("waiting", "outside-hours", "Office")
    async with transaction(house.engine) as conn:
        opened = Calendar("Office", "UTC", every_day)
        await change_calendar(conn, made.id, opened, etag=made.etag, by=None, default=False)
    assert 3 in await house.wake()
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"


async def test_at_the_gate_runs_wait_until_the_calendar_opens_and_somebody_may_let_one_in(
    house: House,
) -> None:
    """What is opened while it is closed is not even queued; what a person lets in begins, closed or not."""
    every_day = dict.fromkeys(DAYS, (("00:00", "24:00"),))
    today = utc_now().date()
    closed = tuple(Holiday(today + timedelta(days=count)) for count in (-1, 0, 1))
    async with transaction(house.engine) as conn:
        made = await create_calendar(
            conn, Calendar("Office", "UTC", every_day, closed), by=None, default=False
        )
    version = await house.publish(DO, edges=[["t", "a"]], policy={"hours": {"calendar": "Office"}})
    first, second = await house.open(version, house.event(), house.event(id=2), timing=Timing(hours=True))
    await house.perform()
    assert [(await house.run(one)).state for one in (first, second)] == ["waiting", "waiting"]
    async with transaction(house.engine) as conn:
        gate = await peek(conn)
    assert gate == datetime.combine(today + timedelta(days=2), datetime.min.time(), UTC)
    await house.execute("update app.run set state = 'queued' where id = :id", id=first)
    await house.perform()
    assert (await house.run(first)).state == "succeeded"
    async with transaction(house.engine) as conn:
        opened = Calendar("Office", "UTC", every_day)
        await change_calendar(conn, made.id, opened, etag=made.etag, by=None, default=False)
        assert await due_turns(conn) == {3}
    await house.perform()
    assert (await house.run(second)).state == "succeeded"


async def peek(conn: AsyncConnection) -> datetime:
    """When the clock looks at the gate again."""
    found: datetime = (await conn.execute(text("select look_at from app.gate"))).scalar_one()
    return found


async def test_a_calendar_that_is_gone_fails_the_run_in_the_open(house: House) -> None:
    run_id = await one_run(house, {"calendar": "Nowhere"}, DO)
    await house.perform()
    assert (await why(house, run_id))[:2] == ("failed", "unknown-calendar")
