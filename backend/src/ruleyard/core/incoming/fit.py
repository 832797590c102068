"""Which names of an imported document are not known here, what of ours each could be, and the document with ours.

Suggests by nearness of the name and by type; decides nothing that somebody decided. Told everything; no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

from ruleyard.core.incoming.walk import At, Table, walked
from ruleyard.core.model import TableModel
from ruleyard.core.types import JSON, JSONObject

NameKind = Literal["connection", "table", "field", "related"]
NEAR: Final = 0.6
"""How alike two names must be for one to be suggested for the other."""


class Match(msgspec.Struct, frozen=True, omit_defaults=True):
    """`name` of the document, of `connection` and `table` as it writes them, is `to` of ours; "" leaves it as it is.

    `to_connection`: where our table is. A related field's name is `<foreign key>.<field>`.
    """

    kind: NameKind
    name: str
    to: str = ""
    connection: str = ""
    table: str = ""
    to_connection: str = ""


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of ours. `type` is a column's."""

    to: str
    connection: str = ""
    type: str = ""


class Unmatched(msgspec.Struct, frozen=True):
    """A name that is not known here, what it is (to be) matched with, and what could be chosen.

    `suggested`: nobody chose it yet. `used`: how many places of the documents say it.
    """

    match: Match
    suggested: bool
    choices: tuple[Choice, ...]
    used: int


class Ours(msgspec.Struct, frozen=True):
    """What is here: connections by name with their kinds, their tables (None: it does not answer), and models."""

    kinds: Mapping[str, str]
    tables: Mapping[str, tuple[str, ...] | None]
    models: Mapping[Table, TableModel | None]

    def lookup(self, connection: str, table: str) -> TableModel | None:
        return self.models.get((connection, table))


class _Asked(msgspec.Struct, frozen=True):
    kind: NameKind
    name: str
    connection: str = ""
    table: str = ""


