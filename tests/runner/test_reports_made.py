"""Reports from the run to the file: made once, kept until their day, told as a step's output."""

from __future__ import annotations

import csv
import io
from typing import Any

import asyncpg
import pytest
from pypdf import PdfReader
from sqlalchemy import text

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.records import Database
from ruleyard.actions.searching import Order, Question
from ruleyard.actions.streaming import stream
from ruleyard.core.types import ConnectionId, RuleId, VersionId
from ruleyard.stores import reports
from ruleyard.stores.db import transaction
from ruleyard.stores.tidying import tidy
from runner.house import House
from runner.test_find import leave_out
from runner.test_retries import died_in_the_middle

LEADS = [{"id": 1, "name": "=Ann", "at": "2026-11-23T09:00:00+00:00"}, {"id": 2, "name": "안나", "at": None}]


def node(**fields: Any) -> dict[str, Any]:
    given = {
        "title": {"cat": ["Leads of ", {"var": "after.first_name"}]},
        "format": "csv",
        "rows": {"var": "after.found"},
        **fields,
    }
    return {"id": "r", "kind": "action", "do": "make_report", "fields": given}


async def made(house: House, report_id: int) -> tuple[reports.Report, bytes]:
    async with house.engine.connect() as conn:
        return await reports.report(conn, report_id), await reports.content(conn, report_id)


async def test_a_report_is_made_kept_and_told(house: House) -> None:
    columns = [{"key": "name", "label": "Customer"}, {"key": "at"}]
    version = await house.publish(node(columns=columns, zone="Asia/Seoul"), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event(found=LEADS))
    await house.perform()
    step = (await house.steps(run_id))["r"]
    assert (await house.run(run_id)).state == "succeeded"
    report, content = await made(house, step.output["report"])
    assert step.output == {
        "report": report.id,
        "title": "Leads of Ann",
        "file": "Leads of Ann.csv",
        "format": "csv",
        "rows": 2,
        "size": len(content),
    }
    assert step.input["rows"] == 2, "the rows themselves are in the file"
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["Customer", "At"],
        ["'=Ann", "2026-11-23 18:00:00"],
        ["안나", ""],
    ]
    assert (report.run_id, report.node, report.rows) == (run_id, "r", 2)
    assert (report.kept_until - report.made_at).days == 30


async def test_a_worker_that_dies_makes_no_second_report(house: House) -> None:
    version = await house.publish(node(), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event(found=LEADS))
    async with transaction(house.engine) as conn:
        rule = RuleId(
            await conn.scalar(text("select rule_id from app.version where id = :id"), {"id": version})
        )
        new = reports.NewReport(f"{run_id}:r", rule, run_id, "r", "First", "First.csv", "csv", 7, b"first")
        first = await reports.keep(conn, new, 30)
    await died_in_the_middle(house, run_id, "r")
    await house.perform()
    output = (await house.steps(run_id))["r"].output
    assert (output["report"], output["rows"]) == (first.id, 7)
    async with house.engine.connect() as conn:
        assert len((await reports.list_reports(conn, cursor=None, limit=10)).items) == 1


async def test_a_pdf_speaks_the_language_of_whoever_published_the_rule(house: House) -> None:
    version = await house.publish(node(format="pdf", columns=[{"key": "vip"}]), edges=[["t", "r"]])
    async with transaction(house.engine) as conn:
        again = text("""
            with made as (
              insert into app.account (email, name, role, language, password_hash)
              values ('kim@example.com', 'Kim', 'publisher', 'ko', 'x') returning id)
            insert into app.version (rule_id, number, document, published_by)
            select v.rule_id, 2, v.document, m.id from app.version v, made m where v.id = :id returning id
        """)
        version = VersionId(await conn.scalar(again, {"id": version}))
    [run_id] = await house.open(version, house.event(found=[{"vip": True}, {"vip": False}]))
    await house.perform()
    output = (await house.steps(run_id))["r"].output
    _, content = await made(house, output["report"])
    words = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert ("예" in words, "아니요" in words, "true" in words) == (True, True, False)


@pytest.mark.parametrize(
    ("found", "fields", "code"),
    [
        (None, {}, "no-rows"),
        ("x", {}, "no-rows"),
        (LEADS, {"title": ""}, "empty-field"),
        (LEADS, {"zone": "Mars/Base"}, "unknown-zone"),
        ([{f"c{n}": 1 for n in range(30)}], {"format": "pdf"}, "report-too-wide"),
    ],
)
async def test_what_cannot_be_made_is_said_and_not_tried_again(
    house: House, found: Any, fields: dict[str, Any], code: str
) -> None:
    version = await house.publish(node(**fields), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event(found=found))
    await house.perform()
    step = (await house.steps(run_id))["r"]
    assert (step.state, step.error.code, step.attempts) == ("failed", code, 1)


