"""The record that a step writes: named by its fields, or else the one that started the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ruleyard.actions import records
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, as_text
from ruleyard.core.event import Event
from ruleyard.core.types import JSONObject


class Named(Protocol):
    """Fields that may name a record."""

    @property
    def connection(self) -> str | None: ...
    @property
    def table(self) -> str | None: ...
    @property
    def key(self) -> JSONObject | None: ...


@dataclass(frozen=True)
class Which:
    """`key` is whole: a value for each column of the primary key."""

    database: records.Database
    table: records.Table
    key: JSONObject

    @property
    def words(self) -> str:
        return "/".join(as_text(value) for value in self.key.values())


async def which_record(fields: Named, context: ActionContext) -> Which:
    """ActionFailed (permanent) where the fields and the trigger name no record, or not by its whole key."""
    connection, name = fields.connection or context.connection, fields.table or context.table
    if connection is None:
        raise ActionFailed(
            "“connection” is empty: say which database.", code="empty-field", args={"field": "connection"}
        )
    if name is None:
        raise ActionFailed(
            "“table” is empty: this rule's trigger has no record.",
            code="empty-field",
            args={"field": "table"},
        )
    database = await context.tools.database(connection)
    table = await records.table_of(database, name)
    own = name == context.table and connection == context.connection
    key = fields.key if fields.key is not None else _own_key(context.event, table) if own else None
    if not key:
        raise ActionFailed("“key” is empty: say which record.", code="empty-field", args={"field": "key"})
    missing = [column for column in table.key if key.get(column) is None]
    if missing or not table.key:
        raise ActionFailed(
            f"“key” must name the whole primary key of {table.name}: {', '.join(missing) or 'it has none'}.",
            code="bad-key",
            args={"table": table.name},
        )
    return Which(database, table, {column: key[column] for column in table.key})


def _own_key(event: Event, table: records.Table) -> JSONObject:
    """The trigger's record: named by the event, or (fired by hand on a record) found in it."""
    row = event.after or {}
    return event.key if event.table == table.name else {column: row.get(column) for column in table.key}


def gone(which: Which) -> ActionFailed:
    return ActionFailed(
        f"There is no record {which.words} in {which.table.name} (any more).",
        code="record-gone",
        args={"table": which.table.name, "record": which.words},
    )
