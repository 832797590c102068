"""find_records: looks for records of a watched database; keeps the first of them, their number and totals of all.

Repeatable: it reads. What is kept has a bound: at most 1,000 records and 256 kB; `more` says that there are others.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from ruleyard.actions.kind import ActionContext, Promise, Tools
from ruleyard.actions.records import Database
from ruleyard.actions.search_places import place_of_search, where_words
from ruleyard.actions.searching import Hidden, Order, Question, Total, look_for
from ruleyard.core.check_find import MOST_FOUND, USUALLY_FOUND
from ruleyard.core.event import Event
from ruleyard.core.types import JSON


class FindRecordsFields(msgspec.Struct, frozen=True):
    where: JSON
    table: str | None = None
    connection: str | None = None
    order: Order | None = None
    columns: tuple[str, ...] = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_FOUND)] = USUALLY_FOUND
    totals: dict[str, dict[Total, str]] = {}


class FindRecords:
    name: Final = "find_records"
    promise: Final[Promise] = "repeatable"
    fields: Final = FindRecordsFields

    def preview(self, fields: FindRecordsFields, event: Event) -> str:
        said = where_words(fields.table, fields.where, fields.order, event)
        totals = "".join(
            f", {kind} of {name}" for one in fields.totals.values() for kind, name in one.items()
        )
        return f"Find up to {fields.limit:,} records of {said}{totals}"

    async def target(self, fields: FindRecordsFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: FindRecordsFields, context: ActionContext) -> JSON:
        connection, table = place_of_search(
            fields.connection, fields.table, context.connection, context.table
        )
        database, hidden = await context.tools.database(connection), await context.tools.left_out(connection)
        return await self.answer(fields, database, table, hidden)

    async def answer(self, fields: FindRecordsFields, database: Database, table: str, hidden: Hidden) -> JSON:
        """The step's output. ActionFailed where the search cannot be made."""
        question = Question(table, fields.where, fields.order, fields.columns, fields.limit, fields.totals)
        found = await look_for(database, question, hidden)
        count = found.count or 0
        return {
            "count": count,
            "records": [*found.records],
            "totals": {name: found.totals.get(str(place)) for place, name in enumerate(fields.totals)},
            "more": count > len(found.records),
        }
