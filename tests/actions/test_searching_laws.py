"""A search in PostgreSQL and our own evaluator find the same records: random wheres on random rows."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from ruleyard.actions.records import Database
from ruleyard.actions.searching import Question, look_for
from ruleyard.core.json_text import decode
from ruleyard.core.logic.compile import evaluate
from ruleyard.core.logic.values import truthy
from ruleyard.core.where import Where

TABLE = """
    create type mood as enum ('new', 'Open', 'ДА');
    create table teams (id int primary key, name text, size numeric);
    create table things (
      id int primary key, t text, v varchar(20), c char(6), m mood, u uuid, i int, b bigint, n numeric, f float8,
      r real, y boolean, d date, l timestamp, z timestamptz, h time, j jsonb, a text[], w int[],
      team int references teams)
"""
TEXTS = [
    "",
    " ",
    "a",
    "A",
    "abc",
    "Abc",
    "ДА",
    "да",
    "ÄÖ",
    "äö",
    "ab",
    "b%c",
    "x_y",
    "안녕",
    "new",
    "Open",
    "2",
    "İx",
    "ΟΔΟΣ",
    "\u3000",
]
NUMBERS: list[float] = [0, 1, -1, 2, 3, 0.5, 0.1, 2.5, -7.25, 1e6, 2**40, 1e15]
DAYS = ["2026-01-01", "2026-01-31", "2025-12-31"]
LOCALS = ["2026-01-01T00:00:00", "2026-01-01T09:30:00", "2025-12-31T23:59:59.5", "2026-01-31T00:00:00.000001"]
MOMENTS = [f"{one}+00:00" for one in LOCALS]
ODD_MOMENTS = [
    "2026-01-01 09:30:00",
    "2026-01-01T09:30:00Z",
    "2026-01-01T18:30:00+09:00",
    "2026-1-1",
    "yesterday",
    "",
]
UUIDS = ["00000000-0000-0000-0000-000000000001", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]
KINDS = {
    **dict.fromkeys("tvcm", "text"),
    "u": "uuid",
    **dict.fromkeys("ibnfr", "number"),
    "y": "boolean",
    **dict.fromkeys("dlz", "date"),
    "h": "time",
    **dict.fromkeys("jaw", "mixed"),
}
VALUES: dict[str, list[Any]] = {
    "text": TEXTS,
    "uuid": [*UUIDS, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a"],
    "number": NUMBERS,
    "boolean": [True, False],
    "date": [*DAYS, *LOCALS, *MOMENTS, *ODD_MOMENTS],
    "time": ["09:30:00", "09:30", "00:00:00", "24"],
    "mixed": ["a", 2, True, [], ["a"], ["a", "b"], {"k": 1}, {"k": "a"}, [1, 2], 1.5, {}, ""],
}
SEARCHED = 200


def row_of(chance: random.Random, number: int) -> list[Any]:
    def maybe(values: list[Any]) -> Any:
        return None if chance.random() < 0.25 else chance.choice(values)

    return [
        number,
        maybe(TEXTS),
        maybe(TEXTS),
        maybe(["", "a", "abc", "ДА"]),
        maybe(["new", "Open", "ДА"]),
        maybe(UUIDS),
        maybe(["0", "1", "-1", "2", "3"]),
        maybe(["0", "1", "1099511627776", "9007199254740993"]),
        maybe(["0", "1.50", "0.1", "2", "-7.25", "NaN", "Infinity", "1e15"]),
        maybe(["0", "0.1", "2.5", "NaN", "-Infinity", "1e15"]),
        maybe(["0", "0.1", "2.5", "-1"]),
        maybe(["true", "false"]),
        maybe(DAYS),
        maybe(LOCALS),
        maybe([*MOMENTS, "2026-01-01T09:30:00+09:00"]),
        maybe(["09:30", "00:00"]),
        maybe(['"a"', "2", "null", "[]", '["a"]', '{"k": 1}', '{"k": "a"}', "true", '""', "{}"]),
        maybe(["{}", "{a}", "{a,b}", "{NULL,a}"]),
        maybe(["{}", "{1,2}", "{2}"]),
        maybe(["1", "2", "3"]),
    ]


@pytest.fixture
async def things(crm_url: str, crm: asyncpg.Connection) -> AsyncIterator[Database]:
    chance = random.Random(7)
    await crm.execute(TABLE)
    await crm.execute("insert into teams values (1, 'red', 3), (2, null, null), (3, 'Blue', 0)")
    types = [
        row["type"]
        for row in await crm.fetch(
            "select format_type(atttypid, atttypmod) as type from pg_attribute "
            "where attrelid = 'things'::regclass and attnum > 0 order by attnum"
        )
    ]
    places = ", ".join(f"cast(${place}::text as {kind})" for place, kind in enumerate(types, 1))
    for number in range(1, 61):
        row = [None if value is None else str(value) for value in row_of(chance, number)]
        await crm.execute(f"insert into things values ({places})", *row)
    pool = await asyncpg.create_pool(crm_url, min_size=1, max_size=2)
    yield Database(pool)
    await pool.close()


def term_of(chance: random.Random, kind: str, column: str) -> Any:
    """A value of the run: written out, or read from its data; sometimes of another kind."""
    if chance.random() < 0.08:
        return None
    value = chance.choice(VALUES[kind if chance.random() < 0.93 else chance.choice([*VALUES])])
    if isinstance(value, (dict, list)):
        return {"preserve": value}
    return value


def a_test(chance: random.Random) -> Any:
    column = chance.choice([*KINDS])
    kind, item = KINDS[column], {"var": f"record.{column}"}
    value = term_of(chance, kind, column)
    ordered = kind in ("text", "uuid", "number", "date", "time")
    ways = ["same", "same", "in", "empty", "truthy", "null"]
    ways += ["order", "order", "between"] if ordered else []
    ways += ["holds", "starts", "ends", "made"] if kind == "text" else []
    ways += ["holds"] if kind == "mixed" else []
    ways += ["team", "twin"]
    match chance.choice(ways):
        case "same":
            return {chance.choice(["===", "!=="]): chance.sample([item, value], 2)}
        case "in":
            return {
                "in": [
                    item,
                    [
                        v
                        for v in chance.choices([*VALUES[kind], None], k=3)
                        if not isinstance(v, (dict, list))
                    ],
                ]
            }
        case "empty":
            return {"is_empty": [item]}
        case "truthy":
            return {chance.choice(["!", "!!"]): [item]}
        case "null":
            return {"===": [item, None]}
        case "order":
            return guarded(
                item,
                {chance.choice(["<", "<=", ">", ">="]): chance.sample([item, ordering(chance, kind)], 2)},
            )
        case "between":
            return guarded(item, {"<=": [ordering(chance, kind), item, ordering(chance, kind)]})
        case "holds":
            return {"in": [value, item]}
        case "starts" | "ends" as way:
            return {f"{way}_with": [item, chance.choice(TEXTS)]}
        case "made":
            made = {chance.choice(["lower", "trim"]): [item]}
            if chance.random() < 0.3:
                made = {"lower": [{"trim": [item]}]}
            return {chance.choice(["===", "!=="]): [made, chance.choice([*TEXTS, *map(str.lower, TEXTS)])]}
        case "team":
            name, size = {"var": "record.team.name"}, {"var": "record.team.size"}
            return chance.choice(
                [
                    {"===": [name, "red"]},
                    {"is_empty": [name]},
                    guarded(size, {">=": [size, 1]}),
                    {"!": [name]},
                ]
            )
        case _:
            pairs = [("t", "v"), ("i", "b"), ("d", "z"), ("n", "i"), ("t", "j"), ("c", "m"), ("f", "r")]
            a, b = chance.choice(pairs)
            return {chance.choice(["===", "!=="]): [{"var": f"record.{a}"}, {"var": f"record.{b}"}]}


def ordering(chance: random.Random, kind: str) -> Any:
    return chance.choice(VALUES[kind])


def guarded(item: Any, test: Any) -> Any:
    return {"and": [{"!==": [item, None]}, test]}


def where_of(chance: random.Random, depth: int = 0) -> Any:
    if depth > 2 or chance.random() < 0.45:
        return a_test(chance)
    match chance.choice(["and", "or", "!", "if"]):
        case "!":
            return {"!": [where_of(chance, depth + 1)]}
        case "if":
            return {"if": [where_of(chance, depth + 1) for _ in range(chance.choice([2, 3]))]}
        case joined:
            return {joined: [where_of(chance, depth + 1) for _ in range(chance.choice([1, 2, 3]))]}


def with_teams(row: dict[str, Any], teams: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The record as our evaluator sees it: the related one under its foreign key."""
    return {**row, "team": teams.get(row["team"])}


async def test_the_same_records_are_found(things: Database, crm: asyncpg.Connection) -> None:
    chance = random.Random(11)
    rows = [decode(row[0]) for row in await crm.fetch("select to_jsonb(t.*)::text from things t order by id")]
    teams = {
        row["id"]: row
        for row in (decode(one[0]) for one in await crm.fetch("select to_jsonb(t)::text from teams t"))
    }
    unlike = 0
    for _ in range(SEARCHED):
        where = where_of(chance)
        narrowed = Where(where).resolve({})
        found = await look_for(things, Question("public.things", narrowed, columns=("id",), limit=1000), {})
        mine, open_ones = set(), set()
        for row in rows:
            outcome = evaluate(where, {"record": with_teams(row, teams)})
            if outcome.error is not None:
                open_ones.add(row["id"])
            elif truthy(outcome.value):
                mine.add(row["id"])
        theirs = {record["id"] for record in found.records}
        assert theirs - open_ones == mine, (
            f"{json.dumps(where)} on {[rows[one - 1] for one in sorted((theirs - open_ones) ^ mine)[:2]]}"
        )
        assert found.count == len(theirs)
        unlike += 0 < len(mine) < len(rows)
    assert unlike > SEARCHED / 4, "nearly every where finds all or nothing"
