"""What `up` puts into the databases before anybody comes: roles, schema, connections, the demo, the keys.

Everything here may be done again at every start and changes nothing that a person changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from ruleyard.cli.catcher import SMS
from ruleyard.cli.home import Home, Running
from ruleyard.cli.migrate import migrate_async
from ruleyard.core.errors import NotFound
from ruleyard.core.types import JSONObject
from ruleyard.embedded import PostgresServer, roles
from ruleyard.embedded.ports import LOOPBACK, free_port
from ruleyard.settings import Settings
from ruleyard.stores import accounts, connections
from ruleyard.stores.db import create_engine, transaction

_MAIL_FROM: Final = "Ruleyard <rules@ruleyard.example>"
_PORTS: Final = re.compile(r'(?<="port":)\d+|(?<=//127\.0\.0\.1:)\d+')


@dataclass(frozen=True)
class Furnished:
    smtp_port: int
    hook_port: int
    crm_url: str
    crm_app_url: str


async def furnish(
    settings: Settings,
    home: Home,
    postgres: PostgresServer | None,
    *,
    demo: bool,
    before: Running | None,
    say: Callable[[str], None],
) -> Furnished:
    """Make all of it. Without a PostgreSQL of ours there is no demo database, which is said."""
    passwords = roles.Passwords(
        own=home.password("ruleyard"),
        owner=home.password("crm_owner"),
        app=home.password("crm_app"),
        watcher=home.password("ruleyard_crm"),
    )
    if postgres is not None:
        await roles.make_roles(postgres.url(), passwords)
        if await roles.make_database(postgres.url(), roles.OWN, roles.OWN):
            say("Making our database")
    await migrate_async(settings.direct_url)
    smtp_port = free_port(before.smtp_port if before else 0)
    hook_port = int(settings.outbound_allow[-1].rpartition(":")[2])
    await _keep_connection(
        settings,
        name="mail",
        label="Local inbox",
        kind="smtp",
        public={"host": LOOPBACK, "port": smtp_port, "security": "none", "user": "", "from": _MAIL_FROM},
        secret={},
    )
    await _keep_connection(
        settings, name="sms", label="Local phone", kind="sms", public=local_phone(hook_port), secret={}
    )
    if not demo or postgres is None:
        if demo:
            say("No demo: RULEYARD_DATABASE_URL is a database of yours. Add connections in the browser.")
        return Furnished(smtp_port, hook_port, "", "")
    crm_url = postgres.url(user=roles.WATCHED_OWNER, password=passwords.owner, database=roles.WATCHED)
    crm_app_url = postgres.url(user=roles.WATCHED_APP, password=passwords.app, database=roles.WATCHED)
    if await roles.make_database(postgres.url(), roles.WATCHED, roles.WATCHED_OWNER):
        say("Making the demo: a telesales CRM")
    await roles.open_watched(postgres.url(database=roles.WATCHED))
    await _keep_connection(
        settings,
        name="crm",
        label="CRM",
        kind="postgres",
        public={
            "host": LOOPBACK,
            "port": postgres.port,
            "database": roles.WATCHED,
            "user": roles.WATCHER,
            "sslmode": "disable",
        },
        secret={"password": passwords.watcher},
    )
    await _seed(settings, crm_url, smtp_port, f"http://{LOOPBACK}:{hook_port}")
    return Furnished(smtp_port, hook_port, crm_url, crm_app_url)


def local_phone(hook_port: int) -> JSONObject:
    """Settings of the SMS provider that the catcher is: what it takes shows in the inbox."""
    template: JSONObject = {
        "url": f"http://{LOOPBACK}:{hook_port}{SMS}",
        "format": "json",
        "body": {"to": "{to}", "from": "{sender}", "text": "{text}"},
        "id_at": "id",
        "said_at": ["message"],
    }
    return {"provider": "custom", "template": template, "sender": "Ruleyard"}


async def keep_cli_key(settings: Settings, home: Home) -> None:
    """The command line of this folder has an administrator key that works."""
    engine = create_engine(settings, pool_size=1)
    try:
        async with transaction(engine) as conn:
            key = home.cli_key()
            if key and await accounts.api_key_by_secret(conn, key) is not None:
                return
            _, key = await accounts.create_api_key(conn, "ruleyard up", "admin")
        home.write_cli_key(key)
    finally:
        await engine.dispose()


async def admit_first_administrator(settings: Settings) -> str:
    """The one-time link that makes the first administrator; empty when there is one."""
    engine = create_engine(settings, pool_size=1)
    try:
        async with transaction(engine) as conn:
            if not await accounts.setup_needed(conn):
                return ""
            token = await accounts.create_setup_token(conn)
        return f"{settings.base_url}/welcome?token={token}"
    finally:
        await engine.dispose()


async def _keep_connection(
    settings: Settings, *, name: str, label: str, kind: str, public: JSONObject, secret: JSONObject
) -> None:
    """Make it; or follow a moved port. One that a person pointed elsewhere stays as it is."""
    engine = create_engine(settings, pool_size=1)
    try:
        async with transaction(engine) as conn:
            try:
                found = await connections.connection_named(conn, name)
            except NotFound:
                await connections.create_connection(
                    conn, settings, name=name, label=label, kind=kind, public=public, secret=secret
                )
                return
            if found.settings != public and _anywhere(found.settings) == _anywhere(public):
                await connections.update_connection(conn, settings, found.id, public=public, secret=secret)
    finally:
        await engine.dispose()


def _anywhere(public: JSONObject) -> JSONObject:
    """The same settings whatever the ports of this machine are."""
    portless: JSONObject = msgspec.json.decode(_PORTS.sub("0", msgspec.json.encode(public).decode()))
    return portless


async def _seed(settings: Settings, crm_owner_url: str, smtp_port: int, hook_url: str) -> None:
    from ruleyard.demo.seed import seed

    await seed(
        settings, crm_owner_url=crm_owner_url, catcher_smtp=(LOOPBACK, smtp_port), catcher_http=hook_url
    )
