"""A real PgBouncer in transaction mode before the session's PostgreSQL. Skips where the program is not installed."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ruleyard.embedded import roles
from ruleyard.embedded.account import server_account
from ruleyard.embedded.ports import LOOPBACK, free_port
from ruleyard.embedded.process import spawn, stop
from support.cluster import PASSWORDS, Cluster
from support.processes import reachable_folder, removed
from support.waiting import until_now

CONFIG = """
[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
application_name_add_host = 1
"""
"""All else as it comes: no startup parameter is ignored, 20 servers for each database and user. The server knows a
session of the pooler by a name that ends with the client's address.
"""

USERS = {
    roles.OWN: PASSWORDS.own,
    roles.WATCHED_OWNER: PASSWORDS.owner,
    roles.WATCHED_APP: PASSWORDS.app,
    roles.WATCHER: PASSWORDS.watcher,
}


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


@contextmanager
def pgbouncer(cluster: Cluster) -> Iterator[int]:
    """Its port, for the length of the block."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if program is None:
        pytest.skip("PgBouncer is not installed (apt-get install pgbouncer)")
    account, port = server_account(), free_port()
    with removed(reachable_folder("ruleyard-pgbouncer-")) as folder, (folder / "log").open("wb") as log:
        _write(folder / "users.txt", "".join(f'"{name}" "{word}"\n' for name, word in USERS.items()))
        _write(
            folder / "pgbouncer.ini",
            CONFIG.format(host=LOOPBACK, server=cluster.postgres.port, port=port, folder=folder),
        )
        process = spawn([program, folder / "pgbouncer.ini"], output=log, account=account, folder=folder)
        try:
            until_now(lambda: answers(port), what="PgBouncer to answer")
            yield port
        finally:
            stop(process)


def _write(file: Path, words: str) -> None:
    """Readable by the user that the program runs as: these passwords open nothing but the tests' servers."""
    file.write_text(words)
    file.chmod(0o644)
