"""Which columns of a table a rule document names, whole or not. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ruleyard.core.incoming.walk import At, Table, walked
from ruleyard.core.types import JSON, JSONObject


class _Noting:
    """Gives every name back as it is, and remembers the columns."""

    def __init__(self) -> None:
        self.fields: set[tuple[Table, str]] = set()

    def connection(self, name: str, kind: str, at: At) -> str:
        return name

    def table(self, table: Table, at: At) -> Table:
        return table

    def field(self, table: Table, name: str, at: At, literal: JSON) -> str:
        self.fields.add((table, name))
        return name

    def related(self, table: Table, key: str, name: str, at: At) -> str:
        return name


def columns_named(documents: Iterable[JSONObject], table: Table) -> set[str]:
    """The columns of (connection, table) that any of the documents reads, listens to or sets."""
    noting = _Noting()
    for document in documents:
        walked(document, noting)
    return {name for where, name in noting.fields if where == table}
