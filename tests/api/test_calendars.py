"""Working calendars by the API: made, changed, filled, kept by rules; and what is refused, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, manual_document, published

WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = {"name": "Seoul office", "zone": "Asia/Seoul", "week": WEEK}


async def made(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/calendars", json=OFFICE | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def keeping(calendar: str, **hours: Any) -> dict[str, Any]:
    return manual_document(policy={"hours": {"calendar": calendar} | hours})


async def test_the_first_calendar_is_the_workspaces(client: httpx.AsyncClient) -> None:
    first = await made(client, holidays=[{"on": "2026-10-05", "name": "개천절 대체 휴일"}])
    assert (first["default"], first["etag"], first["years"]) == (True, "1", [2026])
    assert first["holidays"] == [{"on": "2026-10-05", "name": "개천절 대체 휴일"}]
    second = await made(
        client, name="Night shift", week={"sat": [["22:00", "24:00"]], "sun": [["00:00", "06:00"]]}
    )
    assert second["default"] is False
    assert len(second["openings"]) == 5
    opened = [datetime.fromisoformat(one["opens_at"]) for one in second["openings"]]
    assert all(one.weekday() == 5 and one.hour == 13 for one in opened[1:])
    third = await made(client, name="Third", default=True)
    listed = (await client.get("/calendars")).json()["items"]
    assert [(one["name"], one["default"]) for one in listed] == [
        ("Night shift", False),
        ("Seoul office", False),
        ("Third", True),
    ]
    assert (await client.get(f"/calendars/{third['id']}")).json()["name"] == "Third"
    audited = [one["action"] for one in (await client.get("/audit")).json()["items"]]
    assert audited.count("create calendar") == 3


async def test_whether_it_is_open_now_is_said(client: httpx.AsyncClient) -> None:
    every_day = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    always = await made(client, week=every_day)
    assert always["now"] == {"open": True, "closes_at": None, "opens_at": None}
    today = datetime.now(UTC).date()
    closed = [{"on": f"{today + timedelta(days=count)}"} for count in (-1, 0, 1)]
    answer = await client.post(
        "/calendars/check", json=OFFICE | {"zone": "UTC", "week": every_day, "holidays": closed}
    )
    assert answer.json()["now"]["opens_at"].startswith(f"{today + timedelta(days=2)}T00:00:00")


async def test_a_change_needs_the_etag_and_tells_who_was_faster(client: httpx.AsyncClient) -> None:
    first = await made(client)
    at = f"/calendars/{first['id']}"
    assert (await client.put(at, json=OFFICE)).status_code == 428
    saved = await client.put(at, json=OFFICE | {"zone": "Asia/Tokyo"}, headers={"If-Match": '"1"'})
    assert (saved.status_code, saved.headers["etag"], saved.json()["zone"]) == (200, '"2"', "Asia/Tokyo")
    late = await client.put(at, json=OFFICE, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "calendar-changed")


async def test_a_calendar_that_rules_keep_stays(client: httpx.AsyncClient) -> None:
    first = await made(client)
    at = f"/calendars/{first['id']}"
    rule = await published(client, keeping("Seoul office"))
    using = (await client.get(f"{at}/rules")).json()["items"]
    assert [one["id"] for one in using] == [rule["id"]]
    assert (await client.get("/calendars")).json()["items"][0]["used_by"] == 1
    refused = await client.delete(at)
    assert (refused.status_code, refused.json()["code"]) == (409, "in-use")
    renamed = await client.put(at, json=OFFICE | {"name": "Busan"}, headers={"If-Match": "*"})
    assert (renamed.status_code, renamed.json()["code"]) == (409, "in-use")
    await client.delete(f"/rules/{rule['id']}")
    assert (
        await client.put(at, json=OFFICE | {"name": "Busan"}, headers={"If-Match": "*"})
    ).status_code == 200
    assert (await client.delete(at)).status_code == 204
    assert (await client.get(at)).status_code == 404


async def test_names_are_taken_once_whatever_their_capitals(client: httpx.AsyncClient) -> None:
    await made(client)
    answer = await client.post("/calendars", json=OFFICE | {"name": "SEOUL office"})
    assert (answer.status_code, answer.json()["code"]) == (409, "name-taken")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"week": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}, "spans-overlap"),
        ({"week": {"mon": [["25:00", "26:00"]]}}, "bad-time"),
        ({"week": {}}, "never-open"),
        ({"zone": "Asia/Soul"}, "unknown-zone"),
        ({"holidays": [{"on": "1900-01-01"}]}, "year-out-of-range"),
        ({"holidays": [{"on": "2026-01-01", "name": str(n)} for n in range(10_000)]}, "too-many-holidays"),
    ],
)
async def test_a_calendar_that_does_not_hold_is_refused_with_its_problems(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str
) -> None:
    answer = await client.post("/calendars", json=OFFICE | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-calendar")
    assert code in [one["code"] for one in answer.json()["problems"]]
    tried = await client.post("/calendars/check", json=OFFICE | changes)
    assert code in [one["code"] for one in tried.json()["problems"]]
    assert tried.json()["now"] is None


@pytest.mark.parametrize("holiday", [{"on": "2026-02-30"}, {"on": "soon"}, {"on": 5}, {}, "2026-01-01"])
async def test_a_holiday_that_is_no_day_is_malformed(client: httpx.AsyncClient, holiday: object) -> None:
    answer = await client.post("/calendars", json=OFFICE | {"holidays": [holiday]})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_list_of_another_year_is_said_before_it_is_saved(client: httpx.AsyncClient) -> None:
    old = {"holidays": [{"on": "2019-01-01", "name": "New Year"}]}
    [told] = (await client.post("/calendars/check", json=OFFICE | old)).json()["problems"]
    assert (told["code"], told["severity"]) == ("holidays-of-another-year", "warning")
    pasted = (await client.post("/calendars/read", json={"text": "2019-01-01 New Year\nnonsense 1"})).json()
    assert pasted["years"] == [2019]
    assert [one["line"] for one in pasted["faults"]] == [2]
    assert [one["code"] for one in pasted["problems"]] == ["holidays-of-another-year"]


async def test_a_ready_list_is_shown_and_stores_nothing(client: httpx.AsyncClient) -> None:
    assert {"KR", "CN", "RU", "US", "GB"} <= {*(await client.get("/calendars/countries")).json()["items"]}
    parts = (await client.get("/calendars/countries/GB")).json()["parts"]
    assert {"code": "SCT", "name": "Scotland"} in parts
    answer = await client.post("/calendars/ready", json={"country": "CN", "years": [2026], "language": "zh"})
    assert {"on": "2026-10-01", "name": "国庆节"} in answer.json()["holidays"]
    assert "2026-02-14" in [one["on"] for one in answer.json()["make_up"]]
    assert (await client.get("/calendars")).json()["items"] == []
    none = await client.post("/calendars/ready", json={"country": "XX", "years": [2026]})
    assert (none.status_code, none.json()["code"]) == (404, "no-ready-list")
    many = await client.post("/calendars/ready", json={"country": "KR", "years": [*range(2000, 2050)]})
    assert many.status_code == 400


async def test_an_unknown_calendar_of_a_rule_is_a_problem_with_choices(client: httpx.AsyncClient) -> None:
    await made(client)
    [told] = (await client.post("/rules/check", json={"document": keeping("Seoul offices")})).json()[
        "problems"
    ]
    assert (told["code"], told["path"]) == ("unknown-calendar", "/policy/hours/calendar")
    assert (told["args"]["choices"], told["fix"]["value"]) == (["Seoul office"], "Seoul office")
    answer = await client.post("/hours/preview", json={"hours": {"calendar": "Nowhere"}})
    assert [one["code"] for one in answer.json()["problems"]] == ["unknown-calendar"]


async def test_the_hours_of_a_rule_are_shown_as_they_stand(client: httpx.AsyncClient) -> None:
    own = {"zone": "Asia/Seoul", "days": ["mon", "sat"], "between": ["09:00", "18:00"]}
    shown = (await client.post("/hours/preview", json={"hours": own})).json()
    assert (shown["zone"], shown["week"]["sat"], shown["week"]["tue"]) == (
        "Asia/Seoul",
        [["09:00", "18:00"]],
        [],
    )
    assert len(shown["openings"]) == 5
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=count) for count in range(1, 8)]
    await made(client, holidays=[{"on": f"{day}"} for day in days])
    assert (await client.post("/hours/preview", json={"hours": {"calendar": "Seoul office"}})).json()[
        "holidays"
    ] == 5


async def test_a_schedule_shows_its_moments_by_the_calendar_of_its_rule(client: httpx.AsyncClient) -> None:
    today = datetime.now(UTC).date()
    free = [today + timedelta(days=count) for count in range(30)]
    await made(client, zone="UTC", holidays=[{"on": f"{day}"} for day in free])
    schedule = {"repeat": "day", "at": "09:00", "zone": "UTC", "days_off": "skip"}
    by_default = (await client.post("/schedules/preview", json={"schedule": schedule})).json()
    assert by_default["description"] == "every day at 09:00 (UTC), on working days only"
    assert all(one[:10] > f"{free[-1]}" for one in by_default["next"])
    own = {"hours": {"zone": "UTC", "outside": "run"}, "schedule": schedule}
    assert (await client.post("/schedules/preview", json=own)).json()["next"][0][:10] < f"{free[10]}"


async def test_a_live_schedule_moves_when_its_calendar_changes(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first = await made(client, zone="UTC")
    schedule = {"repeat": "day", "at": "09:00", "zone": "UTC", "days_off": "skip"}
    trigger = {"id": "t", "kind": "trigger", "on": "schedule", "schedule": schedule}
    document = manual_document()
    document["nodes"][0] = trigger
    await published(client, document)

    async def next_at() -> datetime:
        async with engine.connect() as conn:
            return (await conn.execute(text("select next_at from app.schedule"))).scalar_one()

    before = await next_at()
    today = datetime.now(UTC).date()
    free = [today + timedelta(days=count) for count in range(30)]
    changed = OFFICE | {"zone": "UTC", "holidays": [{"on": f"{day}"} for day in free], "default": True}
    saved = await client.put(f"/calendars/{first['id']}", json=changed, headers={"If-Match": '"1"'})
    assert saved.status_code == 200
    assert before.date() < free[10]
    assert (await next_at()).date() > free[-1]
    assert [one["used_by"] for one in (await client.get("/calendars")).json()["items"]] == [1]
    assert (await client.delete(f"/calendars/{first['id']}")).status_code == 409


async def test_editors_pick_calendars_and_admins_make_them(app: Litestar, engine: AsyncEngine) -> None:
    async with client_of(
        app, headers={"Authorization": f"Bearer {await key_of(engine, 'editor')}"}
    ) as editor:
        assert (await editor.get("/calendars")).status_code == 200
        refused = await editor.post("/calendars", json=OFFICE)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-too-weak")
