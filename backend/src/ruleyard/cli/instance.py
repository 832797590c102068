"""One instance of `up`, from the lock to the last process gone.

Reads top to bottom as it happens: folder, servers, database, first administrator, children, stop.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx

from ruleyard.cli.children import Child, Children
from ruleyard.cli.furnish import Furnished, admit_first_administrator, furnish, keep_cli_key
from ruleyard.cli.home import Home, Running
from ruleyard.cli.stopping import stop_event
from ruleyard.core.errors import Conflict, Unavailable
from ruleyard.embedded import PostgresServer, ValkeyServer
from ruleyard.embedded.ports import free_port, taken
from ruleyard.endings import end_tasks
from ruleyard.settings import Settings

Say = Callable[[str], None]
T = TypeVar("T")

_CHILDREN_DRAIN_S: Final = 26.0
_ANSWERS_S: Final = 120.0
"""A machine with much else to do takes its time; `up` says every few seconds what it waits for."""
_SAY_EVERY_S: Final = 10.0


@dataclass(frozen=True)
class Wishes:
    """What the command line asked for."""

    folder: Path
    host: str
    port: int
    workers: int
    demo: bool
    simulator: bool
    throwaway: bool = False
    """Our PostgreSQL does not wait for the disk: a power cut may lose the data, a killed process does not."""


@dataclass
class Servers:
    """Those of the two servers that are ours."""

    postgres: PostgresServer | None = None
    valkey: ValkeyServer | None = None

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def start_again(self, say: Say) -> None:
        """Either may have been killed; it comes back on its port with its data, now or at a later call."""
        for server, name in ((self.postgres, "PostgreSQL"), (self.valkey, "Valkey")):
            if server is not None and (server.process is None or server.process.poll() is not None):
                say(f"{name} ended; starting it again")
                try:
                    server.start()
                except Unavailable as error:
                    say(f"{error.message}\n  It is tried again.")


async def keep_running(wishes: Wishes, say: Say) -> int:
    """Until Ctrl-C or SIGTERM. The exit code."""
    begun = time.monotonic()
    home = Home(wishes.folder)
    home.make()
    home.lock()
    if taken(wishes.host, wishes.port):
        raise Conflict(
            f"Port {wishes.port} is in use by another program. "
            f"Choose another one: npx -y rust-just up --port {wishes.port + 1}"
        )
    stop = stop_event()
    servers = Servers()
    children = Children(say)
    try:
        return await _run(wishes, home, servers, children, stop, say, begun)
    finally:
        if children.pids():
            await _drain(children, stop, say)
        servers.stop()
        say("Everything has ended.")


async def _run(
    wishes: Wishes,
    home: Home,
    servers: Servers,
    children: Children,
    stop: asyncio.Event,
    say: Say,
    begun: float,
) -> int:
    before = home.running()
    settings = _settings(wishes, home, servers, before, say)
    await asyncio.sleep(0)  # a Ctrl-C that came while the servers started is heard here
    if stop.is_set():
        return 0
    furnished = await _unless(
        stop, furnish(settings, home, servers.postgres, demo=wishes.demo, before=before, say=say)
    )
    if furnished is None:
        return 0
    settings = replace(settings, demo_url=furnished.crm_app_url)
    running = Running(
        url=settings.base_url,
        port=wishes.port,
        pid=os.getpid(),
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        smtp_port=furnished.smtp_port,
        hook_port=furnished.hook_port,
        postgres_port=servers.postgres.port if servers.postgres else 0,
        valkey_port=servers.valkey.port if servers.valkey else 0,
        crm_url=furnished.crm_url,
        crm_app_url=furnished.crm_app_url,
    )
    home.write_running(running)
    await keep_cli_key(settings, home)
    say("Starting the processes")
    _start(wishes, home, settings, furnished, children)
    watching = asyncio.create_task(children.look_after())
    stopping = asyncio.create_task(stop.wait())
    try:
        answers = asyncio.create_task(_answers(settings, say))
        await asyncio.wait([answers, stopping, watching], return_when=asyncio.FIRST_COMPLETED)
        if answers.done():
            answers.result()
            await _welcome(settings, begun)
        else:
            answers.cancel()
        while not stop.is_set():
            servers.start_again(say)
            if watching.done():
                watching.result()
            await asyncio.wait([stopping, watching], timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        stopping.cancel()
        await asyncio.gather(watching, stopping, return_exceptions=True)
    return 0


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What `work` gives; None where `stop` comes first. Whatever it was at is done again at the next start."""
    stopping = asyncio.create_task(stop.wait())
    working = asyncio.create_task(work)
    try:
        await asyncio.wait([stopping, working], return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        await end_tasks([stopping, working])


def _settings(wishes: Wishes, home: Home, servers: Servers, before: Running | None, say: Say) -> Settings:
    """Start what is not given from outside, and say where everything is."""
    database_url = os.environ.get("RULEYARD_DATABASE_URL", "")
    redis_url = os.environ.get("RULEYARD_REDIS_URL", "")
    if not database_url:
        say("Starting PostgreSQL")
        port = before.postgres_port if before else 0
        servers.postgres = PostgresServer(
            home.folder / "postgres", crash_safe=not wishes.throwaway, port=port, say=say
        )
        servers.postgres.start()
        database_url = servers.postgres.url(
            user="ruleyard", password=home.password("ruleyard"), database="ruleyard"
        )
    if not redis_url:
        say("Starting Valkey")
        servers.valkey = ValkeyServer(
            home.folder / "valkey", port=before.valkey_port if before else 0, say=say
        )
        servers.valkey.start()
        redis_url = servers.valkey.url()
    hook_port = free_port(before.hook_port if before else 0)
    extra = [pair for pair in os.environ.get("RULEYARD_OUTBOUND_ALLOW", "").split(",") if pair]
    from ruleyard.settings import read_settings

    return read_settings(
        {
            **os.environ,
            "RULEYARD_DATABASE_URL": database_url,
            "RULEYARD_LISTEN_URL": "" if servers.postgres else os.environ.get("RULEYARD_LISTEN_URL", ""),
            "RULEYARD_REDIS_URL": redis_url,
            "RULEYARD_SECRET_KEY": os.environ.get("RULEYARD_SECRET_KEY") or home.secret_key(),
            "RULEYARD_HOST": wishes.host,
            "RULEYARD_PORT": str(wishes.port),
            "RULEYARD_SPA_DIR": os.environ.get("RULEYARD_SPA_DIR") or _built_spa(),
            "RULEYARD_CATCHER_DIR": str(home.folder / "mail"),
            "RULEYARD_OUTBOUND_ALLOW": ",".join([*extra, f"127.0.0.1:{hook_port}"]),
        }
    )


def _built_spa() -> str:
    """`frontend/dist` of the checkout, when it was built."""
    folder = Path(__file__).resolve().parents[4] / "frontend" / "dist"
    return str(folder) if (folder / "index.html").is_file() else ""


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that makes a child read these very settings."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RULEYARD_")},
        "RULEYARD_DATABASE_URL": settings.database_url,
        "RULEYARD_LISTEN_URL": settings.listen_url,
        "RULEYARD_REDIS_URL": settings.redis_url,
        "RULEYARD_SECRET_KEY": settings.secret_key,
        "RULEYARD_OLD_SECRET_KEY": settings.old_secret_key,
        "RULEYARD_HOST": settings.host,
        "RULEYARD_PORT": str(settings.port),
        "RULEYARD_PUBLIC_URL": settings.public_url,
        "RULEYARD_SPA_DIR": str(settings.spa_dir or ""),
        "RULEYARD_CATCHER_DIR": str(settings.catcher_dir or ""),
        "RULEYARD_DEMO_URL": settings.demo_url,
        "RULEYARD_OUTBOUND_ALLOW": ",".join(settings.outbound_allow),
        "RULEYARD_LOG_LEVEL": settings.log_level,
        "RULEYARD_WORKER_CONCURRENCY": str(settings.worker_concurrency),
        "RULEYARD_KEEP_RUNS_DAYS": str(settings.keep_runs_days),
        "RULEYARD_KEEP_FAILED_DAYS": str(settings.keep_failed_days),
        "RULEYARD_KEEP_REPORTS_DAYS": str(settings.keep_reports_days),
        "RULEYARD_CASCADE_RUNS": str(settings.cascade_runs),
        "RULEYARD_FUSE_RUNS": str(settings.fuse_runs),
        "RULEYARD_TABLES_EVERY_S": str(settings.tables_every_s),
        "RULEYARD_LOG_MAX_GB": str(settings.log_max_gb),
    }


