"""Every problem can be said in four languages: there is a text for each code, and the values it names are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ruleyard.core.calendars import Calendar, Calendars, Holiday
from ruleyard.core.check import check
from ruleyard.core.document import parse, parse_bytes
from ruleyard.core.errors import Invalid, Problem
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known, TableModel
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.types import RuleId

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "shared-schemas" / "vectors"
ROOMS = ROOT / "frontend" / "src" / "i18n"
LANGUAGES = ("en", "ko", "zh", "ru")
UNUSED = {"unknown-choice"}
"""The text that no field of today needs: every column has a name."""

ANALYSIS = {
    "condition-always-true",
    "condition-never-true",
    "branch-never-taken",
    "way-covered",
    "writes-same-column",
    "rule-wakes-itself",
    "rules-in-a-circle",
    "rule-starts-itself",
}
"""Warnings of the analysis at publish, which are no problems of the check."""

GIVEN = re.compile(r"\{\{(\w+)\}\}")

LEADS = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "crm",
    "table": "public.leads",
}


def rule(*nodes: Any, trigger: Any = None, **more: Any) -> Any:
    start = {**LEADS, "events": ["update"], **(trigger or {})}
    return {
        "dialect": 1,
        "name": "r",
        "nodes": [start, *nodes],
        "edges": [["t", "x"]],
        **more,
    }


def condition(logic: Any) -> Any:
    return {"id": "x", "kind": "condition", "logic": logic}


def action(do: str, **fields: Any) -> Any:
    return {"id": "x", "kind": "action", "do": do, "fields": fields}


def items(**more: Any) -> Any:
    return {"id": "x", "kind": "for_each", **more}


NOTE = {"id": "y", "kind": "action", "do": "notify", "fields": {"title": "x"}}


def scheduled(**schedule: Any) -> Any:
    start = {"id": "t", "kind": "trigger", "on": "schedule", "schedule": schedule}
    return {"dialect": 1, "name": "r", "nodes": [start]}


AT_MOST = {"amount": 1, "unit": "days"}


def wait(**fields: Any) -> Any:
    return {"id": "x", "kind": "wait", **fields}


MORE: tuple[Any, ...] = (
    rule(wait(until={"var": "after.budget"})),
    rule(wait(until={"length": ["x"]})),
    rule(wait(until={"var": "after.extra.day"})),
    rule(wait(until={"var": "after.status"})),
    rule(wait(event="paid")),
    rule(wait(amount=1, unit="days"), edges=[["t", "x"], ["x", "t", "late"]]),
    {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "manual"},
            wait(logic={"===": [{"var": "after.status"}, "won"]}, at_most=AT_MOST),
        ],
        "edges": [["t", "x"]],
    },
    rule(condition({"<": [[1], [2]]})),
    rule(condition({"<": [{"date_add": [3, 1, "days"]}, "x"]})),
    rule(condition({"<": [{"var": "after.extra.n"}, 5]})),
    rule(condition({"==": [{"if": [True, {"var": "after.extra"}, 1]}, {"var": "after.budget"}]})),
    rule(condition({"in": [1, 2]})),
    rule(condition({"in": [{"var": "after.status"}, 3]})),
    rule(condition({"lower": [[1]]})),
    rule(condition({"map": [{"var": "after.attempts"}, 1]})),
    rule(condition({"===": [{"-": ["x", 1]}, 1]})),
    rule(condition({"===": [{"var": "after.due_on"}, "soon"]})),
    rule(condition({"===": [{"date_diff": ["soon", {"var": "now"}, "days"]}, 1]})),
    rule(condition({"===": [{"var": "afer.status"}, 1]})),
    rule(action("update_record", set={"owner": 5.5, "id": 1, "status": None, "nothing": 1})),
    rule(
        action(
            "update_record",
            set={"owner": "much too long", "status": "old"},
            table="public.nothing",
        )
    ),
    rule(action("update_record", set={"owner": "much too long", "status": "old"})),
    rule(action("send_email", connection="mial", to="a@b.c", subject="x", body="y")),
    rule(action("send_email", connection="crm", to="a@b.c", subject="x", body="y")),
    rule(action("send_email", to="a@b.c", subject="x", body="y")),
    rule(action("send_email", to="a@b.c", subject="x", html="y", attachments=[5])),
    rule(action("make_report", title="T", rows=[1], where=True, limit=0)),
    rule(action("make_report", title="T", rows="x", zone="Asia/Soul", columns=[{"key": ""}] * 101)),
    rule(action("call_webhook", url="x", method="SEND")),
    rule(action("send_sms", to="+1", text="x")),
    rule(action("send_sms", to="no number", text="x")),
    rule(action("queue_call", list="x", phone="010-1234-5678")),
    rule(action("send_email", connection="mail", to="Kim", subject="x", body="x")),
    rule(
        action("http_request", url="x", answer={"name": "Lee"}),
        {
            "id": "y",
            "kind": "action",
            "do": "notify",
            "fields": {"title": {"var": "steps.x.output.body.nmae"}},
        },
        edges=[["t", "x"], ["x", "y"]],
    ),
    rule(action("find_record", where={"===": [{"var": "after.status"}, "new"]})),
    rule(action("find_record", where={"===": [{"+": [{"var": "record.attempts"}, 1]}, 3]})),
    rule(action("find_record", where={"starts_with": [{"var": "record.attempts"}, "3"]})),
    rule(action("find_records", where=True, limit=0, totals={"sum": "attempts"})),
    rule(action("find_records", where=True, totals={"most": {"max": "email"}})),
    rule(
        {
            "id": "x",
            "kind": "choose",
            "ways": [
                {"key": key, "name": "Big", "logic": {"===": [{"var": "after.status"}, "new"]}}
                for key in "ab"
            ],
        }
    ),
    {
        "dialect": 1,
        "name": "r",
        "nodes": [{"id": "t", "kind": "trigger", "on": "manual"}, action("find_record", where=True)],
        "edges": [["t", "x"]],
    },
    rule(action("ask_approval", to=["boss", "kim@example.com"], question="x")),
    rule(action("notify", title="x"), edges=[["t", "x"], ["x", "t", "refused"]]),
    rule(action("notify", title=f"{'x' * 10}", text=1)),
    rule(items()),
    rule(items(over={"var": "after.status"})),
    rule(items(over=[1], at_most=0)),
    rule(items(over=[1]), NOTE, edges=[["t", "x"], ["x", "y", "each"], ["x", "y"]]),
    rule(items(over=[1]), {**items(over=[1]), "id": "y"}, edges=[["t", "x"], ["x", "y", "each"]]),
    rule(action("notify", title="x"), NOTE, edges=[["t", "x"], ["x", "y", "each"]]),
    rule(action("assign", people=[{"person": "Kim", "weight": 0}], column="owner")),
    rule(
        action("notify", title="x"),
        policy={"batch": {"at_most": 10, "within": {"amount": 1, "unit": "minutes"}}, "overlap": "skip"},
    ),
    {
        **scheduled(repeat="day", at="09:00"),
        "policy": {
            "settle": {"amount": 1, "unit": "minutes"},
            "batch": {"at_most": 10, "within": {"amount": 1, "unit": "minutes"}},
            "once": "day",
        },
    },
    rule(policy={"hours": {"calendar": "Seoul", "zone": "UTC"}}),
    rule(policy={"hours": {"zone": "UTC", "days": ["mon"], "between": ["25:00", "26:00"]}}),
    rule(policy={"hours": {"zone": "UTC", "days": ["mon"], "between": ["18:00", "09:00"]}}),
    rule(action("notify", title="x"), policy={"hours": {"calendar": "Seul"}}),
    rule(action("notify", title="x"), policy={"hours": {"calendar": "Seoul"}}),
    rule(action("notify", title="x") | {"timeout": 5}),
    rule(action("call_webhook", url="x") | {"timeout": 19, "tries": 0}),
    rule(action("call_webhook", url="x", headers={"Host": "x"})),
    rule(action("emit_event", type="order.paid")),
    rule(action("run_rule", rule={"id": 1})),
    rule(action("run_rule", rule={"id": 2}, data={"a": 1})),
    rule(action("run_rule", rule={"name": "Thnak"})),
    rule(action("update_record", set={}, table=5)),
    scheduled(repeat="minutes", every=5_000),
    scheduled(repeat="hours"),
    scheduled(repeat="day", at="9 o'clock"),
    scheduled(repeat="week", at="09:00"),
    scheduled(repeat="month", at="09:00"),
    scheduled(repeat="cron", cron="* *"),
    scheduled(repeat="day", at="09:00", zone="Europe/Moskva"),
    rule(name="x" * 300),
    rule(trigger={"id": "?"}),
    {
        "dialect": 1,
        "name": "r",
        "nodes": [1, {"id": "t", "kind": "trigger", "on": "manual", "table": "x"}],
    },
)
SEOUL = Calendar(
    "Seoul",
    "Asia/Seoul",
    {"mon": (("09:00", "18:00"),)},
    holidays=(Holiday(date(2026, 12, 25), "Christmas"),),
    years=(2026,),
)
BODIES = (
    b"{",
    b'{"a": NaN}',
    b"[" * 40 + b"]" * 40,
    b"[" + b"1," * 3_000 + b"1]",
    b" " * 70_000,
)


def found() -> Iterator[Problem]:
    vectors = json.loads((VECTORS / "typecheck" / "check.json").read_text())
    tables = {table["name"]: msgspec.convert(table, TableModel) for table in vectors["tables"]}
    kinds = vectors["known"]["connections"]
    watched = {(connection, table) for connection, table in vectors["known"]["watched"]}
    silent = Known(kinds, watched, unreachable=("crm",))
    cards = (
        RuleCard(RuleId(1), "Myself", on=True),
        RuleCard(RuleId(2), "Thank", on=False, connection="crm", table="public.leads"),
    )
    rules = {card.id: card for card in cards}
    left_out = {("crm", "public.leads"): ("owner",)}
    hidden = Known(kinds, watched, excluded=left_out, rules=rules, rule_id=RuleId(1))
    houses = (
        Known(kinds, watched),
        Known(kinds | {"post": "smtp", "texts": "sms", "more": "sms"}),
        Known({"crm": "postgres"}),
        Known(kinds, watched, people=frozenset()),
        Known(kinds, watched, calendars=Calendars({"Seoul": SEOUL}), today=date(2026, 12, 1)),
        silent,
        hidden,
    )
    shapes = [case["document"] for path in (VECTORS / "graphs").glob("*.json") for case in read_cases(path)]
    for document in (*(case["document"] for case in vectors["cases"]), *shapes, *MORE):
        graph = parse(document)
        if isinstance(graph, Graph):
            for known in houses:
                lost = known is silent
                yield from check(
                    graph,
                    lambda _, table, lost=lost: None if lost else tables.get(table),
                    known,
                )
        else:
            yield from graph
    for body in BODIES:
        with pytest.raises(Invalid) as refused:
            parse_bytes(body)
        yield from refused.value.problems


def read_cases(path: Path) -> list[Any]:
    return list(json.loads(path.read_text())["cases"])


def words_of(language: str) -> dict[str, Any]:
    return dict(json.loads((ROOMS / language / "problems.json").read_text()))


def codes_of(language: str) -> dict[str, Any]:
    """Texts by code, those of hours, which stand in a room of their own, among them."""
    hours = json.loads((ROOMS / language / "hours.json").read_text())["problem"]
    return {code: hours[code] for code in hours.keys() & page_codes()} | words_of(language)["code"]


def page_codes() -> set[str]:
    page = (ROOT / "docs" / "errors.md").read_text()
    section = (
        page.split("\n## Problems of a rule document\n")[1].split("\n## ")[0].split("\n### Calendars\n")[0]
    )
    return set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_page_has_a_text(language: str) -> None:
    texts = {key.partition("_")[0] for key in codes_of(language)}
    assert texts - ANALYSIS == page_codes() - ANALYSIS


def test_the_values_that_a_text_names_are_given() -> None:
    """In every problem of the vectors; the texts of the four languages name the same (by a test of the SPA)."""
    texts = codes_of("en")
    seen: set[str] = set()
    for problem in found():
        variant = "named" if problem.args.get("name") else str(problem.args.get("part", ""))
        key = f"{problem.code}_{variant}" if f"{problem.code}_{variant}" in texts else problem.code
        missing = {name for name in GIVEN.findall(texts[key]) if problem.args.get(name) in (None, "", [])}
        assert not missing, f"{key} at {problem.path}: {missing} of {problem.args}"
        seen |= {problem.code, key}
    assert not set(texts) - seen - UNUSED - ANALYSIS, f"no case makes: {sorted(set(texts) - seen)}"


def test_every_kind_of_value_and_every_field_has_a_word() -> None:
    words = words_of("en")
    for problem in found():
        for name in ("left", "right", "found"):
            for kind in list(problem.args.get(name) or ()):  # type: ignore[arg-type]
                assert kind in words["kind"]
        if "field" in problem.args and problem.code == "missing-field":
            assert problem.args["field"] in words["field"]
