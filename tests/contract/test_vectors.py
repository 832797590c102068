"""The hand-written vectors of shared-schemas, as Python sees them. The browser runs some of them, too."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ruleyard.core.check import check
from ruleyard.core.document import document_of, parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph, Schedule
from ruleyard.core.in_effect import in_effect
from ruleyard.core.logic.compile import compile_logic
from ruleyard.core.model import Known, TableModel
from ruleyard.core.schedule import next_ticks
from ruleyard.core.wiring import reachable

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors"


def cases(folder: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted((VECTORS / folder).glob("*.json"))
        for case in json.loads(path.read_text())["cases"]
        if "logic" in case or folder != "traces"
    ]


def as_json(value: object) -> str:
    """With types: 1 is not 1.0 is not true."""
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("case", cases("logic"))
def test_logic(case: dict[str, Any]) -> None:
    compiled = compile_logic(case["logic"])
    outcome = compiled.evaluate(case["data"])
    if "result" in case:
        assert outcome.error is None
        assert as_json(outcome.value) == as_json(case["result"])
    else:
        assert outcome.error is not None
        assert (outcome.error.reason, outcome.error.path) == (case["error"], case["path"])
    assert compiled.trace(case["data"])[0] == outcome


@pytest.mark.parametrize("case", cases("traces"))
def test_traces(case: dict[str, Any]) -> None:
    _, seen = compile_logic(case["logic"]).trace(case["data"])
    assert [msgspec.structs.asdict(item) | {"values": list(item.values)} for item in seen] == case["seen"]


@pytest.mark.parametrize("case", cases("graphs"))
def test_graphs(case: dict[str, Any]) -> None:
    parsed = parse(case["document"])
    found = () if isinstance(parsed, Graph) else parsed
    assert [{"code": p.code, "path": p.path} for p in found] == case["problems"]
    if isinstance(parsed, Graph):
        assert parse(document_of(parsed)) == parsed


@pytest.mark.parametrize("case", cases("off"))
def test_steps_that_are_off(case: dict[str, Any]) -> None:
    graph = parse(case["document"])
    assert isinstance(graph, Graph)
    acting = in_effect(graph)
    come_to = reachable(acting)
    ways = [[*filter(None, msgspec.to_builtins(edge))] for edge in acting.edges if edge.source in come_to]
    assert sorted(map(as_json, ways)) == sorted(map(as_json, case["ways"]))


TYPECHECK = json.loads((VECTORS / "typecheck" / "check.json").read_text())
TABLES = {table["name"]: msgspec.convert(table, TableModel) for table in TYPECHECK["tables"]}
KNOWN = Known(TYPECHECK["known"]["connections"], {(c, t) for c, t in TYPECHECK["known"]["watched"]})


def checked(document: Any) -> tuple[Problem, ...]:
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return check(graph, lambda connection, table: TABLES.get(table), KNOWN)


@pytest.mark.parametrize("case", cases("typecheck"))
def test_typecheck(case: dict[str, Any]) -> None:
    found = checked(case["document"])
    assert [(p.code, p.path) for p in found] == [(p["code"], p["path"]) for p in case["problems"]]
    for problem, wanted in zip(found, case["problems"], strict=True):
        if "fix" in wanted:
            assert problem.fix is not None
            assert problem.fix.value == wanted["fix"]


@pytest.mark.parametrize("case", cases("schedules"))
def test_schedules(case: dict[str, Any]) -> None:
    schedule = msgspec.convert(case["schedule"], Schedule)
    found = next_ticks(schedule, datetime.fromisoformat(case["after"]), len(case["next"]))
    assert [moment.isoformat() for moment in found] == case["next"]


def test_a_column_that_is_left_out_of_capture_is_never_seen() -> None:
    hidden = Known(KNOWN.connections, KNOWN.watched, excluded={("crm", "public.leads"): ("owner",)})
    trigger = {
        "connection": "crm",
        "table": "public.leads",
        "columns": ["owner", "status"],
        "events": ["update"],
    }
    document = {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "change", **trigger},
            {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.owner"}, "x"]}},
            {"id": "a", "kind": "action", "do": "update_record", "fields": {"set": {"owner": "x"}}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
    }
    graph = parse(document)
    assert isinstance(graph, Graph)
    found = check(graph, lambda connection, table: TABLES.get(table), hidden)
    assert [(p.code, p.path) for p in found] == [
        ("column-not-captured", "/nodes/0/columns/0"),
        ("column-not-captured", "/nodes/1/logic/===/0"),
    ]