PEOPLE = """
    create table public.people (id int primary key, name text, paid numeric, at timestamptz, secret text);
    insert into public.people
      select n, 'Person ' || n, n * 1.5, '2026-01-01T00:00:00Z'::timestamptz + make_interval(hours => n), 's' || n
      from generate_series(1, 1200) n;
    grant select on public.people to ruleyard_crm
"""


def searching(**fields: Any) -> dict[str, Any]:
    made = node(table="public.people", **fields)
    del made["fields"]["rows"]
    return made


async def rows_of(house: House, step: dict[str, Any], **after: Any) -> list[list[str]]:
    version = await house.publish(step, edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event(**after))
    await house.perform()
    done = (await house.steps(run_id))["r"]
    assert done.state == "succeeded", done.error
    _, content = await made(house, done.output["report"])
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(found) == done.output["rows"] + 1
    return found


async def test_the_rows_of_a_search_are_streamed_in_order(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute(PEOPLE)
    where = {">": [{"var": "record.id"}, {"var": "after.attempts"}]}
    head, *found = await rows_of(house, searching(where=where, order={"column": "id", "direction": "desc"}))
    assert head == ["Id", "Name", "Paid", "At", "Secret"]
    assert [int(row[0]) for row in found] == list(range(1200, 3, -1))
    assert found[-1] == ["4", "Person 4", "6", "2026-01-01 04:00:00", "s4"]
    columns = [
        {"key": "name", "label": "Who"},
        {"key": "id", "label": "No."},
        {"key": "name", "label": "Again"},
    ]
    few = await rows_of(house, searching(where=True, limit=2, columns=columns))
    assert few == [["Who", "No.", "Again"], ["Person 1", "1", "Person 1"], ["Person 2", "2", "Person 2"]]


async def test_wide_records_are_read_a_few_at_a_time(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute(
        "create table public.wide as select n as id, repeat('x', case when n > 600 then 100000 else 1 end) as story "
        "from generate_series(1, 700) n"
    )
    database = Database(await house.watched.pool(ConnectionId(house.log)))
    question = Question("public.wide", True, Order("id"), limit=1000)
    pages = [page async for page in stream(database, question, {})]
    assert [len(page) for page in pages] == [500, 150, 50]
    assert [row["id"] for page in pages for row in page if isinstance(row, dict)] == list(range(1, 701))


async def test_a_table_that_was_changed_meanwhile_is_looked_at_anew(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("create table public.moving as select 1 as id, 'a' as old")
    database = Database(await house.watched.pool(ConnectionId(house.log)))
    question = Question("public.moving", True)
    assert [page async for page in stream(database, question, {})] == [[{"id": 1, "old": "a"}]]
    await crm.execute("alter table public.moving rename old to new")
    with pytest.raises(ActionFailed) as changed:
        await anext(stream(database, question, {}))
    assert changed.value.retry
    assert [page async for page in stream(database, question, {})] == [[{"id": 1, "new": "a"}]]


async def test_what_a_watch_leaves_out_is_in_no_report(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute(PEOPLE)
    await leave_out(house, "secret")
    head, *_ = await rows_of(house, searching(where=True, limit=1))
    assert head == ["Id", "Name", "Paid", "At"]
    version = await house.publish(searching(where=True, columns=[{"key": "secret"}]), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.steps(run_id))["r"].error.code == "column-not-captured"


async def test_what_a_step_found_goes_into_a_report(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute(PEOPLE)
    find = {
        "id": "f",
        "kind": "action",
        "do": "find_records",
        "fields": {
            "table": "public.people",
            "where": {"<": [{"var": "record.id"}, 3]},
            "columns": ["id", "name"],
        },
    }
    version = await house.publish(
        find, node(rows={"var": "steps.f.output.records"}), edges=[["t", "f"], ["f", "r"]]
    )
    [run_id] = await house.open(version, house.event())
    await house.perform()
    step = (await house.steps(run_id))["r"]
    assert (step.output["rows"], step.input["rows"]) == (2, 2)


async def test_a_search_with_more_than_a_format_holds_is_refused(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute(PEOPLE.replace("1200", "10001"))
    version = await house.publish(searching(where=True, format="pdf"), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.steps(run_id))["r"].error.code == "report-too-long"


async def test_a_report_goes_when_its_day_has_come(house: House) -> None:
    version = await house.publish(node(), edges=[["t", "r"]])
    await house.open(version, house.event(found=LEADS), house.event(found=[]))
    await house.perform()
    await house.execute("update app.report set kept_until = now() - interval '1 minute' where rows = 2")
    assert (await tidy(house.engine))["report"] == 1
    async with house.engine.connect() as conn:
        [left] = (await reports.list_reports(conn, cursor=None, limit=10)).items
    assert left.rows == 0
