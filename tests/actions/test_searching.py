"""Nothing that a rule or its data say becomes a part of the statement: values are parameters, names the catalogue's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.records import Database
from ruleyard.actions.searching import Order, Question, first_of, look_for
from ruleyard.core.where import Where

TABLE = "public.people"
NASTY = [
    "'; drop table people; --",
    "' or '1'='1",
    "\\'; select 1; --",
    "$1",
    "$1::text",
    "%s",
    "%(a)s",
    "{0}",
    ":a",
    "a\0b",
    "\ud800",
    '"; --',
    "/* */",
    "E'\\\\'",
    "x" * 20_000,
]


@pytest.fixture
async def people(crm_url: str, crm: asyncpg.Connection) -> AsyncIterator[Database]:
    await crm.execute(
        'create table people (id int primary key, name text, data jsonb, "odd ""name\'$1" text, p text)'
    )
    pool = await asyncpg.create_pool(crm_url, min_size=1, max_size=2)
    yield Database(pool)
    await pool.close()


def item(name: str) -> dict[str, Any]:
    return {"var": f"record.{name}"}


def told(logic: Any, **data: Any) -> Any:
    return Where(logic).resolve({"after": data})


async def test_a_value_is_a_value(people: Database, crm: asyncpg.Connection) -> None:
    for value in NASTY:
        fits = value == value.encode(errors="ignore").decode() and "\0" not in value
        await crm.execute("delete from people")
        await crm.execute(
            "insert into people (id, name, data) values (1, 'plain', '{}'), (2, $1::text, "
            "jsonb_build_object('k', $1::text))",
            value if fits else "nothing",
        )
        v = {"var": "after.v"}
        tests = [
            {"===": [item("name"), v]},
            {"in": [item("name"), [v, "never"]]},
            {"in": [v, item("name")]},
            {"in": [item("name"), v]},
            {"starts_with": [item("name"), v]},
            {"ends_with": [item("name"), v]},
            {"===": [{"lower": [item("name")]}, {"lower": [v]}]},
            {"===": [item("data.k"), v]},
            {"===": [item("data"), {"preserve": {"k": "never"}}]},
        ]
        for logic in tests:
            found = await look_for(people, Question(TABLE, told(logic, v=value), columns=("id",)), {})
            wanted = [{"id": 2}] if fits and logic is not tests[-1] else []
            assert [*found.records] == wanted, (value[:40], logic)


async def test_text_that_cannot_be_held_has_its_place_in_an_order(
    people: Database, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into people (id, name) values (1, 'a'), (2, 'ab'), (3, 'Z')")
    for operator, wanted in (("<", {1, 3}), ("<=", {1, 3}), (">", {2}), (">=", {2})):
        logic = {operator: [item("name"), {"var": "after.v"}]}
        found = await look_for(people, Question(TABLE, told(logic, v="a\0b"), columns=("id",)), {})
        assert {record["id"] for record in found.records} == wanted


NAMES = [
    "id; drop table people",
    'id"',
    "1",
    "t.id",
    "id) or (true",
    "public.people",
    "",
    "id\0",
    "*",
    "$1",
    "ID",
]


async def test_a_name_that_is_no_column_is_refused(people: Database, crm: asyncpg.Connection) -> None:
    for name in NAMES:
        for question in (
            Question(TABLE, {"===": [item(name or "."), 1]}),
            Question(TABLE, True, Order(name)),
            Question(TABLE, True, columns=(name,)),
            Question(TABLE, True, totals={"a": {"count": name}}),
        ):
            with pytest.raises(ActionFailed) as failure:
                await look_for(people, question, {})
            assert failure.value.code == "no-column", name
        with pytest.raises(ActionFailed) as failure:
            await look_for(people, Question(f"public.{name}", True), {})
        assert failure.value.code == "no-table"
    assert await crm.fetchval("select count(*) from people") == 0


async def test_odd_names_are_names(people: Database, crm: asyncpg.Connection) -> None:
    odd = "odd \"name'$1"
    await crm.execute("insert into people values (1, 'n', '{}', 'x', 'y'), (2, 'n', '{}', 'z', 'y')")
    question = Question(TABLE, told({"===": [item(odd), "x"]}), Order(odd), ("p", odd))
    assert await first_of(people, question, {}) == {"p": "y", odd: "x"}


async def test_a_place_inside_json_is_a_value(people: Database, crm: asyncpg.Connection) -> None:
    await crm.execute("""insert into people (id, data) values (1, '{"a''b": {"c": [5, 6]}}')""")
    for path, value, wanted in (
        ("data.a'b.c.1", 6, 1),
        ("data.a'b.c.-1", 6, 0),
        ("data.a'b}.c", None, 1),
        ("data.{a}", 5, 0),
    ):
        found = await look_for(people, Question(TABLE, {"===": [item(path), value]}), {})
        assert found.count == wanted, path


async def test_a_column_of_another_name_is_looked_up_anew(people: Database, crm: asyncpg.Connection) -> None:
    await crm.execute("insert into people (id, name) values (1, 'Kim')")
    question = Question(TABLE, {"===": [item("name"), "Kim"]})
    assert await first_of(people, question, {}) is not None
    await crm.execute("alter table people rename column name to called")
    with pytest.raises(ActionFailed) as failure:
        await first_of(people, question, {})
    assert failure.value.code == "no-column"
    assert await first_of(people, Question(TABLE, {"===": [item("called"), "Kim"]}), {}) is not None
