"""assign: gives a record to one of several people, in turn or to who has the least to do. Exactly once.

Whose turn it is is kept under the key of the step before the record is written, so a step that is tried again gives
the same person; the write itself is `records.apply_once`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from ruleyard.actions import records
from ruleyard.actions.counting import count_by_person
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.turns import Turn, Unwritten
from ruleyard.actions.which_record import Which, gone, which_record
from ruleyard.core import turns
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject


class AssignFields(msgspec.Struct, frozen=True):
    people: JSON
    by: Literal["round_robin", "least_busy"] = "round_robin"
    away: JSON = None
    connection: str | None = None
    table: str | None = None
    key: JSONObject | None = None
    column: str | None = None
    taken: Literal["replace", "keep"] = "replace"
    rotation: str | None = None
    count_table: str | None = None
    count_column: str | None = None
    count_where: JSONObject | None = None


class Assign:
    name: Final = "assign"
    promise: Final[Promise] = "exactly-once"
    fields: Final = AssignFields

    def preview(self, fields: AssignFields, event: Event) -> str:
        everybody, here = _people(fields)
        names = ", ".join(as_text(one.person) for one in here)
        if len(here) == 1:
            how = f"Give it to {names}"
        elif fields.by == "least_busy":
            how = f"Give it to whoever of {names} has the least to do"
        else:
            how = f"Give it to the next in turn of {names}"
        away = len(everybody) - len(here)
        return how + (f" ({away} away)" if away else "")

    async def target(self, fields: AssignFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: AssignFields, context: ActionContext) -> JSON:
        which = await which_record(fields, context) if fields.column else None
        if which is not None:
            records.refuse_unfit(which.table, [fields.column or ""])
        turn = await context.tools.turns.taken(context.key)
        if turn is None and which is not None and fields.taken == "keep":
            held = await _held(which, fields)
            if held not in (None, ""):
                return _kept(fields, held)
        if turn is None:
            turn = await _take(fields, context, which)
        if which is None:
            return {"person": turn.person, "before": None, "position": turn.position, "kept": False}
        written = await _write(fields, context, which, turn)
        await context.tools.turns.written(context.key)
        return written


def _people(fields: AssignFields) -> tuple[tuple[turns.Person, ...], tuple[turns.Person, ...]]:
    """Everybody in the list, and those of them who are not away."""
    everybody = turns.read_people(fields.people)
    if isinstance(everybody, str):
        raise _bad("people", everybody)
    here = turns.available(everybody, fields.away)
    if isinstance(here, str):
        raise _bad("away", here)
    if not here:
        words = "Everybody in the list is away." if everybody else "The list of people is empty."
        raise ActionFailed(f"{words} Nobody got it.", code="nobody-free", args={"people": len(everybody)})
    return everybody, here


def _bad(field: str, why: str) -> ActionFailed:
    return ActionFailed(
        f"“{field}” is no list of people: {why}.", code="bad-people", args={"field": field, "why": why}
    )


async def _take(fields: AssignFields, context: ActionContext, which: Which | None) -> Turn:
    everybody, here = _people(fields)
    counted = await _counted(fields, context) if fields.by == "least_busy" else None

    async def pick(at: turns.Rotation, unwritten: Sequence[Unwritten]) -> tuple[Turn, turns.Rotation]:
        if counted is None:
            chosen, moved = turns.in_turn(here, everybody, at)
        else:
            loads = await counted.loads(here, unwritten)
            chosen, moved = turns.least_busy(here, everybody, at, loads)
        return Turn(chosen.person, everybody.index(chosen) + 1), moved

    shared = (fields.rotation or "").strip()
    return await context.tools.turns.take(
        key=context.key,
        rotation=f"shared:{shared}" if shared else f"step:{context.rule_id}:{context.node_id}",
        rule_id=None if shared else context.rule_id,
        record=which.key if which and counted else None,
        pick=pick,
    )


@dataclass(frozen=True)
class _Counted:
    """What is counted. `own`: in the table whose records are given."""

    database: records.Database
    table: records.Table
    column: str
    where: JSONObject
    own: bool

    async def loads(self, here: Sequence[turns.Person], unwritten: Sequence[Unwritten]) -> dict[str, int]:
        """How much each has to do: what the database has, and what was given and is not written yet."""
        loads = await count_by_person(
            self.database,
            self.table,
            column=self.column,
            people=[one.person for one in here],
            where=self.where,
            without=[one.record for one in unwritten] if self.own else (),
        )
        for one in unwritten:
            key = turns.key_of(one.person)
            loads[key] = loads.get(key, 0) + 1
        return loads


async def _counted(fields: AssignFields, context: ActionContext) -> _Counted:
    connection = fields.connection or context.connection
    written = fields.table or context.table
    name, column = fields.count_table or written, fields.count_column or fields.column
    for field, value in (("connection", connection), ("count_table", name), ("count_column", column)):
        if not value:
            raise ActionFailed(
                f"“{field}” is empty: say what is counted.", code="empty-field", args={"field": field}
            )
    database = await context.tools.database(connection or "")
    table = await records.table_of(database, name or "")
    return _Counted(database, table, column or "", fields.count_where or {}, table.name == written)


async def _held(which: Which, fields: AssignFields) -> JSON:
    found = await records.value_of(which.database, which.table, which.key, fields.column or "")
    if found is None:
        raise gone(which)
    return found[0]


async def _write(fields: AssignFields, context: ActionContext, which: Which, turn: Turn) -> JSON:
    column = fields.column or ""
    values: JSONObject = {column: turn.person}
    result = await records.apply_once(
        which.database,
        records.update_sql(which.table, values, empty=column if fields.taken == "keep" else None),
        context.key,
        context.cause,
        records.dumped(records.assigned(which.table, values)),
        records.dumped(which.key),
        [column],
    )
    if isinstance(result, dict):
        before = result.get("before")
        old = before.get(column) if isinstance(before, dict) else None
        return {"person": turn.person, "before": old, "position": turn.position, "kept": False}
    held = await _held(which, fields)
    if held in (None, ""):
        raise gone(which)
    return _kept(fields, held)


def _kept(fields: AssignFields, held: JSON) -> JSON:
    everybody = turns.read_people(fields.people)
    place = turns.place_of(held, everybody) if not isinstance(everybody, str) else None
    return {"person": held, "before": held, "position": place, "kept": True}
