"""Check a trigger: its connection, its table, the columns that it names. Pure."""

from __future__ import annotations

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import ChangeTrigger, DateTrigger, Graph, ManualTrigger
from ruleyard.core.known_connections import connection_problem
from ruleyard.core.model import Known, TableLookup, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.types import JSON


def trigger_table(graph: Graph, tables: TableLookup, known: Known, found: list[Problem]) -> TableModel | None:
    """The table that the rule starts on, None where there is none or it is not known; its problems are added."""
    trigger = graph.trigger
    if not trigger.connection or not trigger.table:
        return None
    path = f"/nodes/{[n.id for n in graph.nodes].index(trigger.id)}"
    problem = connection_problem(trigger.connection, "postgres", known, f"{path}/connection", trigger.id)
    if problem:
        found.append(problem)
        return None

    def add(code: str, at: str, words: str, args: dict[str, JSON], fix: Fix | None = None) -> None:
        found.append(Problem(code, f"{path}/{at}", words, node=trigger.id, args=args, fix=fix))

    table = tables(trigger.connection, trigger.table)
    if table is None:
        if trigger.connection in known.unreachable:
            words = (
                f'The connection "{trigger.connection}" does not answer, so its columns could not be checked.'
            )
            at = f"{path}/connection"
            silent: dict[str, JSON] = {"connection": trigger.connection}
            found.append(Problem("connection-silent", at, words, "warning", trigger.id, silent))
        else:
            words = (
                f'The connection "{trigger.connection}" has no table {trigger.table} (write schema.table).'
            )
            add("unknown-table", "table", words, {"table": trigger.table, "connection": trigger.connection})
        return None
    if isinstance(trigger, ManualTrigger):
        return table
    if (trigger.connection, trigger.table) not in known.watched:
        words = f"The table {trigger.table} is not watched, so its changes are not seen: watch it on the Data screen."
        add("unwatched-table", "table", words, {"table": trigger.table})
    named: list[tuple[str, str]] = []
    if isinstance(trigger, ChangeTrigger):
        named = [(f"columns/{index}", column) for index, column in enumerate(trigger.columns)]
    elif isinstance(trigger, DateTrigger):
        named = [("column", trigger.column)]
    names = [column.name for column in table.columns]
    for at, name in named:
        column = table.column(name)
        if column is None:
            better = nearest(name, names)
            words = f'The table {table.name} has no column "{name}".{did_you_mean(name, names)}'
            fix = Fix(f'Use "{better}"', f"{path}/{at}", better) if better else None
            add(
                "unknown-column",
                at,
                words,
                {"column": name, "table": table.name, **suggested(name, names)},
                fix,
            )
        elif name in known.excluded.get((trigger.connection, trigger.table), ()):
            words = f'"{name}" is left out of what is captured from {table.name}: its changes are never seen.'
            add("column-not-captured", at, words, {"column": name, "table": table.name})
        elif isinstance(trigger, DateTrigger) and column.type not in ("date", "timestamp"):
            dates = [one.name for one in table.columns if one.type in ("date", "timestamp")]
            words = f'"{name}" holds {column.type}, not dates.'
            fix = Fix(f'Use "{dates[0]}"', f"{path}/{at}", dates[0]) if len(dates) == 1 else None
            add("not-a-date-column", at, words, {"column": name, "choices": [*dates]}, fix)
    return table
