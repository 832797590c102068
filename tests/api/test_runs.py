"""Runs, events, figures, notifications and explanations as the screens read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
import httpx
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import manual_document, published, rule_document
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, RuleId, RunId, VersionId
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs


async def opened(engine: AsyncEngine, rule_id: int, numbers: range, *, log: int = 1) -> list[RunId]:
    """Runs of the rule's live version, one per number, as a lane would open them."""
    async with transaction(engine) as conn:
        found = await conn.execute(
            text("select live_version_id from app.rule where id = :id"), {"id": rule_id}
        )
        version_id = VersionId(found.scalar_one())
        events = [
            Event(
                log=LogId(log),
                id=EventId(number),
                lane=number % 16,
                table="public.leads",
                op="update",
                key={"id": number},
                at="2026-11-22T09:00:00+00:00",
                before={"id": number, "first_name": "Ann", "status": "new"},
                after={"id": number, "first_name": "Ann", "status": "won"},
                changed=("status",),
            )
            for number in numbers
        ]
        opened = await open_runs(
            conn, [NewRun(RuleId(rule_id), version_id, event, event.lane) for event in events]
        )
        return list(opened.runs)


async def set_state(engine: AsyncEngine, run_id: int, state: str, error: str = "") -> None:
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                update app.run set state = :state, error = :error, started_at = now() - interval '2 seconds',
                  finished_at = case when :state in ('succeeded', 'failed') then now() end where id = :id
            """),
            {"id": run_id, "state": state, "error": error},
        )


async def test_runs_are_filtered_and_paged(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    rule = await published(client, manual_document())
    ids = await opened(engine, rule["id"], range(1, 8))
    await set_state(engine, ids[0], "failed", "The mail server said no")
    first = (await client.get("/runs", params={"rule_id": rule["id"], "limit": 4})).json()
    rest = (
        await client.get("/runs", params={"rule_id": rule["id"], "limit": 4, "cursor": first["next"]})
    ).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == sorted(ids, reverse=True)
    assert rest["next"] is None
    failed = (await client.get("/runs", params={"state": "failed,cancelled"})).json()["items"]
    assert [(one["error"], one["record_label"], one["record_key"]) for one in failed] == [
        ("The mail server said no", "Ann", "1")
    ]
    assert 1900 <= failed[0]["duration_ms"] <= 60_000
    by_record = (await client.get("/runs", params={"table": "public.leads", "key": "3"})).json()["items"]
    assert [one["record_key"] for one in by_record] == ["3"]
    by_number = (await client.get("/runs", params={"number": ids[2]})).json()["items"]
    assert [one["id"] for one in by_number] == [ids[2]]
    assert (await client.get("/runs", params={"number": max(ids) + 1})).json()["items"] == []
    assert (
        await client.get("/runs", params={"from": "2000-01-01T00:00:00", "to": "2000-01-02T00:00:00Z"})
    ).json()["items"] == []


async def test_runs_of_a_span_of_time_are_all_found_though_ids_and_moments_overlap(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, manual_document())
    ids = await opened(engine, rule["id"], range(1, 101))
    async with transaction(
        engine
    ) as conn:  # one a minute; every third began half a minute before the one before it
        await conn.execute(
            text("""
                update app.run set created_at = timestamptz '2026-01-01 00:00Z' + (event_id * 60
                  - case when event_id % 3 = 0 then 90 else 0 end) * interval '1 second'
            """)
        )
        moments = {
            row.id: row.created_at for row in await conn.execute(text("select id, created_at from app.run"))
        }
    assert set(moments) == set(ids)
    for span in (("00:20", "01:10"), ("00:00", "00:01"), ("01:39", "23:00"), ("03:00", "04:00")):
        since, until = (f"2026-01-01T{one}:00+00:00" for one in span)
        found = (await client.get("/runs", params={"from": since, "to": until, "limit": 100})).json()["items"]
        wanted = [
            run
            for run, at in moments.items()
            if datetime.fromisoformat(since) <= at < datetime.fromisoformat(until)
        ]
        assert [one["id"] for one in found] == sorted(wanted, reverse=True)


async def test_runs_of_a_version_are_found_with_and_without_its_rule(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule, other = [await published(client, manual_document(name=name)) for name in ("one", "two")]
    ids = await opened(engine, rule["id"], range(1, 3))
    others = await opened(engine, other["id"], range(1, 3))

    async def of(**filters: Any) -> set[int]:
        return {one["id"] for one in (await client.get("/runs", params=filters)).json()["items"]}

    assert await of(version=1) == {*ids, *others}
    assert await of(version=1, rule_id=rule["id"]) == {*ids}
    assert await of(version=2) == await of(version=2, rule_id=rule["id"]) == set()


async def test_a_run_carries_all_that_its_screen_paints(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, manual_document())
    (run_id,) = await opened(engine, rule["id"], range(1, 2))
    run = (await client.get(f"/runs/{run_id}")).json()
    assert run["document"] == manual_document()
    assert run["event"]["after"]["status"] == "won"
    assert run["trace"] == {"outcome": "running", "steps": []}
    assert (run["can_retry"], run["can_cancel"], run["live_version"]) == (False, True, 1)


async def test_retry_and_cancel(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    rule = await published(client, manual_document())
    ids = await opened(engine, rule["id"], range(1, 4))
    await set_state(engine, ids[0], "failed", "no")
    await set_state(engine, ids[1], "failed", "no")
    assert (await client.post(f"/runs/{ids[0]}/retry")).json()["state"] == "queued"
    refused = await client.post(f"/runs/{ids[0]}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "run-not-failed")
    assert (await client.post("/runs/retry", json={"ids": [ids[1], ids[2], 999]})).json() == {
        "retried": [ids[1]],
        "skipped": [ids[2], 999],
    }
    assert (await client.post(f"/runs/{ids[2]}/cancel")).json()["state"] == "cancelled"


async def test_the_rules_list_shows_the_week_and_what_needs_attention(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, manual_document())
    ids = await opened(engine, rule["id"], range(1, 4))
    await set_state(engine, ids[2], "failed", "The mail server said no")
    found = (await client.get("/rules", params={"status": "attention"})).json()
    (line,) = found["items"]
    assert (line["runs_7d"], line["failed_7d"], line["last_run_state"]) == (3, 1, "failed")
    assert found["counts"]["attention"] == 1
    assert found["attention"] == [
        {
            "rule_id": rule["id"],
            "name": "By hand",
            "failed_24h": 1,
            "reason": "The mail server said no",
            "fault": None,
            "drift": [],
            "run_id": ids[2],
            "held": 0,
        }
    ]


async def test_figures_have_every_bucket(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    rule = await published(client, manual_document())
    ids = await opened(engine, rule["id"], range(1, 4))
    await set_state(engine, ids[0], "succeeded")
    await set_state(engine, ids[1], "failed", "no")
    for period, buckets in (("24h", 24), ("7d", 7), ("14d", 14), ("30d", 30)):
        stats = (await client.get("/stats", params={"period": period})).json()
        assert len(stats["series"]) == buckets, period
        assert (stats["runs"], stats["succeeded"], stats["failed"], stats["success_rate"]) == (3, 1, 1, 0.5)
        assert stats["series"][-1] | {"at": ""} == {"at": "", "succeeded": 1, "failed": 1, "other": 1}
        assert stats["active"] == [{"rule_id": rule["id"], "name": "By hand", "runs": 3, "failed": 1}]
        assert stats["attention"][0]["reason"] == "no"
        assert 1900 <= stats["median_ms"] <= 60_000


async def test_notifications_are_ones_own_and_read_once(
    browser: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    from ruleyard.stores.notifications import notify

    async with transaction(engine) as conn:
        for key, to in (("1:a", "everyone"), ("2:a", "admin"), ("3:a", "ann@example.com"), ("4:a", "viewer")):
            await notify(conn, key=key, to=to, title=f"For {to}", body="", rule_id=None, run_id=None)
    found = (await browser.get("/notifications")).json()
    assert [one["title"] for one in found["items"]] == ["For ann@example.com", "For admin", "For everyone"]
    assert found["unread"] == 3
    first = found["items"][0]["id"]
    assert (await browser.post("/notifications/read", json={"ids": [first]})).json() == {"unread": 2}
    assert (await browser.post("/notifications/read", json={"all": True})).json() == {"unread": 0}


async def test_a_change_shows_as_an_event_and_says_why_a_rule_did_not_run(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection, engine: AsyncEngine
) -> None:
    rule = await published(client, rule_document())
    lead = await crm.fetchval(
        "insert into public.leads (first_name, email, status) values ('Ann', 'a@example.com', 'new') returning id"
    )
    await crm.execute("update public.leads set status = 'lost' where id = $1", lead)
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    params: dict[str, Any] = {
        "connection_id": watched_leads.id,
        "key": msgspec.json.encode({"id": lead}).decode(),
    }
    events = (await client.get("/events", params=params)).json()["items"]
    assert [(one["op"], one["changed"]) for one in events] == [
        ("update", ["status"]),
        ("update", ["status"]),
        ("insert", []),
    ] or [one["op"] for one in events] == ["update", "update", "insert"]
    won, lost, inserted = events

    async def why(event: dict[str, Any]) -> dict[str, Any]:
        answer = await client.get(
            f"/rules/{rule['id']}/explain", params={"log": event["log"], "event_id": event["id"]}
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert ((await why(won))["fired"], (await why(won))["version"]) == (True, 1)
    assert (await why(lost))["reason_code"] == "condition-false"
    assert (await why(inserted))["reason_code"] == "other-operation"
    await client.post(f"/rules/{rule['id']}/disable")
    await crm.execute("update public.leads set status = 'new' where id = $1", lead)
    newest = (await client.get("/events", params=params)).json()["items"][0]
    assert (await why(newest))["reason_code"] == "rule-off"


async def test_firing_by_hand_writes_one_event_however_often_it_is_sent(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, manual_document())
    path, headers = f"/rules/{rule['id']}/fire", {"Idempotency-Key": "order-7"}
    first = await client.post(path, json={"note": "now"}, headers=headers)
    assert first.status_code == 202, first.text
    second = await client.post(path, json={"note": "now"}, headers=headers)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    reused = await client.post(path, json={"note": "other"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")
    events = (await client.get("/events", params={"connection_id": 0})).json()["items"]
    assert [(one["op"], one["id"]) for one in events] == [("manual", first.json()["event_id"])]
    await client.post(f"/rules/{rule['id']}/disable")
    off = await client.post(path, json={})
    assert (off.status_code, off.json()["code"]) == (409, "rule-off")


async def test_firing_a_change_rule_needs_its_record(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    path = f"/rules/{rule['id']}/fire"
    assert (await client.post(path, json={})).json()["code"] == "record-needed"
    assert (await client.post(path, json={"key": {"id": 4242}})).json()["code"] == "unknown-record"
    assert (await client.post(path, json={"key": {"id": "x; --"}})).json()["code"] == "unknown-record"
    lead = await crm.fetchval(
        "insert into public.leads (first_name, status) values ('Bo', 'won') returning id"
    )
    assert (await client.post(path, json={"key": {"id": lead}})).status_code == 202
