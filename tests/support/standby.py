"""A standby of an embedded server: made by pg_basebackup, following it, and promoted when a test says so."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import asyncpg

from ruleyard.embedded import PostgresServer
from ruleyard.embedded.account import server_account
from support.waiting import until

FOLLOWED = {"wal_level": "replica", "max_wal_senders": "4"}
"""What a server needs that is followed."""


def make_standby(primary: PostgresServer, folder: Path) -> PostgresServer:
    """Not started yet. It has the original's roles and passwords."""
    standby, account = PostgresServer(folder, crash_safe=False, more=FOLLOWED), server_account()
    shutil.copy2(primary.folder / "password", standby.folder / "password")
    subprocess.run(
        [
            primary.program("pg_basebackup"),
            f"--pgdata={standby.folder / 'data'}",
            f"--dbname={primary.url()}",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        timeout=60,
        cwd=standby.folder,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return standby


async def followed(primary: PostgresServer, standby: PostgresServer) -> None:
    """Until the standby has replayed all that its original has written."""
    first, second = await asyncpg.connect(primary.url()), await asyncpg.connect(standby.url())
    try:
        place = await first.fetchval("select pg_current_wal_flush_lsn()::text")
        ask = "select pg_last_wal_replay_lsn() >= ($1::text)::pg_lsn"
        await until(lambda: second.fetchval(ask, place), what="the standby to have replayed")
    finally:
        await first.close()
        await second.close()


async def promote(standby: PostgresServer) -> None:
    conn = await asyncpg.connect(standby.url())
    try:
        assert await conn.fetchval("select pg_promote()")
    finally:
        await conn.close()
