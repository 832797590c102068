"""The records and rules that the benchmarks share: thirty columns, and conditions of three sizes on them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ruleyard.core.types import JSON

AFTER: dict[str, JSON] = {
    "id": 41,
    "status": "callback",
    "attempts": 4,
    "budget": 7200,
    "owner": "ada",
    "email": "ada@example.com",
    "first_name": "Ada",
    "score": 0.75,
    "country": "KR",
    "done": False,
    **{f"field_{n}": n for n in range(20)},
}
BEFORE: dict[str, JSON] = {**AFTER, "status": "contacted", "attempts": 3}
DATA: JSON = {"before": BEFORE, "after": AFTER}


def var(path: str) -> JSON:
    return {"var": path}


TINY: JSON = {"===": [var("after.status"), "callback"]}
TYPICAL: JSON = {
    "and": [
        {"!==": [var("before.status"), "callback"]},
        {"===": [var("after.status"), "callback"]},
        {">=": [var("after.attempts"), 3]},
        {"or": [{">": [var("after.budget"), 10_000]}, {"<": [var("after.score"), 0.9]}]},
        {"in": [var("after.country"), ["JP", "KR", "CN", "RU"]]},
        {">": [{"+": [var("after.budget"), var("before.budget")]}, 10_000]},
        {"!==": [var("after.owner"), None]},
    ]
}
LARGE: JSON = {
    "and": [
        {"or": [{"===": [var("after.field_3"), -n]}, {"<": [var(f"before.field_{n % 20}"), 100 + n]}]}
        for n in range(100)
    ]
}
RULES = {"tiny": TINY, "typical": TYPICAL, "large": LARGE}

FILL = """
insert into ruleyard.event (lane, table_name, op, key, before, after, changed)
select n % 16, 'public.leads', 'update', jsonb_build_object('id', n),
  $1::text::jsonb || jsonb_build_object('id', n, 'attempts', n % 5),
  $2::text::jsonb || jsonb_build_object('id', n, 'attempts', n % 5 + 1, 'budget', n % $4::int,
    'status', (array['callback', 'won', 'lost', 'new'])[n % 4 + 1], 'country', (array['JP', 'DE', 'KR'])[n % 3 + 1]),
  '{status,attempts}'
from generate_series(1, $3::int) n
"""
"""$1 the record before, $2 after, $3 how many events, $4 how many budgets there are: in 9,000 a few of a hundred events
fulfil TYPICAL, and some are one comparison short."""


def rule(logic: JSON, *after: dict[str, Any], name: str = "Measured", **more: Any) -> dict[str, Any]:
    """On an update of public.leads, if `logic`, then these nodes one after the other (none: a notification).

    `columns` and `policy` as the document has them; a burst is not held. it holds nothing, however often it runs.
    """
    trigger = {"id": "t", "kind": "trigger", "on": "change", "connection": "crm", "table": "public.leads"}
    trigger |= {"events": ["update"]} | ({"columns": more["columns"]} if "columns" in more else {})
    nodes = after or ({"id": "a", "kind": "action", "do": "notify", "fields": {"title": var("after.note")}},)
    way = [node["id"] for node in nodes]
    return {
        "dialect": 1,
        "name": name,
        "nodes": [trigger, {"id": "c", "kind": "condition", "logic": logic}, *nodes],
        "edges": [["t", "c"], ["c", way[0], "yes"], *map(list, pairwise(way))],
        "policy": {"limit": "off", **more.get("policy", {})},
    }
