"""Everything that runs: two PostgreSQL clusters, a Valkey, receivers, a proxy before each, the product's processes.

Our own database and the watched one are two clusters, so that each can die alone.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from chaos.duties import Duties
from chaos.town import SQL, TABLES, rules
from ruleyard.api.house import open_house
from ruleyard.cli.instance import environment_of
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches
from ruleyard.embedded import PostgresServer, ValkeyServer, roles
from ruleyard.embedded.ports import free_port
from ruleyard.settings import Settings
from support.cluster import PASSWORDS, migrate_apart
from support.processes import reachable_folder
from support.proxy import Proxy
from support.servers import HttpReceiver, SmtpReceiver, http_receiver, smtp_receiver

OWN: Final = "ruleyard"


@dataclass
class Machine:
    folder: Path
    own: PostgresServer
    watched: PostgresServer
    valkey: ValkeyServer
    deaf: HttpReceiver
    careful: HttpReceiver
    mail: SmtpReceiver
    proxies: dict[str, list[Proxy]]
    """By what lies behind: `own`, `watched`, `redis`, `receiver` (one per receiver)."""
    duties: Duties

    def own_url(self) -> str:
        """Past the proxy: for the oracle."""
        return self.own.url(user=roles.OWN, password=PASSWORDS.own, database=OWN)

    def writer_url(self) -> str:
        return self.watched.url(user=roles.WATCHED_APP, password=PASSWORDS.app, database=roles.WATCHED)

    def oracle_url(self) -> str:
        return self.watched.url(database=roles.WATCHED)

    def server(self, which: str) -> PostgresServer | ValkeyServer:
        """Of `own`, `watched`, `redis`."""
        return {"own": self.own, "watched": self.watched, "redis": self.valkey}[which]

    def start_again(self, which: str) -> None:
        """A server that was killed, on whatever port it gets; blocks until it answers."""
        server = self.server(which)
        server.start()
        for proxy in self.proxies[which]:
            proxy.target = ("127.0.0.1", server.port)


@asynccontextmanager
async def machine(*, workers: int, listeners: int, keep: bool) -> AsyncIterator[Machine]:
    """Built and furnished, its processes started; ended and removed at the end, whatever happens."""
    folder = reachable_folder("ruleyard-chaos-")
    own, watched = PostgresServer(folder / "own"), PostgresServer(folder / "watched")
    valkey = ValkeyServer(folder / "valkey")
    duties: Duties | None = None
    try:
        for server in (own, watched, valkey):
            server.start()
        async with AsyncExitStack() as stack:
            deaf = await stack.enter_async_context(http_receiver())
            careful = await stack.enter_async_context(http_receiver())
            mail = await stack.enter_async_context(smtp_receiver())

            async def proxy(port: int) -> Proxy:
                return await stack.enter_async_context(Proxy("127.0.0.1", port))

            proxies = {
                "own": [await proxy(own.port)],
                "watched": [await proxy(watched.port)],
                "redis": [await proxy(valkey.port)],
                "receiver": [await proxy(deaf.port), await proxy(careful.port), await proxy(mail.port)],
            }
            settings = await _furnish(own, watched, valkey, proxies)
            duties = Duties(folder, environment_of(settings))
            for number in range(workers):
                duties.add(f"work-{number + 1}", "work")
            for number in range(listeners):
                duties.add(f"listen-{number + 1}", "listen")
            duties.add("serve", "serve")
            yield Machine(folder, own, watched, valkey, deaf, careful, mail, proxies, duties)
            duties.end()
    finally:
        if duties is not None:
            duties.end()
        for server in (valkey, own, watched):
            server.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


async def _furnish(
    own: PostgresServer, watched: PostgresServer, valkey: ValkeyServer, proxies: dict[str, list[Proxy]]
) -> Settings:
    for server in (own, watched):
        await roles.make_roles(server.url(), PASSWORDS)
    await roles.make_database(own.url(), OWN, roles.OWN)
    await roles.make_database(watched.url(), roles.WATCHED, roles.WATCHED_OWNER)
    inside = watched.url(database=roles.WATCHED)
    await roles.open_watched(inside)
    admin = await asyncpg.connect(inside)
    try:
        await admin.execute(SQL)
    finally:
        await admin.close()

    def through(url: str, port: int, place: Proxy) -> str:
        return url.replace(f"127.0.0.1:{port}", f"127.0.0.1:{place.port}")

    deaf, careful, mail = (proxy.port for proxy in proxies["receiver"])
    settings = Settings(
        database_url=through(
            own.url(user=roles.OWN, password=PASSWORDS.own, database=OWN), own.port, proxies["own"][0]
        ),
        redis_url=through(valkey.url(), valkey.port, proxies["redis"][0]),
        secret_key=secrets.token_hex(32),
        port=free_port(),
        outbound_allow=(f"127.0.0.1:{deaf}", f"127.0.0.1:{careful}"),
        log_level="info",
    )
    migrate_apart(own.url(user=roles.OWN, password=PASSWORDS.own, database=OWN))
    async with open_house(settings) as house:
        watcher = watched.url(user=roles.WATCHER, password=PASSWORDS.watcher, database=roles.WATCHED)
        crm = await ensure_connections(
            house, crm_url=through(watcher, watched.port, proxies["watched"][0]), smtp=("127.0.0.1", mail)
        )
        await ensure_watches(house, crm, TABLES)
        await ensure_rules(
            house, rules(f"http://127.0.0.1:{deaf}/deaf", f"http://127.0.0.1:{careful}/careful")
        )
    return settings


def now() -> float:
    return time.monotonic()