def _start(wishes: Wishes, home: Home, settings: Settings, furnished: Furnished, children: Children) -> None:
    env = environment_of(settings)
    workers = ["work"] if wishes.workers == 1 else [f"work-{n + 1}" for n in range(wishes.workers)]
    catch = ["catch", "--dir", str(home.folder / "mail")]
    catch += ["--smtp-port", str(furnished.smtp_port), "--http-port", str(furnished.hook_port)]
    duties = [("catch", catch), ("serve", ["serve"]), ("listen", ["listen"])]
    duties += [(name, ["work"]) for name in workers]
    if wishes.simulator and furnished.crm_app_url:
        duties.append(("simulate", ["demo", "simulate", "--data", str(home.folder)]))
    for name, words in duties:
        argv = [sys.executable, "-m", "ruleyard.cli", *words]
        children.add(Child(name, argv, env, home.folder / "logs" / f"{name}.log"))


async def _answers(settings: Settings, say: Say) -> None:
    """Wait until the API answers, not in silence. Unavailable, with what was heard last, when it does not."""
    url = f"http://{'127.0.0.1' if settings.host in ('0.0.0.0', '') else settings.host}:{settings.port}"  # noqa: S104
    heard = ""
    begun = time.monotonic()
    said = begun
    async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as client:
        while time.monotonic() < begun + _ANSWERS_S:
            try:
                answer = await client.get("/health/ready")
                if answer.is_success:
                    return
                heard = answer.text[:200]
            except httpx.HTTPError as error:
                heard = str(error) or type(error).__name__
            if time.monotonic() > said + _SAY_EVERY_S:
                said = time.monotonic()
                say(f"Not ready after {said - begun:.0f} s: {heard}")
            await asyncio.sleep(0.1)
    raise Unavailable(f"{url} is not ready after {_ANSWERS_S:.0f} s: {heard}. See the logs: serve.log")


async def _welcome(settings: Settings, begun: float) -> None:
    link = await admit_first_administrator(settings)
    print(f"\nRuleyard is ready after {time.monotonic() - begun:.1f} s:  {settings.base_url}\n", flush=True)
    if link:
        print(f"Make yourself the first administrator (once, within a day):\n  {link}\n", flush=True)
    print("Stop with Ctrl-C.\n", flush=True)


async def _drain(children: Children, stop: asyncio.Event, say: Say) -> None:
    """Let everybody finish; a second Ctrl-C does not wait."""
    say("Stopping: what is running may finish (Ctrl-C again to stop at once)")
    stop.clear()
    hurry = asyncio.create_task(stop.wait())
    calm = asyncio.create_task(children.stop(within_s=_CHILDREN_DRAIN_S))
    await asyncio.wait([hurry, calm], return_when=asyncio.FIRST_COMPLETED)
    children.kill()
    for task in (hurry, calm):
        task.cancel()
    await asyncio.gather(hurry, calm, return_exceptions=True)
