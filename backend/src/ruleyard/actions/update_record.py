"""update_record: sets columns of one record, exactly once. Without a table and key: the trigger's record."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions import records
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.which_record import gone, which_record
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
        if not (fields.connection or context.connection):
            raise ActionFailed(
                "“connection” is empty: say which database.", code="empty-field", args={"field": "connection"}
            )
        if not fields.set:
            raise ActionFailed(
                "“set” is empty: there is nothing to change.", code="empty-field", args={"field": "set"}
            )
        which = await which_record(fields, context)
        records.refuse_unfit(which.table, fields.set)
        result = await records.apply_once(
            which.database,
            records.update_sql(which.table, fields.set),
            context.key,
            context.cause,
            records.dumped(records.assigned(which.table, fields.set)),
            records.dumped(which.key),
            list(fields.set),
        )
        if result is None:
            raise gone(which)
        return result
