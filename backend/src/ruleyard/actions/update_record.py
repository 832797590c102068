"""update_record: sets columns of one record, exactly once. Without a table and key: the trigger's record."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions import records
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject


class UpdateRecordFields(msgspec.Struct, frozen=True):
    set: JSONObject
    table: str | None = None
    key: JSONObject | None = None
    connection: str | None = None


class UpdateRecord:
    name: Final = "update_record"
    promise: Final[Promise] = "exactly-once"
    fields: Final = UpdateRecordFields

    def preview(self, fields: UpdateRecordFields, event: Event) -> str:
        values = ", ".join(f"{name} = {as_text(value) or 'empty'}" for name, value in fields.set.items())
        if fields.key is not None:
            record = f"{fields.table or event.table} {'/'.join(as_text(v) for v in fields.key.values())}"
        elif event.table.startswith("@"):
            record = "the record"
        else:
            record = f"{event.table} {event.record_key}"
        return f"Set {values} on {record}"

    async def target(self, fields: UpdateRecordFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: UpdateRecordFields, context: ActionContext) -> JSON:
        name = fields.connection or context.connection
        if name is None:
            raise ActionFailed(
                "“connection” is empty: say which database.", code="empty-field", args={"field": "connection"}
            )
        if not fields.set:
            raise ActionFailed(
                "“set” is empty: there is nothing to change.", code="empty-field", args={"field": "set"}
            )
        name_of_table = fields.table or context.table
        if name_of_table is None:
            raise ActionFailed(
                "“table” is empty: this rule's trigger has no record.",
                code="empty-field",
                args={"field": "table"},
            )
        database = await context.tools.database(name)
        table = await records.table_of(database, name_of_table)
        own = name_of_table == context.table and name == context.connection
        key = fields.key if fields.key is not None else _own_key(context.event, table) if own else None
        if not key:
            raise ActionFailed("“key” is empty: say which record.", code="empty-field", args={"field": "key"})
        records.refuse_unfit(table, fields.set)
        missing = [column for column in table.key if key.get(column) is None]
        if missing or not table.key:
            raise ActionFailed(
                f"“key” must name the whole primary key of {table.name}: "
                f"{', '.join(missing) or 'it has none'}.",
                code="bad-key",
                args={"table": table.name},
            )
        result = await records.apply_once(
            database,
            records.update_sql(table, fields.set),
            context.key,
            context.cause,
            records.dumped(records.assigned(table, fields.set)),
            records.dumped({column: key[column] for column in table.key}),
            list(fields.set),
        )
        if result is None:
            which = "/".join(as_text(key[column]) for column in table.key)
            raise ActionFailed(
                f"There is no record {which} in {table.name} (any more).",
                code="record-gone",
                args={"table": table.name, "record": which},
            )
        return result


def _own_key(event: Event, table: records.Table) -> JSONObject:
    """The trigger's record: named by the event, or (fired by hand on a record) found in it."""
    row = event.after or {}
    return event.key if event.table == table.name else {column: row.get(column) for column in table.key}