class _Using:
    """Names by the matches; remembers what it was asked."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._to = {_Asked(one.kind, one.name, one.connection, one.table): one for one in matches if one.to}
        self.asked: dict[_Asked, list[JSON]] = {}
        self.kinds: dict[str, str] = {}
        self.places: dict[_Asked, set[At]] = {}

    def _find(self, asked: _Asked, at: At, literal: JSON = None) -> Match | None:
        self.asked.setdefault(asked, []).append(literal)
        self.places.setdefault(asked, set()).add(at)
        return self._to.get(asked)

    def connection(self, name: str, kind: str, at: At) -> str:
        self.kinds.setdefault(name, kind)
        found = self._find(_Asked("connection", name), at)
        return found.to if found else name

    def table(self, table: Table, at: At) -> Table:
        self._find(_Asked("table", table[1], table[0]), at)
        return self.place_of(table)

    def place_of(self, table: Table) -> Table:
        """Connection and table by our names. Unlike the rest it is no question of the document."""
        found = self._to.get(_Asked("table", table[1], table[0]))
        moved = self._to.get(_Asked("connection", table[0]))
        connection = moved.to if moved else table[0]
        return (found.to_connection or connection, found.to) if found else (connection, table[1])

    def field(self, table: Table, name: str, at: At, literal: JSON) -> str:
        self._find(_Asked("field", name, *table), at, literal)
        return self.name_of(table, name)

    def name_of(self, table: Table, name: str) -> str:
        """A column by our name. No question of the document either."""
        found = self._to.get(_Asked("field", name, *table))
        return found.to if found else name

    def related(self, table: Table, key: str, name: str, at: At) -> str:
        found = self._find(_Asked("related", f"{key}.{name}", *table), at)
        return found.to if found else name


def fitted(document: JSONObject, matches: Iterable[Match]) -> JSONObject:
    """The document with our names."""
    return walked(document, _Using(matches))


def named_here(documents: Iterable[JSONObject], matches: Iterable[Match]) -> set[Table]:
    """The tables that the documents speak of, with our names."""
    using = _Using(matches)
    for document in documents:
        walked(document, using)
    return {using.place_of((one.connection, one.name)) for one in using.asked if one.kind == "table"}


def unmatched(
    documents: Sequence[JSONObject],
    decided: Sequence[Match],
    ours: Ours,
    *,
    suggest: bool,
    so_far: Sequence[Match] = (),
) -> tuple[Unmatched, ...]:
    """What is not known here, connections first, then tables, then fields. With `suggest`, what is near is put there.

    A suggestion uncovers what lies below it: the caller asks again with it in `so_far` and those tables' models.
    """
    using = _Using((*decided, *so_far))
    for document in documents:
        walked(document, using)
    told = {_Asked(one.kind, one.name, one.connection, one.table): one for one in decided}
    found: list[Unmatched] = []
    for asked, literals in using.asked.items():
        choices = _choices(asked, using, ours, literals)
        if choices is None:
            continue
        kept = told.get(asked)
        match = kept or _suggestion(asked, choices, literals, using, ours) if suggest else kept
        places = len(using.places[asked])
        nothing = Match(asked.kind, asked.name, "", asked.connection, asked.table)
        found.append(Unmatched(match or nothing, kept is None and match is not None, choices, places))
    order: Final = ("connection", "table", "field", "related")
    return tuple(sorted(found, key=lambda one: order.index(one.match.kind)))


def _choices(asked: _Asked, using: _Using, ours: Ours, literals: Sequence[JSON]) -> tuple[Choice, ...] | None:
    """What of ours it could be; None where the name is known here, or nothing can be said of it yet."""
    if asked.kind == "connection":
        kind = using.kinds.get(asked.name, "postgres")
        if ours.kinds.get(asked.name) == kind:
            return None
        return tuple(Choice(name) for name, one in sorted(ours.kinds.items()) if one == kind)
    if asked.kind == "table":
        return _tables(asked, using, ours)
    home = using.place_of((asked.connection, asked.table))
    model = ours.lookup(*home)
    if model is None:
        return None
    name = asked.name
    if asked.kind == "related":
        key, _, name = asked.name.partition(".")
        column = model.column(using.name_of((asked.connection, asked.table), key))
        target = ours.lookup(home[0], column.references) if column and column.references else None
        if target is None:
            return None
        model = target
    if model.column(name) is not None:
        return None
    return tuple(Choice(column.name, type=column.type) for column in model.columns)


def _tables(asked: _Asked, using: _Using, ours: Ours) -> tuple[Choice, ...] | None:
    moved = using._to.get(_Asked("connection", asked.connection))
    connection = moved.to if moved else asked.connection
    if connection:
        if connection not in ours.tables:
            return None
        tables = ours.tables[connection]
        if tables is None or asked.name in tables:
            return None
    every = (
        (name, tables or ()) for name, tables in sorted(ours.tables.items(), key=lambda t: t[0] != connection)
    )
    return tuple(Choice(table, name) for name, tables in every for table in tables)


def _suggestion(
    asked: _Asked, choices: tuple[Choice, ...], literals: Sequence[JSON], using: _Using, ours: Ours
) -> Match | None:
    wanted = asked.name.rpartition(".")[2] if asked.kind in ("related", "table") else asked.name
    if not asked.name:
        return None
    best, choice = 0.0, None
    for one in choices:
        score = _alike(wanted, one.to.rpartition(".")[2] if asked.kind == "table" else one.to)
        if asked.kind == "table":
            score += 0.3 * _covers(asked, one, using, ours)
        elif one.type:
            score += _fits(one.type, literals)
        if score > best:
            best, choice = score, one
    if asked.kind == "connection" and len(choices) == 1:
        choice, best = choices[0], 1.0
    if choice is None or best < NEAR:
        return None
    return Match(asked.kind, asked.name, choice.to, asked.connection, asked.table, choice.connection)


def _alike(one: str, other: str) -> float:
    """0 to 1. Words in another order, and one that begins or ends the other, are near."""
    a, b = one.lower().replace("-", "_"), other.lower().replace("-", "_")
    if a == b:
        return 1.0
    if sorted(a.split("_")) == sorted(b.split("_")):
        return 0.95
    ratio = SequenceMatcher(None, a, b).ratio()
    left, right = set(a.split("_")), set(b.split("_"))
    part = min(len(a), len(b)) >= 3 and (left <= right or right <= left)
    return max(ratio, 0.75) if part else ratio


def _covers(asked: _Asked, choice: Choice, using: _Using, ours: Ours) -> float:
    """Which share of the columns that the document reads of this table ours has; only where the model is known."""
    model: TableModel | None = ours.lookup(choice.connection, choice.to)
    fields = {one.name for one in using.asked if one.kind == "field" and one.table == asked.name}
    if model is None or not fields:
        return 0.0
    return len(fields & {column.name for column in model.columns}) / len(fields)


_TYPES: Final[Mapping[type, tuple[str, ...]]] = {
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number", "integer"),
    str: ("text", "uuid", "date", "timestamp", "time"),
}


def _fits(kind: str, literals: Sequence[JSON]) -> float:
    """A little more where what it is compared with is of this type, less where it is not."""
    kinds = [_TYPES[type(one)] for one in literals if type(one) in _TYPES]
    if not kinds:
        return 0.0
    return 0.1 if all(kind in one for one in kinds) else -0.25
