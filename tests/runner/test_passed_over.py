"""A run of a version with switched off steps: they are kept as passed over and performed never."""

from __future__ import annotations

import asyncpg

from runner.house import House


def task(node: str, **more: object) -> dict[str, object]:
    fields = {"table": "public.tasks", "set": {"title": node}}
    return {"id": node, "kind": "action", "do": "create_record", "fields": fields, **more}


async def test_what_is_switched_off_is_kept_as_passed_over_and_not_performed(
    house: House, crm: asyncpg.Connection
) -> None:
    never = {"id": "c", "kind": "condition", "logic": False, "off": True, "note": "for the summer"}
    rests = {"id": "w", "kind": "wait", "amount": 1, "unit": "days", "off": True}
    edges = [["t", "c"], ["c", "a", "yes"], ["a", "w"], ["w", "b"]]
    version = await house.publish(never, task("a", off=True), rests, task("b"), edges=edges)
    [run_id] = await house.open(version, house.event())
    async with house.runner() as runner:
        await runner.perform_slot(3)
    run = await house.run(run_id)
    assert (run.state, run.path) == ("succeeded", "1")
    steps = await house.steps(run_id)
    assert [(step.node, step.state, step.error.code if step.error else "") for step in steps.values()] == [
        ("t", "succeeded", ""),
        ("c", "skipped", "switched-off"),
        ("a", "skipped", "switched-off"),
        ("w", "skipped", "switched-off"),
        ("b", "succeeded", ""),
    ]
    assert [row["title"] for row in await crm.fetch("select title from public.tasks order by id")] == ["b"]
