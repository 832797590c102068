"""The live schema as rules see it."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.intake.introspect import label_of, list_tables, table_model


async def test_tables_are_listed_with_why_one_cannot_be_watched(pool: asyncpg.Pool) -> None:
    found = {table.name: table for table in await list_tables(pool)}
    assert list(found) == ["public.leads", "public.no_key", "public.tasks"]
    assert found["public.leads"].watchable
    assert found["public.leads"].key == ("id",)
    assert not found["public.no_key"].watchable
    assert "add primary key" in found["public.no_key"].why_not


async def test_only_a_plain_list_of_texts_is_believed(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await crm.execute("""
        set role crm_owner;
        create table looks (
            id bigint primary key,
            plain text check (plain in ('a', 'b')),
            "Odd name" varchar(9) check ("Odd name" in ('it''s', 'x) = ANY')),
            one text check (one in ('a')),
            lowered text check (lower(lowered) in ('a', 'b')),
            padded char(4) check (padded in ('a', 'b')),
            either text check (either in ('a') or length(either) > 3),
            cut text check (left(cut, 1) = any (array['a', 'b'])),
            late text
        );
        alter table looks add constraint late check (late in ('a', 'b')) not valid
    """)
    model = await table_model(pool, "crm", "public.looks")
    assert model is not None
    assert {column.name: column.choices for column in model.columns if column.choices} == {
        "plain": ("a", "b"),
        "Odd name": ("it's", "x) = ANY"),
    }


async def test_columns_have_types_choices_keys_and_references(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        create type mood as enum ('calm', 'angry');
        create domain grade as text check (value in ('a', 'b'));
        create table public.calls (
          shop int, number bigint generated always as identity, lead bigint not null references leads,
          mood mood, grade grade, kind varchar(10) check (kind in ('in', 'it''s out')), took interval,
          price numeric(8, 2) default 0, tags text[], extra jsonb, at timestamptz, on_day date, at_time time,
          code uuid, done boolean, doubled int generated always as (shop * 2) stored,
          free text check (length(free) > 3), primary key (number, shop))
    """)
    model = await table_model(pool, "crm", "public.calls")
    assert model is not None
    assert model.key == ("number", "shop")
    types = {column.name: column.type for column in model.columns}
    assert types == {
        "shop": "integer", "number": "integer", "lead": "integer", "mood": "text", "grade": "text",
        "kind": "text", "took": "other", "price": "number", "tags": "array", "extra": "json",
        "at": "timestamp", "on_day": "date", "at_time": "time", "code": "uuid", "done": "boolean",
        "doubled": "integer", "free": "text",
    }  # fmt: skip
    of = {column.name: column for column in model.columns}
    assert of["mood"].choices == ("calm", "angry")
    assert of["grade"].choices == ("a", "b")
    assert of["kind"].choices == ("in", "it's out")
    assert of["kind"].max_length == 10
    assert of["free"].choices == ()
    assert of["lead"].references == "public.leads"
    assert (of["lead"].nullable, of["mood"].nullable) == (False, True)
    assert (of["number"].generated, of["doubled"].generated, of["price"].generated) == (True, True, False)
    assert (of["price"].has_default, of["price"].db_type) == (True, "numeric(8,2)")


async def test_a_table_that_is_not_there_has_no_model(pool: asyncpg.Pool) -> None:
    assert await table_model(pool, "crm", "public.nowhere") is None
    assert await table_model(pool, "crm", "pg_catalog.pg_class") is None
    assert await table_model(pool, "crm", "'; drop table leads; --") is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("first_name", "First name"),
        ("public.leads", "Leads"),
        ("bankCalls", "Bank calls"),
        ("customer_ID", "Customer ID"),
        ("y", "Y"),
    ],
)
def test_names_are_read_as_labels(name: str, label: str) -> None:
    assert label_of(name) == label
