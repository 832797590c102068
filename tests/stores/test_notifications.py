"""What is told: once per key, and read by each for himself."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.types import AccountId, Role
from ruleyard.stores.accounts import create_account
from ruleyard.stores.db import transaction
from ruleyard.stores.notifications import list_notifications, mark_read, notify, unread_count

pytestmark = pytest.mark.usefixtures("engine")


async def tell(conn: AsyncConnection, key: str, to: str) -> int:
    return await notify(conn, key=key, to=to, title=key, body="", rule_id=None, run_id=None)


async def account(conn: AsyncConnection, name: str, role: Role) -> AccountId:
    made = await create_account(
        conn, email=f"{name}@example.com", name=name, role=role, password_hash="not a hash"
    )
    return made.id


async def test_the_same_is_told_once_however_often_it_is_said(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        ann = await account(conn, "ann", "admin")
        assert [await tell(conn, "7:n", "everyone") for _ in range(3)] == [1, 1, 1]
    async with transaction(engine) as conn:
        await tell(conn, "7:n", "ann@example.com")
        await tell(conn, "8:n", "everyone")
        assert [one.title for one in await list_notifications(conn, ann, "admin")] == ["8:n", "7:n"]


async def test_nobody_reads_what_another_was_told(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        ann, bo = await account(conn, "ann", "admin"), await account(conn, "bo", "viewer")
        for key, to in (("a", "ann@example.com"), ("b", "admin"), ("c", "everyone"), ("d", "bo@example.com")):
            await tell(conn, key, to)
        told = [one.id for one in await list_notifications(conn, ann, "admin")]
        assert len(told) == 3
        await mark_read(conn, bo, "viewer", ids=told)
        assert (await unread_count(conn, ann, "admin"), await unread_count(conn, bo, "viewer")) == (3, 1)
        promoted = await unread_count(conn, bo, "admin")
        assert promoted == 2, "what a role was told is new to whoever comes to it"
        await mark_read(conn, ann, "admin", ids=told[:1])
        assert await unread_count(conn, ann, "admin") == 2
