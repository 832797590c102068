"""Reports as people see them: the list for all, the file for editors, each download written down."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import key_of, manual_document, published
from ruleyard.api.controllers.reports import disposition
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import reports
from ruleyard.stores.db import transaction


async def kept(engine: AsyncEngine, rule: int, count: int, *, run: int = 7) -> list[int]:
    async with transaction(engine) as conn:
        made = [
            await reports.keep(
                conn,
                reports.NewReport(
                    f"{run}:r{n}",
                    RuleId(rule),
                    RunId(run),
                    f"r{n}",
                    "전화",
                    "전화 목록.csv",
                    "csv",
                    n,
                    b"x" * n,
                ),
                30,
            )
            for n in range(count)
        ]
    return [one.id for one in made]


async def test_the_list_goes_on_where_a_page_ended(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    rule = (await published(client, manual_document()))["id"]
    ids = await kept(engine, rule, 5)
    first = (await client.get("/reports", params={"limit": 3})).json()
    assert [one["id"] for one in first["items"]] == ids[:1:-1]
    rest = (await client.get("/reports", params={"limit": 3, "cursor": first["next"]})).json()
    assert [one["id"] for one in rest["items"]] == ids[1::-1]
    assert rest["next"] is None
    assert first["items"][0]["rule_name"] == manual_document()["name"]
    assert (await client.get("/reports", params={"run_id": 8})).json()["items"] == []
    assert len((await client.get("/reports", params={"rule_id": rule, "run_id": 7})).json()["items"]) == 5


async def test_a_download_has_its_name_and_type_and_is_written_down(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = (await published(client, manual_document()))["id"]
    *_, last = await kept(engine, rule, 3)
    answer = await client.get(f"/reports/{last}/file")
    assert (answer.status_code, answer.content) == (200, b"xx")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].endswith(
        "filename*=UTF-8''%EC%A0%84%ED%99%94%20%EB%AA%A9%EB%A1%9D.csv"
    )
    [line] = [
        one for one in (await client.get("/audit")).json()["items"] if one["action"] == "download report"
    ]
    assert (line["subject"], line["detail"]["id"]) == (f"rule:{rule}", last)
    gone = await client.get("/reports/4711/file")
    assert (gone.status_code, gone.json()["code"]) == (404, "no-report")


async def test_viewers_see_which_reports_there_are_but_not_the_records_in_them(
    client: httpx.AsyncClient, visitor: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = (await published(client, manual_document()))["id"]
    [one] = await kept(engine, rule, 1)
    visitor.headers["Authorization"] = f"Bearer {await key_of(engine, 'viewer')}"
    assert len((await visitor.get("/reports")).json()["items"]) == 1
    refused = await visitor.get(f"/reports/{one}/file")
    assert (refused.status_code, refused.json()["code"]) == (403, "role-too-weak")


@pytest.mark.parametrize("file", ['a"b\\c.csv', "x\r\nSet-Cookie: y.csv", "отчёт %41.pdf"])
def test_a_name_cannot_leave_its_header(file: str) -> None:
    header = disposition(file)
    assert header.count('"') == 2
    assert "\r" not in header
    assert "\n" not in header
