"""Why, and why not: of an event, or of a record's latest change, by the version that was live then."""

from __future__ import annotations

import asyncpg
import httpx

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection


async def test_a_record_is_explained_by_its_latest_change(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    lead = await crm.fetchval(
        "insert into public.leads (first_name, status) values ('Ann', 'new') returning id"
    )
    await crm.execute("update public.leads set status = 'lost' where id = $1", lead)
    between = await crm.fetchval("select clock_timestamp()")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    key = f'{{"id": {lead}}}'
    now = (await client.get(f"/rules/{rule['id']}/why", params={"key": key})).json()
    assert (now["fired"], now["nearest"]) == (True, [])
    then = (
        await client.get(f"/rules/{rule['id']}/why", params={"key": key, "at": between.isoformat()})
    ).json()
    assert (then["fired"], then["reason_code"]) == (False, "condition-false")
    assert then["reason"] == 'It did not run because the rule needs that status is "won" (it was "lost").'
    (flip,) = then["nearest"]
    assert (flip["node"], flip["path"], flip["seen"], flip["needed"]) == ("c", "", "lost", "won")


async def test_a_rule_that_was_off_says_since_when(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    rule = await published(client, rule_document())
    why = f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D"
    early = (await client.get(why)).json()
    assert (early["fired"], early["reason_code"]) == (False, "rule-off")
    assert "it was first switched on at" in early["reason"]
    assert early["nearest"][0]["relation"] == "was on"
    await client.post(f"/rules/{rule['id']}/disable")
    await crm.execute("update public.leads set first_name = 'Bo' where id = $1", lead)
    assert "it was switched off at" in (await client.get(why)).json()["reason"]


async def test_what_cannot_be_explained_is_said(client: httpx.AsyncClient, watched_leads: Connection) -> None:
    rule = await published(client, rule_document())
    missing = await client.get(f"/rules/{rule['id']}/why", params={"key": '{"id": 0}'})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown-event")
    odd = await client.get(f"/rules/{rule['id']}/why", params={"key": "7"})
    assert odd.status_code == 422 or odd.status_code == 400, odd.text
