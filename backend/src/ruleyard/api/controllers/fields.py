"""The fields of a table as people know them: what they call them, which are new, which rules use them."""

from __future__ import annotations

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.shapes.connections import FieldLabel, FieldUse, FieldUses, UsingRule
from ruleyard.core.errors import NotFound
from ruleyard.core.incoming.uses import columns_named
from ruleyard.core.types import ConnectionId
from ruleyard.intake.introspect import table_summary
from ruleyard.stores import audit, connections, fields
from ruleyard.stores.db import transaction
from ruleyard.stores.rule_documents import documents_naming


class FieldsController(Controller):
    path = "/connections/{connection_id:int}/tables/{table:str}"
    tags = ("connections",)

    @put(
        "/columns/{column:str}/label",
        opt={"role": "editor"},
        status_code=204,
        summary="Say what a column is called",
    )
    async def name_column(
        self,
        house: OurHouse,
        caller: TheCaller,
        connection_id: FromPath[int],
        table: FromPath[str],
        column: FromPath[str],
        data: JSONBody[FieldLabel],
    ) -> None:
        """The builder, sentences and explanations say it instead of the column's own name."""
        at = ConnectionId(connection_id)
        if column not in await _columns(house, at, table):
            raise NotFound(f"{table} has no column {column}.", code="unknown-column")
        async with transaction(house.engine) as conn:
            await fields.set_label(conn, at, table, column, " ".join(data.label.split()))
            told = {"column": column, "label": data.label}
            await audit.record(conn, caller, "name column", f"table:{table}", {**told})

    @post(
        "/fields-seen",
        opt={"role": "editor"},
        status_code=204,
        summary="Count all columns as known from now on",
    )
    async def see_fields(self, house: OurHouse, connection_id: FromPath[int], table: FromPath[str]) -> None:
        at = ConnectionId(connection_id)
        columns = await _columns(house, at, table)
        async with transaction(house.engine) as conn:
            await fields.note_seen(conn, at, {table: columns}, again=True)

    @get("/uses", opt={"role": "viewer"}, summary="Which rules use which columns")
    async def read_uses(
        self, house: OurHouse, connection_id: FromPath[int], table: FromPath[str]
    ) -> FieldUses:
        """By drafts and live versions of rules that are not archived."""
        async with transaction(house.engine) as conn:
            place = ((await connections.connection(conn, ConnectionId(connection_id))).name, table)
            found: dict[str, list[UsingRule]] = {}
            for one in await documents_naming(conn, table):
                for column in columns_named(one.documents, place):
                    found.setdefault(column, []).append(UsingRule(one.id, one.name))
        return FieldUses(tuple(FieldUse(column, tuple(using)) for column, using in sorted(found.items())))


async def _columns(house: House, at: ConnectionId, table: str) -> tuple[str, ...]:
    """NotFound where there is no such table."""
    async with transaction(house.engine) as conn:
        await connections.connection(conn, at)
    async with asking(house.logs, at) as pool:
        summary = await table_summary(pool, table)
    if summary is None:
        raise NotFound(f"There is no table {table} that this connection can see.", code="unknown-table")
    return summary.columns
