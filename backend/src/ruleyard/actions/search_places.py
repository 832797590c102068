"""Where a search looks, and what it asks in words."""

from __future__ import annotations

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.searching import Order
from ruleyard.core.event import Event
from ruleyard.core.types import JSON
from ruleyard.core.words import logic_words


def place_of_search(
    connection: str | None, table: str | None, own_connection: str | None, own_table: str | None
) -> tuple[str, str]:
    """Connection and table: those that it names, or else the trigger's own. ActionFailed where there is none."""
    where = connection or own_connection
    if where is None:
        raise ActionFailed(
            "“connection” is empty: say which database.", code="empty-field", args={"field": "connection"}
        )
    name = table or own_table
    if name is None:
        raise ActionFailed(
            "“table” is empty: this rule's trigger has no record.",
            code="empty-field",
            args={"field": "table"},
        )
    return where, name


def where_words(table: str | None, where: JSON, order: Order | None, event: Event) -> str:
    """`leads where status is "open", by created at from the last`."""
    name = (table or event.table).rpartition(".")[2].replace("_", " ")
    asked = "" if where is True else f" where {logic_words(where)}"
    if where is False:
        asked = " where nothing can match"
    by = ""
    if order is not None:
        by = f", by {order.column.replace('_', ' ')}" + (
            " from the last" if order.direction == "desc" else ""
        )
    return f"{name}{asked}{by}"
