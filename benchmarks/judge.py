"""Events judged a second on a backlog, in memory, by 10 and by 1,000 published rules, and the ratio.

The events happen in ten tables, each of which one rule listens to in both cases: the others listen elsewhere.
What reading and writing the database costs is not in it.
"""

# ruff: noqa: S101
from __future__ import annotations

from _clock import best_s

from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import EventId, LogId, RuleId, VersionId

EVENTS = 10_000
BUSY_TABLES = 10
NOW = "2026-11-22T12:00:00+00:00"


def plan(number: int) -> Plan:
    graph = parse(
        {
            "dialect": 1,
            "name": f"Rule {number}",
            "nodes": [
                {
                    "id": "t",
                    "kind": "trigger",
                    "on": "change",
                    "connection": "crm",
                    "table": f"public.t{number}",
                    "events": ["update"],
                    "columns": ["status"],
                },
                {
                    "id": "c",
                    "kind": "condition",
                    "logic": {
                        "and": [
                            {"===": [{"var": "after.status"}, "won"]},
                            {">": [{"var": "after.attempts"}, number + 100]},
                        ]
                    },
                },
                {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "x"}},
            ],
            "edges": [["t", "c"], ["c", "a", "yes"]],
        }
    )
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(number), VersionId(number), graph)


def event(number: int) -> Event:
    row = {
        "id": number,
        "status": "won" if number % 3 else "lost",
        "attempts": number % 90,
        "note": "as usual",
    }
    return Event(
        log=LogId(1),
        id=EventId(number),
        lane=number % 16,
        table=f"public.t{number % BUSY_TABLES}",
        op="update",
        key={"id": number},
        at=NOW,
        before={**row, "status": "new"},
        after=dict(row),
        changed=("status",),
    )


def per_second(rules: int, events: list[Event]) -> float:
    index = Index([plan(number) for number in range(rules)], {LogId(1): "crm"})

    def work() -> None:
        for one in events:
            for candidate in index.candidates(one):
                assert not judge(candidate, one, NOW).fires

    return len(events) / best_s(work, rounds=3)


def main() -> None:
    events = [event(number) for number in range(EVENTS)]
    few, many = per_second(10, events), per_second(1_000, events)
    print(f"10 rules      {few:12,.0f} events/s")
    print(f"1,000 rules   {many:12,.0f} events/s")
    print(f"cost          {few / many:12.2f} × per event")


if __name__ == "__main__":
    main()
