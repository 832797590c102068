"""The key that seals secrets is changed: while both are set everything opens, and afterwards with the new one alone."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.cli.rotate_key import run
from ruleyard.core.errors import Invalid, Unavailable
from ruleyard.core.types import RuleId
from ruleyard.settings import Settings
from ruleyard.stores.connections import create_connection, secret_of
from ruleyard.stores.db import transaction
from ruleyard.stores.hooks import hook_of
from ruleyard.stores.rotation import Rotated, rotate_key
from ruleyard.stores.seal import unseal
from support.waiting import until

NEW, LOST = "ab" * 32, "cd" * 32


@pytest.fixture
async def four(engine: AsyncEngine, settings: Settings) -> list[int]:
    """Three with a secret, one of them of a key that is lost, and one without any."""
    async with transaction(engine) as conn:
        made = []
        for name, secret, with_key in (
            ("one", {"password": "canary-1"}, settings),
            ("two", {"token": "canary-2", "signing_secret": "canary-3"}, settings),
            ("gone", {"password": "canary-4"}, replace(settings, secret_key=LOST)),
            ("none", {}, settings),
        ):
            connection = await create_connection(
                conn, with_key, name=name, kind="smtp", public={"host": "mail.example"}, secret=secret
            )
            made.append(connection.id)
    return made


async def test_every_secret_opens_before_meanwhile_and_afterwards(
    engine: AsyncEngine, settings: Settings, four: list[int]
) -> None:
    both = replace(settings, secret_key=NEW, old_secret_key=settings.secret_key)
    one, two, gone, none = four
    async with transaction(engine) as conn:
        assert await secret_of(conn, both, one) == {"password": "canary-1"}
    assert await rotate_key(engine, both) == Rotated(2, 0, ("gone",))
    assert await rotate_key(engine, both) == Rotated(0, 2, ("gone",))
    alone = replace(settings, secret_key=NEW)
    async with transaction(engine) as conn:
        assert await secret_of(conn, alone, one) == {"password": "canary-1"}
        assert await secret_of(conn, alone, two) == {"token": "canary-2", "signing_secret": "canary-3"}
        assert await secret_of(conn, alone, none) == {}
        with pytest.raises(Unavailable):
            await secret_of(conn, both, gone)
        with pytest.raises(Unavailable):
            await secret_of(conn, settings, one)


async def test_the_address_of_a_rule_stays_the_same(engine: AsyncEngine, settings: Settings) -> None:
    both = replace(settings, secret_key=NEW, old_secret_key=settings.secret_key)
    async with transaction(engine) as conn:
        made = await conn.execute(text("insert into app.rule (name) values ('Orders') returning id"))
        rule = RuleId(made.scalar_one())
        before = await hook_of(conn, settings, rule)
        assert await hook_of(conn, both, rule) == before
    assert await rotate_key(engine, both) == Rotated(1, 0, ())
    async with transaction(engine) as conn:
        assert await hook_of(conn, replace(settings, secret_key=NEW), rule) == before


async def test_a_change_that_was_killed_goes_on_where_it_was(
    engine: AsyncEngine, settings: Settings, four: list[int]
) -> None:
    """As it stands after a kill between two connections: the first is sealed anew, the second is not."""
    both = replace(settings, secret_key=NEW, old_secret_key=settings.secret_key)
    async with transaction(engine) as conn:
        before = await conn.scalar(text("select sealed from app.connection where name = 'two'"))
    await rotate_key(engine, both)
    async with transaction(engine) as conn:
        await conn.execute(
            text("update app.connection set sealed = :old where name = 'two'"), {"old": bytes(before)}
        )
        assert await secret_of(conn, both, four[0]) == {"password": "canary-1"}
        assert await secret_of(conn, both, four[1]) == {"token": "canary-2", "signing_secret": "canary-3"}
    assert await rotate_key(engine, both) == Rotated(1, 1, ("gone",))


async def test_a_change_is_taken_back_by_changing_the_keys_round(
    engine: AsyncEngine, settings: Settings, four: list[int]
) -> None:
    both = replace(settings, secret_key=NEW, old_secret_key=settings.secret_key)
    await rotate_key(engine, both)
    back = replace(settings, old_secret_key=NEW)
    assert await rotate_key(engine, back) == Rotated(2, 0, ("gone",))
    async with transaction(engine) as conn:
        assert await secret_of(conn, settings, four[0]) == {"password": "canary-1"}


def test_the_old_key_has_to_be_said(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("RULEYARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("RULEYARD_SECRET_KEY", NEW)
    monkeypatch.delenv("RULEYARD_OLD_SECRET_KEY", raising=False)
    args = type("Args", (), {"data": tmp_path})()
    with pytest.raises(Invalid, match="RULEYARD_OLD_SECRET_KEY"):
        run(args)  # type: ignore[arg-type]


async def test_a_kill_in_the_middle_loses_nothing(
    engine: AsyncEngine, settings: Settings, tmp_path: Path
) -> None:
    """A real process, held up at the fourth of six connections and killed there; the next one does the rest."""
    both = replace(settings, secret_key=NEW, old_secret_key=settings.secret_key)
    async with transaction(engine) as conn:
        for number in range(6):
            await create_connection(
                conn,
                settings,
                name=f"c{number}",
                kind="smtp",
                public={"host": "mail.example"},
                secret={"password": f"canary-{number}"},
            )

    async def anew() -> int:
        async with transaction(engine) as conn:
            rows = await conn.scalars(text("select sealed from app.connection order by id"))
            return sum(1 for sealed in rows if opens(NEW, bytes(sealed)))

    async def three_are_done() -> bool:
        return await anew() == 3

    async def rotate() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "ruleyard.cli", "rotate-key", "--data", str(tmp_path)),
            env={
                **os.environ,
                "RULEYARD_DATABASE_URL": settings.database_url,
                "RULEYARD_SECRET_KEY": NEW,
                "RULEYARD_OLD_SECRET_KEY": settings.secret_key,
            },
            stdout=asyncio.subprocess.PIPE,
        )

    async with engine.connect() as holding:
        await holding.execute(text("select 1 from app.connection where name = 'c3' for update"))
        killed = await rotate()
        await until(three_are_done, what="three to be sealed anew")
        killed.kill()
        await killed.communicate()
        await holding.rollback()
    assert await anew() == 3
    async with transaction(engine) as conn:
        ids = list(await conn.scalars(text("select id from app.connection order by id")))
        assert [await secret_of(conn, both, one) for one in ids] == [
            {"password": f"canary-{number}"} for number in range(6)
        ]
    again = await rotate()
    said, _ = await asyncio.wait_for(again.communicate(), 90)
    assert (again.returncode, said.decode().splitlines()[0]) == (0, "3 sealed anew, 3 were already.")
    assert await anew() == 6


def opens(key: str, sealed: bytes) -> bool:
    try:
        unseal(key, sealed)
    except Unavailable:
        return False
    return True
