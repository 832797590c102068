"""A search of a draft that is tried: made as a run would make it, for it only reads. Failures are told as by a run."""

from __future__ import annotations

from typing import TypeAlias

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.find_record import FindRecord
from ruleyard.actions.find_records import FindRecords
from ruleyard.actions.kind import read_fields
from ruleyard.actions.records import Database
from ruleyard.actions.search_places import place_of_search
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.core.errors import RuleyardError
from ruleyard.core.plan import Plan
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, JSONObject
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.watches import left_out

Searched: TypeAlias = JSON | StepError
"""What a search gave, or why it could not be made."""


async def search_now(house: House, plan: Plan, do: str, fields: JSONObject) -> Searched:
    """`fields` are resolved. Raises nothing that an outside database does."""
    kind = FindRecord() if do == FindRecord.name else FindRecords()
    trigger = plan.graph.trigger
    try:
        asked = read_fields(kind, fields)
        connection, table = place_of_search(asked.connection, asked.table, trigger.connection, trigger.table)
        async with transaction(house.engine) as conn:
            log = int((await connection_named(conn, connection)).id)
            hidden = {name: columns for (at, name), columns in (await left_out(conn)).items() if at == log}
        async with asking(house.logs, log) as pool:
            return await kind.answer(asked, Database(pool), table, hidden)
    except ActionFailed as failure:
        return StepError(failure.code, failure.message, failure.detail, args=failure.named)
    except RuleyardError as error:
        return StepError(error.code, error.message)
