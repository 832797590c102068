"""Documents with anything anywhere: they are problems or rules, and nothing that looks at them raises.

The new kinds of steps, triggers and policies stand in `EVERYTHING`; of it, and of the templates, parts are changed for
odd ones.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard import templates
from ruleyard.api.trial import walk
from ruleyard.core.analyse import analyse
from ruleyard.core.backtest import Backtest, Tally
from ruleyard.core.calendars import DAYS, Calendar, Calendars
from ruleyard.core.check import check
from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.due_dates import due_between, passed_span
from ruleyard.core.errors import Invalid
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import DateTrigger, Graph, ScheduleTrigger
from ruleyard.core.incoming.reading import documents_of
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.plan import compile_plan
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.schedule import next_ticks
from ruleyard.core.sentence import sentence
from ruleyard.core.types import EventId, LogId, RuleId, VersionId

SHELF = Path(templates.__file__).parent / "shelf"
DAY = {"amount": 1, "unit": "days"}
HOME = {"connection": "crm", "table": "public.leads"}


def var(path: str) -> dict[str, Any]:
    return {"var": path}


def action(node: str, do: str, **fields: Any) -> dict[str, Any]:
    return {"id": node, "kind": "action", "do": do, "fields": fields}


OWN = {"===": [var("record.lead_id"), var("after.id")]}
EVERYTHING: dict[str, Any] = {
    "name": "Everything",
    "nodes": [
        {"id": "t", "kind": "trigger", "on": "change", "events": ["insert", "update"], **HOME},
        action(
            "find", "find_records", table="public.tasks", where=OWN, totals={"n": {"count": "id"}}, limit=5
        ),
        action(
            "rep", "make_report", title="R", rows=var("steps.find.output.records"), columns=[{"key": "title"}]
        ),
        action(
            "mail",
            "send_email",
            to=var("after.email"),
            subject="S",
            html={"cat": ["<b>", var("after.status")]},
        ),
        {"id": "each", "kind": "for_each", "over": var("steps.find.output.records"), "at_most": 50},
        action("call", "queue_call", list="L", phone="+821012345678", name=var("item.title")),
        action("who", "assign", people=["ann", {"person": "bob", "weight": 2}], column="owner", taken="keep"),
        action(
            "ask", "ask_approval", to=["admin"], question="Well?", at_most=DAY, remind={**DAY, "times": 2}
        ),
        {"id": "x", "kind": "choose", "ways": [{"key": "k", "logic": {">": [var("after.attempts"), 1]}}]},
        {"id": "rec", "kind": "wait", "logic": {"===": [var("after.status"), "won"]}, "at_most": DAY},
        {"id": "till", "kind": "wait", "until": var("after.born"), "zone": "Asia/Seoul", "side": "after"},
        {
            "id": "ev",
            "kind": "wait",
            "event": "paid",
            "where": {"!!": var("received.n")},
            "sample": {"n": 1},
            "at_most": DAY,
        },
        action(
            "http", "http_request", url="https://x.eu", query={"a": var("after.id")}, answer={"q": [{"z": 1}]}
        ),
        action("run", "run_rule", rule={"id": 1, "name": "A"}, record={"id": var("after.id")}),
        action("tell", "emit_event", type="ready", data={"id": var("after.id")}),
        action("none", "send_sms", to=var("after.phone"), text="Hello"),
    ],
    "edges": [
        *(
            ["t", "find"],
            ["find", "rep"],
            ["rep", "mail"],
            ["mail", "each"],
            ["each", "call", "each"],
            ["each", "who"],
        ),
        *(
            ["who", "ask"],
            ["ask", "x"],
            ["ask", "none", "refused"],
            ["x", "rec", "k"],
            ["rec", "till"],
            ["till", "ev"],
        ),
        *(
            ["ev", "http"],
            ["ev", "none", "late"],
            ["http", "run"],
            ["http", "none", "failed"],
            ["run", "tell"],
        ),
    ],
    "policy": {
        "pace": {"at_most": 10, "per": "minute"},
        "settle": {"amount": 1, "unit": "minutes"},
        "batch": {"at_most": 5, "within": {"amount": 1, "unit": "hours"}},
        "hours": {"zone": "Asia/Seoul", "between": ["09:00", "18:00"], "outside": "skip"},
    },
}
STARTS: list[dict[str, Any]] = [
    {"on": "date", "column": "born", "amount": 3, "unit": "working_days", "yearly": True, **HOME},
    {"on": "webhook", "sample": {"a": [{"b": 1}]}, "event": "paid"},
    {
        "on": "schedule",
        "schedule": {"repeat": "month", "nth": -1, "days": ["fri"], "at": "09:00", "days_off": "before"},
    },
    {
        "on": "schedule",
        "schedule": {"repeat": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=MO", "at": "09:00"},
        **HOME,
    },
    {"on": "manual"},
]
WHOLE = [
    EVERYTHING,
    *(
        EVERYTHING | {"nodes": [{"id": "t", "kind": "trigger", **one}, *EVERYTHING["nodes"][1:]]}
        for one in STARTS
    ),
    *({"name": "T", **json.loads(file.read_text())["document"]} for file in sorted(SHELF.glob("*.json"))),
]
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        1e308,
        2**53,
        "",
        "x",
        "\0",
        "é" * 50,
        [],
        {},
        [[]],
        {"": ""},
        {"in": 5},
    ),
    *(
        var(""),
        var("after.id"),
        var("record.id"),
        var("item"),
        {"var": []},
        {"var": {"cat": ["a"]}},
        {"if": []},
    ),
    *({"preserve": 1}, {"and": []}, {"missing": ["record.id"]}, {"map": [var("batch"), var("after.id")]}),
    *(
        "24:00",
        "2026-02-30",
        "9999-12-31",
        "Asia/Seoul",
        "everyone",
        ["mon", "mon"],
        DAY,
        {"amount": 10**9, "unit": "hours"},
    ),
    *(
        {"id": True},
        {"person": "a", "weight": 0},
        {"sum": "amount"},
        {"date_add": ["9999-12-31", 9**9, "years"]},
    ),
]
KEYS = (
    "off",
    "note",
    "logic",
    "until",
    "event",
    "over",
    "at_most",
    "where",
    "rows",
    "order",
    "limit",
    "by",
    "key",
)
LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        *(Column(name, "text") for name in ("status", "email", "phone", "owner")),
        Column("attempts", "integer"),
        Column("born", "date"),
    ),
    ("id",),
)
TASKS = TableModel(
    "crm",
    "public.tasks",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("title", "text", nullable=False),
        Column("lead_id", "integer", references="public.leads", references_column="id"),
    ),
    ("id",),
)
TABLES = {(one.connection, one.name): one for one in (LEADS, TASKS)}
OFFICE = Calendar("Office", "Asia/Seoul", dict.fromkeys(DAYS[:5], (("09:00", "18:00"),)), years=(2026,))
CARDS = {RuleId(1): RuleCard(RuleId(1), "A", on=True, connection="crm", table="public.tasks")}
KNOWN = Known(
    {"crm": "postgres", "mail": "smtp"},
    {("crm", "public.leads")},
    calendars=Calendars({"Office": OFFICE}, "Office"),
    today=date(2026, 11, 23),
    rules=CARDS,
    people=frozenset({"kim@example.com"}),
)
ROW = {
    "id": 1,
    "status": "won",
    "email": "a@b.eu",
    "phone": "+82",
    "owner": None,
    "attempts": 3,
    "born": "2000-02-29",
}


def event(op: str, table: str = "public.leads", **rows: Any) -> Event:
    key = {"rule": 1} if table.startswith("@") else {"id": 1}
    return Event(
        LogId(1), EventId(1), 0, table, op, key, "2026-11-23T00:00:00+00:00", changed=tuple(ROW), **rows
    )


EVENTS = [
    event("update", before=ROW | {"status": "new"}, after=ROW),
    event("insert", after=dict.fromkeys(ROW)),
    event("delete", before=ROW),
    event("tick", after=ROW),
    event("tick", "@schedule"),
    event("webhook", "@webhook", after={"a": [{"b": 2}], "status": {"x": []}}),
    event("manual", "@manual"),
]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if way:
        yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*way, key))


def at(value: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        value = value[key]
    return value


def odd(document: Any, random: Random) -> Any:
    """One to three parts of it changed, gone, or put where they do not belong."""
    changed = deepcopy(document)
    for _ in range(random.choice((1, 1, 2, 3))):
        ways = list(places(changed))
        way = random.choice([one for one in ways if len(one) > 2] or ways)
        home, how = at(changed, way[:-1]), random.random()
        if how < 0.2:
            del home[way[-1]]
        elif how < 0.35 and isinstance(home, dict):
            home[random.choice(KEYS)] = deepcopy(random.choice(ODD))
        else:
            from_here = how > 0.8
            home[way[-1]] = deepcopy(at(changed, random.choice(ways)) if from_here else random.choice(ODD))
    return changed


def test_what_is_changed_are_rules() -> None:
    assert all(isinstance(parse(one), Graph) for one in WHOLE[: 1 + len(STARTS)])


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_nothing_raises_at_a_document_that_has_anything_anywhere(random: Random) -> None:
    one = odd(random.choice(WHOLE), random)
    for document in (one, odd(one, random)):
        with contextlib.suppress(Invalid):
            documents_of(document)
    found, other = parse(one), parse(odd(one, random))
    msgspec.json.encode(found)
    if isinstance(found, Graph):
        msgspec.json.encode(check(found, lambda *place: TABLES.get(place), KNOWN))
        look_at(found, other if isinstance(other, Graph) else found)


def look_at(graph: Graph, other: Graph) -> None:
    sentence(graph)
    analyse(graph, LEADS)
    msgspec.json.encode(diff(other, graph, LEADS))
    plan, before = (compile_plan(RuleId(1), VersionId(1), one) for one in (graph, other))
    hours = graph.policy.hours
    working = KNOWN.calendars.hours_of(hours) if KNOWN.calendars and hours else None
    tally = Tally()
    Backtest(plan, before, working).page(EVENTS, tally)
    msgspec.json.encode(tally)
    late = frozenset(node.id for node in graph.nodes)
    for one in EVENTS:
        msgspec.json.encode(explain(plan, one, one.at, "crm"))
        msgspec.json.encode(walk(plan, one, one.at, rules=CARDS))
        walk(plan, one, one.at, failing=late, answers=dict.fromkeys(late, "late"))
    trigger = graph.trigger
    if isinstance(trigger, DateTrigger):
        due_between(trigger, date(2026, 2, 20), date(2026, 3, 3), working)
        passed_span(trigger, date(2026, 2, 28), date(2026, 3, 1), working)
    if isinstance(trigger, ScheduleTrigger):
        next_ticks(trigger.schedule, datetime(2026, 11, 23, tzinfo=UTC), 5, working)
