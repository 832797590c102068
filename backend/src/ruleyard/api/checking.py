"""Check a rule document as a whole: its shape, then against the live tables and connections it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.models import Models
from ruleyard.api.shapes.rules import TriggerSummary
from ruleyard.clock import utc_now
from ruleyard.core.calendars import Calendars
from ruleyard.core.check import check
from ruleyard.core.document import parse, parse_bytes
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.mend import mended
from ruleyard.core.model import Known
from ruleyard.core.named_tables import named_tables
from ruleyard.core.related import related_tables
from ruleyard.core.rule_refs import Cards, rules_meant, sets_off
from ruleyard.core.sentence import sentence
from ruleyard.core.types import JSON, ConnectionId, JSONObject, RuleId
from ruleyard.stores.accounts import addresses
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.connections import list_connections
from ruleyard.stores.rule_cards import rule_cards
from ruleyard.stores.watches import list_watches

On = Literal["change", "schedule", "date", "webhook", "manual", ""]
_KINDS: Final[Mapping[str, On]] = {
    "change": "change",
    "schedule": "schedule",
    "date": "date",
    "webhook": "webhook",
    "manual": "manual",
}

_FIX_ROUNDS: Final = 8


class Checked(msgspec.Struct, frozen=True):
    """`graph` is None where the shape does not hold."""

    graph: Graph | None
    problems: tuple[Problem, ...]
    sentence: str

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == "error")

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The errors of the document itself: it may be sound although nobody watches its table yet."""
        return tuple(one for one in self.errors if one.code != "unwatched-table")


@dataclass(frozen=True)
class Surroundings:
    """What documents are checked against, read once for a request."""

    connections: dict[str, ConnectionId]
    kinds: dict[str, str]
    watched: frozenset[tuple[str, str]]
    excluded: Mapping[tuple[str, str], tuple[str, ...]]
    calendars: Calendars
    people: frozenset[str]
    home_countries: Mapping[str, str]
    rules: Cards | None = None


async def surroundings(conn: AsyncConnection, documents: Sequence[JSON] = ()) -> Surroundings:
    """`documents`: those to be checked; where one of them starts other rules, all rules are read, too."""
    every, watches = await list_connections(conn), await list_watches(conn)
    return Surroundings(
        connections={one.name: one.id for one in every if one.kind == "postgres"},
        kinds={one.name: one.kind for one in every},
        watched=frozenset((one.connection, one.table) for one in watches),
        excluded={(one.connection, one.table): one.excluded for one in watches if one.excluded},
        calendars=await all_calendars(conn),
        rules=await rule_cards(conn) if any(sets_off(one) for one in documents) else None,
        people=await addresses(conn),
        home_countries={
            one.name: str(one.settings.get("country") or "") for one in every if one.kind == "sms"
        },
    )


async def check_documents(
    models: Models,
    around: Surroundings,
    documents: Sequence[JSON],
    *,
    fresh: bool = False,
    rule_id: RuleId | None = None,
) -> list[Checked]:
    """Each document checked. Tables are asked for once for all of them, then those that foreign keys lead to."""
    parsed = [parse(document) for document in documents]
    graphs = [one for one in parsed if isinstance(one, Graph)]
    pairs = {pair for graph in graphs for pair in named_tables(graph)}
    meant = [card for graph in graphs for card in rules_meant(graph, around.rules or {})]
    pairs |= {(card.connection, card.table) for card in meant if card.connection and card.table}
    seen = await models.see(around.connections, pairs, fresh=fresh)
    more = {pair for graph in graphs for pair in related_tables(graph, seen.lookup)} - pairs
    if more:
        seen = seen.joined(await models.see(around.connections, more, fresh=fresh))
    known = Known(
        around.kinds,
        around.watched,
        seen.unreachable,
        around.excluded,
        around.rules,
        rule_id,
        around.calendars,
        utc_now().date(),
        around.people,
        around.home_countries,
    )
    return [
        Checked(one, check(one, seen.lookup, known), sentence(one))
        if isinstance(one, Graph)
        else Checked(None, one, "")
        for one in parsed
    ]


async def check_document(
    models: Models,
    around: Surroundings,
    document: JSON,
    *,
    fresh: bool = False,
    rule_id: RuleId | None = None,
) -> Checked:
    return (await check_documents(models, around, [document], fresh=fresh, rule_id=rule_id))[0]


async def fix_document(
    models: Models,
    around: Surroundings,
    document: JSONObject,
    checked: Checked,
    rule_id: RuleId | None = None,
) -> JSONObject | None:
    """The document with every fix applied, also those that only show behind another; None where there is none."""
    fixed: JSONObject | None = None
    for _ in range(_FIX_ROUNDS):
        better = mended(document if fixed is None else fixed, checked.problems)
        if not isinstance(better, dict):
            break
        fixed = better
        checked = await check_document(models, around, fixed, rule_id=rule_id)
    return fixed


def refuse_over_limits(document: JSONObject) -> None:
    """Invalid where a document is larger or deeper than any rule may be; such a one is not even kept as a draft."""
    parse_bytes(msgspec.json.encode(document))


def trigger_of(document: JSONObject) -> TriggerSummary:
    """The trigger of a document that need not hold yet."""
    nodes = document.get("nodes")
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, dict) and node.get("kind") == "trigger":
            on, connection, table = node.get("on"), node.get("connection"), node.get("table")
            return TriggerSummary(
                on=_KINDS.get(on, "") if isinstance(on, str) else "",
                connection=connection if isinstance(connection, str) else None,
                table=table if isinstance(table, str) else None,
            )
    return TriggerSummary("", None, None)


def name_of(document: JSONObject) -> str:
    name = document.get("name")
    return name.strip()[:120] if isinstance(name, str) and name.strip() else "New rule"
