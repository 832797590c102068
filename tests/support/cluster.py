"""One embedded PostgreSQL and one Valkey for the whole test session, and databases cloned from templates.

Committed data, no rollbacks: NOTIFY is heard only after commit.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg

from ruleyard.cli.migrate import migrate
from ruleyard.embedded import PostgresServer, ValkeyServer, roles

OWN_TEMPLATE = "ruleyard_template"
CRM_TEMPLATE = "crm_template"
_PLENTY_BYTES = 8 * 1024**3
PASSWORDS = roles.Passwords(own="own-pw", owner="owner-pw", app="app-pw", watcher="watcher-pw")

CRM_TABLES = """
set role crm_owner;
create table public.leads (
  id bigint generated always as identity primary key,
  first_name text,
  email text,
  status text not null default 'new' check (status in ('new', 'callback', 'won', 'lost')),
  attempts int not null default 0,
  owner text,
  budget numeric,
  created_at timestamptz not null default now()
);
create table public.tasks (
  id bigint generated always as identity primary key,
  lead_id bigint references public.leads on delete cascade,
  title text not null,
  due_on date,
  done boolean not null default false
);
create table public.no_key (note text);
"""


class Cluster:
    """Both servers; databases by the piece."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ruleyard-tests-", dir=_quick_folder()))
        self.folder.chmod(0o711)  # ours: as root the servers' user must get through
        self.postgres = PostgresServer(self.folder / "postgres", crash_safe=False)
        self.valkey = ValkeyServer(self.folder / "valkey")
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()

    def start(self) -> None:
        self.postgres.start()
        self.valkey.start()
        apart(roles.make_roles(self.postgres.url(), PASSWORDS))

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def own_url(self, database: str) -> str:
        return self.postgres.url(user=roles.OWN, password=PASSWORDS.own, database=database)

    def owner_url(self, database: str) -> str:
        return self.postgres.url(user=roles.WATCHED_OWNER, password=PASSWORDS.owner, database=database)

    def app_url(self, database: str) -> str:
        return self.postgres.url(user=roles.WATCHED_APP, password=PASSWORDS.app, database=database)

    def watcher_url(self, database: str) -> str:
        return self.postgres.url(user=roles.WATCHER, password=PASSWORDS.watcher, database=database)

    def new_own_database(self) -> str:
        """The name of a fresh, migrated database of ours."""
        if OWN_TEMPLATE not in self._templates:
            apart(roles.make_database(self.postgres.url(), OWN_TEMPLATE, roles.OWN))
            migrate_apart(self.own_url(OWN_TEMPLATE))
            self._templates.add(OWN_TEMPLATE)
        name = f"own_{next(self._numbers)}"
        apart(roles.make_database(self.postgres.url(), name, roles.OWN, template=OWN_TEMPLATE))
        return name

    def new_crm_database(self) -> str:
        """The name of a fresh watched database: `public.leads`, `public.tasks`, `public.no_key`."""
        if CRM_TEMPLATE not in self._templates:
            apart(roles.make_database(self.postgres.url(), CRM_TEMPLATE, roles.WATCHED_OWNER))
            apart(self._fill_crm())
            self._templates.add(CRM_TEMPLATE)
        name = f"crm_{next(self._numbers)}"
        apart(roles.make_database(self.postgres.url(), name, roles.WATCHED_OWNER, template=CRM_TEMPLATE))
        return name

    def new_empty_database(self, owner: str = roles.OWN) -> str:
        """The name of a database with nothing in it."""
        name = f"empty_{next(self._numbers)}"
        apart(roles.make_database(self.postgres.url(), name, owner))
        return name

    def drop_database(self, name: str) -> None:
        apart(self._drop(name))

    def new_redis_url(self) -> str:
        """A database of Valkey that no test of this session has used (they come round after 511)."""
        return self.valkey.url(next(self._numbers) % 511 + 1)

    async def _fill_crm(self) -> None:
        url = self.postgres.url(database=CRM_TEMPLATE)
        await roles.open_watched(url)
        admin = await asyncpg.connect(url)
        try:
            await admin.execute(CRM_TABLES)
        finally:
            await admin.close()

    async def _drop(self, name: str) -> None:
        admin = await asyncpg.connect(self.postgres.url())
        try:
            await admin.execute(f'drop database if exists "{name}" with (force)')
        finally:
            await admin.close()


def _quick_folder() -> str | None:
    """Where hundreds of databases come and go cheaply: in memory when there is plenty, else the usual place."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK | os.X_OK) or shutil.disk_usage(memory).free < _PLENTY_BYTES:
        return None
    return str(memory)


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run `work` on a loop in a thread of its own, so that the test's loop is never touched."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def migrate_apart(database_url: str) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrate, database_url).result()
