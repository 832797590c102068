"""The disk of our own database is full: it is said, nothing is lost, and everything goes on when there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, serving
from ruleyard.embedded.account import server_account
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from support.cluster import Cluster, apart
from support.house import running
from support.processes import reachable_folder, removed
from support.published import change_rule, publish
from support.waiting import until

SIZE_MB = 64
CHANGES = 20
FULL = {"our-disk-full"}


class Disk:
    """A small disk of its own, which can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("ab", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 4096):
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk() -> Iterator[Disk]:
    account = server_account()
    if account is None or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    with removed(reachable_folder("ruleyard-disk-")) as folder:
        options = f"size={SIZE_MB}m,uid={account.uid},gid={account.gid},mode=700"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip(f"mounting is not permitted here: {mounted.stderr.decode().strip()}")
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


async def _place(cluster: Cluster, database: str, folder: Path) -> None:
    admin = await asyncpg.connect(cluster.postgres.url())
    try:
        await admin.execute(f"create tablespace small location '{folder}'")
        await admin.execute(f"alter database {database} set tablespace small")
    finally:
        await admin.close()


async def _remove(cluster: Cluster) -> None:
    admin = await asyncpg.connect(cluster.postgres.url())
    try:
        await admin.execute("drop tablespace small")
    finally:
        await admin.close()


@pytest.fixture
def cramped(cluster: Cluster, disk: Disk, settings: Settings) -> Iterator[Settings]:
    """Our database on the small disk; what is logged before it is written (WAL) is on another."""
    name = settings.database_url.rpartition("/")[2]
    apart(_place(cluster, name, disk.folder))
    yield settings
    cluster.drop_database(name)
    apart(_remove(cluster))


async def test_a_full_disk_of_ours_is_said_and_what_waits_for_it_goes_on(
    cramped: Settings, disk: Disk, engine: AsyncEngine, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    watched = Watched(engine, cramped)
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    await watched.close()
    await publish(engine, change_rule({"===": [1, 1]}))
    key = await key_of(engine, "admin")
    async with (
        serving(cramped) as site,
        running(replace(cramped, tables_every_s=1)),
        client_of(site, headers={"Authorization": f"Bearer {key}"}) as client,
    ):

        async def both_are_read() -> bool:
            lag = await answer(client, "http://127.0.0.1/health/lag")
            return {one["name"] for one in lag["logs"] if one["unread"] == 0} == {"own", "crm"}

        async def troubles() -> tuple[set[str], set[str]]:
            """As `/health/lag` says it of our own log, and Data of the watched one."""
            lag = await answer(client, "http://127.0.0.1/health/lag")
            data = await answer(client, f"/connections/{crm_connection.id}/log")
            (own,) = [one["troubles"] for one in lag["logs"] if one["name"] == "own"]
            codes = [{one["code"] for one in some} & FULL for some in (own, data["troubles"])]
            return codes[0], codes[1]

        async def full() -> bool:
            """What somebody gave back meanwhile, such as a file for sorting, is taken too."""
            disk.fill()
            return await troubles() == (FULL, FULL)

        async def none_is_told() -> bool:
            return await troubles() == (set(), set())

        async def runs() -> list[str]:
            async with engine.connect() as conn:
                found = await conn.execute(text("select state from app.run order by id"))
                return [row.state for row in found]

        async def all_ran() -> bool:
            return await runs() == ["succeeded"] * CHANGES

        await until(both_are_read, what="both logs to be read")
        assert await none_is_told()
        await until(full, what="the full disk to be said")
        for number in range(CHANGES):
            await crm.execute("insert into leads (first_name) values ($1)", f"lead {number}")
        lag = await answer(client, "http://127.0.0.1/health/lag")
        (unread,) = [one["unread"] for one in lag["logs"] if one["name"] == "crm"]
        assert unread == CHANGES, "what cannot be kept is not taken for read"
        assert await runs() == []
        disk.make_room()
        await until(all_ran, what="every change to have run once")
        await until(none_is_told, what="the disk to be said to have room")


async def answer(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    found = await client.get(path)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body
