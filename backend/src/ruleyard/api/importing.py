"""Import: documents with what was understood of them, matched with what is here, made into drafts. Idempotent
by name.

What comes in is a draft, off; a rule of the same name gets a new draft unless somebody says otherwise. A dry run tells
the same and changes nothing. What JSON is a rule, and which names are near: `core/incoming`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.checking import (
    Surroundings,
    check_documents,
    name_of,
    refuse_over_limits,
    surroundings,
)
from ruleyard.api.house import House
from ruleyard.api.shapes.importing import Action, Imported, ImportedRule, ImportProblem, Twin
from ruleyard.core.alike import alike
from ruleyard.core.errors import Invalid, Problem, RuleyardError
from ruleyard.core.incoming.fit import Match, Ours, Unmatched, fitted, named_here, unmatched
from ruleyard.core.incoming.places import Places
from ruleyard.core.incoming.reading import Incoming, free_name, own_names
from ruleyard.core.incoming.understood import refusals, understood
from ruleyard.core.model import TableModel
from ruleyard.core.rule_refs import settled
from ruleyard.core.types import JSONObject, LogId, RuleId
from ruleyard.intake.introspect import list_tables
from ruleyard.stores import audit, drafts, rules

_ROUNDS: Final = 3
"""A connection that is found uncovers tables, a table its fields."""
_SILENT: Final = (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Given(msgspec.Struct, frozen=True):
    """What to import and how. `text`: where the places of problems are counted, None where nobody has it."""

    incoming: tuple[Incoming, ...]
    text: str | None = None
    matches: tuple[Match, ...] = ()
    suggest: bool = False
    twins: Mapping[str, Twin] = {}


async def import_documents(
    house: House, conn: AsyncConnection, caller: Caller, given: Given, *, dry_run: bool
) -> Imported:
    """What was (or would be) made of each document, with its problems and their places."""
    documents = [one.document for one in given.incoming]
    around = await surroundings(conn, documents)
    over = [_over(document) for document in documents]
    sound = [document for document, problems in zip(documents, over, strict=True) if not problems]
    names, matches = await _matched(house, around, sound, given)
    places = Places(given.text) if given.text is not None else None
    ours = [
        document if problems else settled(fitted(document, matches), around.rules or {})
        for document, problems in zip(documents, over, strict=True)
    ]
    checked = iter(
        await check_documents(house.models, around, [d for d, o in zip(ours, over, strict=True) if not o])
    )
    items: list[ImportedRule] = []
    called = own_names([name_of(document) for document in documents])
    for incoming, document, problems, name in zip(given.incoming, ours, over, called, strict=True):
        found = problems or next(checked).problems
        placed = tuple(_placed(one, incoming, places) for one in found)
        items.append(await _one(conn, caller, given, document, name, placed, dry_run=dry_run))
    return Imported(tuple(items), names)


def _over(document: JSONObject) -> tuple[Problem, ...]:
    """Why the document is larger or deeper than any rule may be."""
    try:
        refuse_over_limits(document)
    except Invalid as error:
        return error.problems
    return ()


def _placed(one: Problem, incoming: Incoming, places: Places | None) -> ImportProblem:
    line, column = places.of(incoming.origin(one.path)) if places else (0, 0)
    return ImportProblem(
        one.code, one.path, one.message, one.severity, one.node, one.args, one.fix, line, column
    )


async def _matched(
    house: House, around: Surroundings, documents: Sequence[JSONObject], given: Given
) -> tuple[tuple[Unmatched, ...], tuple[Match, ...]]:
    """The names that are not known here, and all matches: those that were given and those that are suggested."""
    tables = await _tables(house, around)
    matches = given.matches
    names: tuple[Unmatched, ...] = ()
    for _ in range(_ROUNDS if given.suggest else 1):
        models = await _models(house, around, documents, matches, tables)
        ours = Ours(around.kinds, tables, models)
        names = unmatched(documents, given.matches, ours, suggest=given.suggest, so_far=matches)
        more = given.matches + tuple(one.match for one in names if one.suggested)
        if set(more) == set(matches):
            break
        matches = more
    return names, matches


async def _tables(house: House, around: Surroundings) -> dict[str, tuple[str, ...] | None]:
    """The tables of each database; None where it does not answer."""
    found: dict[str, tuple[str, ...] | None] = {}
    for name, at in around.connections.items():
        try:
            found[name] = tuple(one.name for one in await list_tables(await house.logs.pool(LogId(int(at)))))
        except _SILENT:
            found[name] = None
    return found


async def _models(
    house: House,
    around: Surroundings,
    documents: Sequence[JSONObject],
    matches: Sequence[Match],
    tables: Mapping[str, tuple[str, ...] | None],
) -> dict[tuple[str, str], TableModel | None]:
    """Of the tables that are named, and those that their foreign keys lead to."""
    pairs = {
        (connection, table)
        for connection, table in named_here(documents, matches)
        if table in (tables.get(connection) or ())
    }
    seen = await house.models.see(around.connections, pairs)
    led = {
        (connection, column.references)
        for (connection, _), model in seen.tables.items()
        for column in (model.columns if model else ())
        if column.references
    }
    seen = seen.joined(await house.models.see(around.connections, led - pairs))
    return dict(seen.tables)


async def _one(
    conn: AsyncConnection,
    caller: Caller,
    given: Given,
    document: JSONObject,
    name: str,
    problems: tuple[ImportProblem, ...],
    *,
    dry_run: bool,
) -> ImportedRule:
    wish = given.twins.get(name, "replace")
    twin = await rules.rule_named(conn, name)
    as_name = name
    if twin is not None and wish == "another":
        as_name = await _free(conn, name)
    if name_of(document) != as_name:
        document = {**document, "name": as_name}
    at = None if as_name != name else twin
    action = await _action(conn, at, document, wish, problems)
    previous, etag, rule_id = None, None, at
    if not dry_run and action == "create":
        rule_id = await rules.create_rule(
            conn, name=as_name, document=document, layout={}, by=caller.account_id
        )
    elif not dry_run and action == "update" and rule_id is not None:
        previous = (await drafts.draft_of(conn, rule_id, lock=True)).document
        saved = await drafts.save_draft(
            conn, rule_id, document=document, layout=None, etag=None, by=caller.account_id
        )
        etag = str(saved.etag)
    if not dry_run and action in ("create", "update"):
        await audit.record(conn, caller, "import rule", f"rule:{rule_id}", {"action": action})
    return ImportedRule(
        name,
        as_name,
        rule_id,
        action,
        problems,
        document,
        understood(document, problems),
        twin,
        previous,
        etag,
    )


async def _free(conn: AsyncConnection, name: str) -> str:
    taken: set[str] = set()
    while True:
        made = free_name(name, lambda one: one in taken)
        if await rules.rule_named(conn, made) is None:
            return made
        taken.add(made)


async def _action(
    conn: AsyncConnection,
    at: RuleId | None,
    document: JSONObject,
    wish: Twin,
    problems: tuple[ImportProblem, ...],
) -> Action:
    if refusals(problems):
        return "refuse"
    if at is None:
        return "create"
    if alike((await drafts.draft_of(conn, at)).document, document):
        return "same"
    return "leave" if wish == "leave" else "update"
