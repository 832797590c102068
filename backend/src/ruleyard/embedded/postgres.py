"""One PostgreSQL server of our own: loopback TCP, SCRAM, never outlives us.

Choose it for trying Ruleyard out and for tests: no TLS, no ICU, no replicas. Production uses its own.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from ruleyard.core.errors import Unavailable
from ruleyard.embedded.account import reachable_program, server_account, server_folder
from ruleyard.embedded.binaries import postgres_programs
from ruleyard.embedded.ports import LOOPBACK, free_port
from ruleyard.embedded.process import fresh_log, spawn, stop
from ruleyard.embedded.secret_file import kept_secret

SUPERUSER = "postgres"
_INIT_S = 120
_READY = ("ready", "standby")
"""A copy with `standby.signal` follows its original and answers questions."""
_START_S = 60.0
"""Recovery after a crash may take a while."""

_ALWAYS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "jit": "off",
    "huge_pages": "off",
    "cluster_name": "ruleyard",
}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
    "shared_buffers": "64MB",
}


class PostgresServer:
    """A server whose files live in `folder` (or below /var, see account.py)."""

    def __init__(
        self,
        folder: Path,
        *,
        crash_safe: bool = True,
        more: Mapping[str, str] | None = None,
        port: int | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`more`: settings of the server. `port` is only a wish. `say` gets the lines that a person should see."""
        self._account = server_account()
        self.folder = server_folder(folder.absolute(), self._account, say)
        self._postgres = reachable_program(postgres_programs(), self._account)
        self._initdb = self._postgres.with_name("initdb")
        self._data = self.folder / "data"
        self._log = self.folder / "server.log"
        self._settings = (_ALWAYS if crash_safe else _ALWAYS | _FAST) | dict(more or {})
        self._password = ""
        self.port = port or 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster at first use, start it, wait until it answers. Raises Unavailable with its log."""
        self._password = kept_secret(self.folder / "password")
        if not (self._data / "PG_VERSION").is_file():
            self._make_cluster()
        self._clear_stale_pid()
        deadline = time.monotonic() + _START_S
        while True:
            if self._started_once():
                return
            said = self._log.read_text(errors="replace")
            if "pre-existing shared memory block" in said and time.monotonic() < deadline:
                time.sleep(0.2)  # sessions of a killed server are still leaving, and say so in the same file
            elif "Address already in use" in said and time.monotonic() < deadline:
                self.port = 0
            else:
                raise Unavailable(
                    f"PostgreSQL did not start. The end of {self._log}:\n{said[-2000:].strip()}"
                )

    def _started_once(self) -> bool:
        self.port = free_port(self.port)
        arguments = [f"{key}={value}" for key, value in (self._settings | {"port": str(self.port)}).items()]
        with fresh_log(self._log) as log:
            self.process = spawn(
                [self._postgres, "-D", self._data, *(part for a in arguments for part in ("-c", a))],
                output=log,
                account=self._account,
                env=_environment(),
                folder=self.folder,
                parting_signal=signal.SIGQUIT,  # immediate shutdown; the next start recovers
            )
        if self._became_ready():
            return True
        self.stop()
        return False

    def program(self, name: str) -> Path:
        """Another program of this PostgreSQL, such as `pg_basebackup`, where our user reaches it."""
        return self._postgres.with_name(name)

    def stop(self) -> None:
        """Fast shutdown; never raises for a server that is gone."""
        if self.process is not None:
            stop(self.process, (signal.SIGINT, 20), (signal.SIGQUIT, 5))
            self.process = None

    def url(self, *, user: str = SUPERUSER, password: str | None = None, database: str = "postgres") -> str:
        secret = self._password if password is None else password
        return f"postgresql://{quote(user)}:{quote(secret, safe='')}@{LOOPBACK}:{self.port}/{quote(database)}"

    def _make_cluster(self) -> None:
        password_file = self.folder / "password"
        if self._account is not None:
            os.chown(password_file, self._account.uid, self._account.gid)
        try:
            done = self._run_initdb(password_file)
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                f"PostgreSQL did not make its files in {self._data} within {_INIT_S} s: "
                "the machine or its disk is very busy. Try again."
            ) from error
        if done.returncode != 0:
            raise Unavailable(f"PostgreSQL could not make its files in {self._data}:\n{done.stderr.strip()}")

    def _run_initdb(self, password_file: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                self._initdb,
                f"--pgdata={self._data}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                *self._locale(),
                "--no-instructions",
                *(["--no-sync"] if "fsync" in self._settings else []),
            ],
            capture_output=True,
            text=True,
            env=_environment(),
            cwd=self.folder,
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
            timeout=_INIT_S,
            start_new_session=True,  # Ctrl-C is for us: half a cluster would be of no use
            check=False,
        )

    def _locale(self) -> list[str]:
        version = subprocess.run(
            [self._postgres, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
        major = re.search(r"\d+", version.stdout)
        if major is not None and int(major[0]) >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _clear_stale_pid(self) -> None:
        """After kill -9 and a reboot the old pid may be somebody else's: PostgreSQL would refuse to start."""
        file = self._data / "postmaster.pid"
        deadline = time.monotonic() + 20
        while True:
            try:
                pid = int(file.read_text().split("\n", 1)[0])
            except (FileNotFoundError, ValueError):
                return
            if not _is_postgres_of(pid, self._data):
                file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another PostgreSQL (pid {pid}) still uses {self._data}. Stop it and try again."
                )
            time.sleep(0.05)

    def _became_ready(self) -> bool:
        """PostgreSQL writes its state to the eighth line of postmaster.pid, as pg_ctl knows."""
        deadline = time.monotonic() + _START_S
        file = self._data / "postmaster.pid"
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            try:
                lines = file.read_text().split("\n")
            except FileNotFoundError:
                lines = []
            if len(lines) > 7 and lines[0].strip() == str(self.process.pid) and lines[7].strip() in _READY:
                return True
            time.sleep(0.01)
        return False


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C"}


def _is_postgres_of(pid: int, data: Path) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    if not command.exists():
        return not Path("/proc/self").exists()  # no /proc here: believe the pid file
    try:
        parts = command.read_bytes().split(b"\0")
    except OSError:
        return False
    return b"postgres" in parts[0] and str(data).encode() in parts
