"""What a rule holds: shown with what it would do, decided by publishers, taken back, written down in the audit log."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, RuleId, VersionId
from ruleyard.intake.tickers import due_work
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs

MAIL = {"to": "a@example.com", "subject": "s", "body": "b"}
DOCUMENT: dict[str, Any] = {
    "dialect": 1,
    "name": "Mail the new ones",
    "nodes": [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "c", "kind": "condition", "logic": {"===": [{"var": "now"}, ""]}},
        {"id": "m", "kind": "action", "do": "send_email", "fields": MAIL},
        {"id": "n", "kind": "action", "do": "send_email", "fields": MAIL},
        {"id": "w", "kind": "action", "do": "notify", "fields": {"title": "New"}},
    ],
    "edges": [["t", "c"], ["c", "m", "yes"], ["m", "w"], ["c", "n", "no"]],
    "policy": {"limit": 2},
}


@pytest.fixture
async def holding(client: httpx.AsyncClient, engine: AsyncEngine) -> int:
    """A rule that held 3 of its 5 runs."""
    made = (await client.post("/rules", json={"document": DOCUMENT})).json()
    async with transaction(engine) as conn:
        version = await conn.execute(
            text("""
                insert into app.version (rule_id, number, document)
                select rule_id, 1, document from app.draft where rule_id = :rule returning id
            """),
            {"rule": made["id"]},
        )
        version_id = VersionId(version.scalar_one())
        await conn.execute(
            text("update app.rule set live_version_id = :version, enabled = true"), {"version": version_id}
        )
        events = [
            Event(
                log=LogId(0),
                id=EventId(number),
                lane=number,
                table="",
                op="manual",
                key={"id": number},
                at="2026-11-22T09:00:00+00:00",
            )
            for number in range(5)
        ]
        rule_id = RuleId(made["id"])
        await open_runs(conn, [NewRun(rule_id, version_id, one, one.lane, limit=2) for one in events])
    return int(made["id"])


async def test_a_rule_that_holds_says_how_many_since_when_and_what_they_would_do(
    client: httpx.AsyncClient, holding: int
) -> None:
    seen = (await client.get(f"/rules/{holding}/held")).json()
    assert (seen["held"], seen["limit"], seen["work"], seen["can_recall"]) == (3, 2, None, False)
    assert seen["since"] is not None
    assert seen["would_do"] == [{"do": "notify", "times": 3}, {"do": "send_email", "times": 3}]
    (line,) = (await client.get("/held")).json()["items"]
    assert (line["rule_id"], line["rule_name"], line["held"]) == (holding, "Mail the new ones", 3)
    (rule,) = (await client.get("/rules", params={"status": "attention"})).json()["items"]
    assert (rule["held"], rule["held_since"]) == (3, seen["since"])
    runs = (await client.get("/runs", params={"state": "waiting", "fault": "held"})).json()["items"]
    assert len(runs) == 3
    assert runs[0]["fault"]["code"] == "held"


async def test_a_publisher_cancels_them_takes_it_back_and_lets_them_run(
    client: httpx.AsyncClient, engine: AsyncEngine, holding: int
) -> None:
    path = f"/rules/{holding}/held"
    cancelled = (await client.post(f"{path}/cancel", json={"count": 3})).json()
    assert (cancelled["work"]["kind"], cancelled["work"]["total"], cancelled["can_recall"]) == (
        "cancel",
        3,
        True,
    )
    assert cancelled["since"] is None
    await due_work(engine)
    assert (await client.get(path)).json()["held"] == 0
    assert (await client.post(f"{path}/recall")).json()["work"]["total"] == 3
    await due_work(engine)
    again = (await client.get(path)).json()
    assert (again["held"], again["work"]["done"], again["can_recall"]) == (3, 3, False)
    assert again["since"] is not None
    assert (await client.post(f"{path}/release", json={"count": 3})).json()["work"]["kind"] == "release"
    assert await due_work(engine) == [0, 1, 2, 3, 4]
    assert (await client.get(path)).json()["held"] == 0
    refused = await client.post(f"{path}/release", json={"count": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-held")
    audit = (await client.get("/audit")).json()["items"]
    assert [one["action"] for one in audit][:3] == [
        "let held runs run",
        "hold runs again",
        "cancel held runs",
    ]


async def test_an_editor_looks_and_does_not_decide(app: Litestar, engine: AsyncEngine, holding: int) -> None:
    key = await key_of(engine, "editor")
    async with client_of(app, headers={"Authorization": f"Bearer {key}"}) as editor:
        assert (await editor.get(f"/rules/{holding}/held")).status_code == 200
        for verb in ("release", "cancel", "recall"):
            answer = await editor.post(f"/rules/{holding}/held/{verb}", json={"count": 3})
            assert answer.status_code == 403
