"""Many failed runs are tried again at once: as looked at, in batches, each from the step that failed."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text

from ruleyard.core.errors import Conflict
from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores import bulk, bulk_retries
from ruleyard.stores.bulk import Kind
from ruleyard.stores.bulk_retries import Filter
from ruleyard.stores.db import transaction
from runner.house import House
from support.servers import Answer, http_receiver


async def failed_runs(house: House, url: str, count: int, **options: object) -> VersionId:
    hook = {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": url}}
    version = await house.publish(hook, edges=[["t", "h"]])
    await house.open(version, *(house.event(id=number) for number in range(count)))
    await house.perform(**options)
    return version


def by(batch: int) -> dict[Kind, bulk.Carry]:
    return {"retry": partial(bulk_retries.retry_some, batch=batch)}


async def rule_of(house: House, version: VersionId) -> RuleId:
    async with house.engine.connect() as conn:
        found = await conn.execute(text("select rule_id from app.version where id = :id"), {"id": version})
        return RuleId(found.scalar_one())


async def test_all_failed_runs_of_a_rule_go_on_in_batches(house: House) -> None:
    async with http_receiver(*[Answer(status=400)] * 8) as receiver:
        allow = {"outbound_allow": (receiver.address,)}
        version = await failed_runs(house, receiver.url, 5, **allow)
        other = await failed_runs(house, receiver.url, 3, **allow)
        await house.execute(
            """update app.run set fault = jsonb_build_object('code', 'outcome-unknown', 'message', '?')
               where id = 1"""
        )
        which = Filter(rule_id=await rule_of(house, version))
        async with transaction(house.engine) as conn:
            seen = await bulk_retries.preview(conn, which)
        assert (seen.count, seen.unknown, seen.rules, seen.upto_id) == (4, 1, 1, 5)
        assert [(group.node, group.runs) for group in seen.groups] == [("h", 4)]
        async with transaction(house.engine) as conn:
            begun = await bulk_retries.start(conn, which, seen.upto_id, 4, "Ann")
        progress = []
        for _ in range(3):
            async with transaction(house.engine) as conn:
                await bulk.go_on(conn, by(2))
                now = await bulk.read(conn, begun.id)
                progress.append((now.done, now.state))
        assert progress == [(2, "running"), (4, "running"), (4, "finished")]
        await house.perform(**allow)
        assert len(receiver.received) == 8 + 4
    async with house.engine.connect() as conn:
        states = await conn.execute(
            text("select version_id, state, count(*) as runs from app.run group by 1, 2 order by 1, 2")
        )
        assert [tuple(row) for row in states] == [
            (version, "failed", 1),
            (version, "succeeded", 4),
            (other, "failed", 3),
        ]


async def test_a_retry_that_would_be_about_other_runs_is_refused_and_a_stopped_one_ends(
    house: House,
) -> None:
    async with http_receiver(*[Answer(status=400)] * 3) as receiver:
        await failed_runs(house, receiver.url, 3, outbound_allow=(receiver.address,))
    with pytest.raises(Conflict, match="It would be 3 runs now, not 2"):
        async with transaction(house.engine) as conn:
            await bulk_retries.start(conn, Filter(), 3, 2, "Ann")
    async with transaction(house.engine) as conn:
        begun = await bulk_retries.start(conn, Filter(), 3, 3, "Ann")
        await bulk.go_on(conn, by(1))
        assert (await bulk.stop(conn, begun.id)).state == "stopped"
        assert await bulk.go_on(conn, by(1)) == set()
        assert (await bulk.read(conn, begun.id)).done == 1
