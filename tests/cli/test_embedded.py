"""The embedded servers: they start, keep strangers out, survive a kill and never outlive us."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from ruleyard.embedded import PostgresServer, roles
from ruleyard.embedded.process import fresh_log
from support.cluster import Cluster, apart
from support.servers import Answer, http_receiver, smtp_receiver


async def test_our_roles_are_not_superusers(cluster: Cluster) -> None:
    admin = await asyncpg.connect(cluster.postgres.url())
    supers = await admin.fetch("select rolname from pg_roles where rolsuper")
    await admin.close()
    assert [row["rolname"] for row in supers] == ["postgres"]


async def test_postgres_wants_a_password(cluster: Cluster) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(cluster.postgres.url(password="wrong"))


async def test_valkey_wants_a_password(cluster: Cluster) -> None:
    client = Redis(host="127.0.0.1", port=cluster.valkey.port)
    with pytest.raises(AuthenticationError):
        await client.ping()
    await client.aclose()


async def test_our_connection_changes_rows_but_drops_no_table(cluster: Cluster, crm_database: str) -> None:
    ours = await asyncpg.connect(cluster.watcher_url(crm_database))
    await ours.execute("insert into public.leads (first_name) values ('Ada')")
    await ours.execute("create schema ruleyard")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ours.execute("drop table public.leads")
    await ours.close()


async def test_a_database_whose_making_was_cut_short_is_completed(cluster: Cluster) -> None:
    name = cluster.new_empty_database(roles.WATCHED_OWNER)
    admin = await asyncpg.connect(cluster.postgres.url())
    await admin.execute(f"revoke all on database {name} from {roles.WATCHER}, {roles.WATCHED_APP}")
    await admin.close()
    assert await roles.make_database(cluster.postgres.url(), name, roles.WATCHED_OWNER) is False
    ours = await asyncpg.connect(cluster.watcher_url(name))
    await ours.execute("create schema ruleyard")
    await ours.close()
    cluster.drop_database(name)


def test_postgres_starts_again_after_kill_9(cluster: Cluster) -> None:
    server = PostgresServer(cluster.folder / "killed", crash_safe=False)
    server.start()
    try:
        apart(_write(server.url()))
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.start()
        assert apart(_read(server.url())) == 1
    finally:
        server.stop()


def test_what_a_killed_server_says_late_hides_nothing_that_the_next_one_says(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with fresh_log(log) as old:
        old.write(b"much\n" * 1000)
        old.flush()
        with fresh_log(log) as new:
            new.write(b"why it did not start\n")
            new.flush()
            old.write(b"a session leaves\n")
            old.flush()
    assert log.read_bytes() == b"why it did not start\na session leaves\n"


async def _write(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table kept (id int); insert into kept values (1)")
    await connection.execute("checkpoint")
    await connection.close()


async def _read(url: str) -> int:
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval("select count(*) from kept")
    await connection.close()
    return count


async def test_the_http_receiver_fails_as_scripted() -> None:
    import httpx

    async with http_receiver(Answer(status=503)) as receiver, httpx.AsyncClient() as client:
        assert (await client.post(receiver.url, json={"a": 1})).status_code == 503
        assert (await client.post(receiver.url, json={"a": 2})).status_code == 200
        first, second = await receiver.wait_for(2)
        assert (first.json(), second.json()) == ({"a": 1}, {"a": 2})


async def test_the_smtp_receiver_fails_as_scripted() -> None:
    import aiosmtplib

    async with smtp_receiver("451 later") as receiver:
        message = "Subject: hello\r\n\r\nbody\r\n"
        with pytest.raises(aiosmtplib.SMTPDataError):
            await aiosmtplib.send(
                message,
                sender="a@x.example",
                recipients=["b@x.example"],
                hostname="127.0.0.1",
                port=receiver.port,
            )
        await aiosmtplib.send(
            message,
            sender="a@x.example",
            recipients=["b@x.example"],
            hostname="127.0.0.1",
            port=receiver.port,
        )
        (mail,) = await receiver.wait_for(1)
        assert mail.message["Subject"] == "hello"
