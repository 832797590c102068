"""create_record: inserts one record into a table of a watched database, exactly once."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions import records
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject


class CreateRecordFields(msgspec.Struct, frozen=True):
    table: str
    set: JSONObject
    connection: str | None = None


class CreateRecord:
    name: Final = "create_record"
    promise: Final[Promise] = "exactly-once"
    fields: Final = CreateRecordFields

    def preview(self, fields: CreateRecordFields, event: Event) -> str:
        values = ", ".join(f"{name} = {as_text(value) or 'empty'}" for name, value in fields.set.items())
        return f"Create a record in {fields.table}: {values}"

    async def target(self, fields: CreateRecordFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: CreateRecordFields, context: ActionContext) -> JSON:
        name = fields.connection or context.connection
        if name is None:
            raise ActionFailed(
                "“connection” is empty: say which database.", code="empty-field", args={"field": "connection"}
            )
        if not fields.set:
            raise ActionFailed(
                "“set” is empty: a new record needs a value.", code="empty-field", args={"field": "set"}
            )
        database = await context.tools.database(name)
        table = await records.table_of(database, fields.table)
        records.refuse_unfit(table, fields.set)
        result = await records.apply_once(
            database,
            records.insert_sql(table, fields.set),
            context.key,
            context.cause,
            records.dumped(records.assigned(table, fields.set)),
        )
        if result is None:
            raise ActionFailed(
                f"The database kept no record: a trigger of {table.name} dropped it.",
                code="record-dropped",
                args={"table": table.name},
            )
        return result
