"""find_record: looks for one record of a watched database and keeps it. Finding none is an answer, not a failure.

Repeatable: it reads. Of several records it takes the first in the order that is asked for, else by the primary key.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions.kind import ActionContext, Promise, Tools
from ruleyard.actions.records import Database
from ruleyard.actions.search_places import place_of_search, where_words
from ruleyard.actions.searching import Hidden, Order, Question, first_of
from ruleyard.core.event import Event
from ruleyard.core.types import JSON


class FindRecordFields(msgspec.Struct, frozen=True):
    where: JSON
    table: str | None = None
    connection: str | None = None
    order: Order | None = None
    columns: tuple[str, ...] = ()


class FindRecord:
    name: Final = "find_record"
    promise: Final[Promise] = "repeatable"
    fields: Final = FindRecordFields

    def preview(self, fields: FindRecordFields, event: Event) -> str:
        return f"Find a record of {where_words(fields.table, fields.where, fields.order, event)}"

    async def target(self, fields: FindRecordFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: FindRecordFields, context: ActionContext) -> JSON:
        connection, table = place_of_search(
            fields.connection, fields.table, context.connection, context.table
        )
        database, hidden = await context.tools.database(connection), await context.tools.left_out(connection)
        return await self.answer(fields, database, table, hidden)

    async def answer(self, fields: FindRecordFields, database: Database, table: str, hidden: Hidden) -> JSON:
        """The step's output. ActionFailed where the search cannot be made."""
        question = Question(table, fields.where, fields.order, fields.columns)
        record = await first_of(database, question, hidden)
        return {"found": record is not None, "record": record}
