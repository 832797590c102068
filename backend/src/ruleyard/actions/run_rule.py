"""run_rule: starts another rule as if by hand, once per run and node: on a record of its table, or with data.

Without `record` it starts on the record of this run, where both rules are about the same table. The record is given as
it is now. It carries its cause, so that chains of rules end.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions.emit_event import refuse_large, short
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.reading import read_by_key
from ruleyard.actions.records import table_of
from ruleyard.core.event import Event
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.types import JSON, JSONObject
from ruleyard.core.webhook import as_data


class RunRuleFields(msgspec.Struct, frozen=True):
    rule: JSONObject = {}
    record: JSONObject | None = None
    data: JSON = None


class RunRule:
    name: Final = "run_rule"
    promise: Final[Promise] = "exactly-once"
    fields: Final = RunRuleFields

    def preview(self, fields: RunRuleFields, event: Event) -> str:
        on = ""
        if fields.record:
            on = f" on record {'/'.join(as_text(value) for value in fields.record.values())}"
        elif fields.data not in (None, {}):
            on = f" with {short(fields.data)}"
        return f'Run the rule "{as_text(fields.rule.get("name") or fields.rule.get("id"))}"{on}'

    async def target(self, fields: RunRuleFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: RunRuleFields, context: ActionContext) -> JSON:
        rule = await context.tools.rule(fields.rule)
        record, after = None, None
        if rule.connection and rule.table:
            record, after = await _record(fields, context, rule)
        elif fields.data is not None:
            refuse_large(fields.data)
            after = as_data(fields.data)
        event = await context.tools.start(context, rule, after, record=record)
        return {"rule": rule.name, "event": event}


async def _record(fields: RunRuleFields, context: ActionContext, rule: RuleCard) -> tuple[str, JSONObject]:
    """The record that the other rule starts on: its key as one line, and the record as it is now."""
    connection, name = rule.connection or "", rule.table or ""
    database = await context.tools.database(connection)
    table = await table_of(database, name)
    key = fields.record
    if key is None and (connection, name) == (context.connection, context.table):
        row = context.event.after or context.event.before or {}
        key = (
            context.event.key
            if context.event.table == name
            else {column: row.get(column) for column in table.key}
        )
    missing = [column for column in table.key if (key or {}).get(column) is None]
    if key is None or missing or not table.key:
        raise ActionFailed(
            f"“record” must name the whole primary key of {name}: {', '.join(missing) or 'it has none'}.",
            code="bad-key",
            args={"table": name},
        )
    which = "/".join(as_text(key[column]) for column in table.key)
    found = await read_by_key(database, table, {column: key[column] for column in table.key})
    if found is None:
        raise ActionFailed(
            f"There is no record {which} in {name} (any more).",
            code="record-gone",
            args={"table": name, "record": which},
        )
    return which, found
