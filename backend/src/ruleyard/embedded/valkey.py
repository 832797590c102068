"""One Valkey (Redis protocol) server of our own: loopback TCP, password, memory only, never outlives us.

It carries only bells, so it keeps nothing on disk.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ruleyard.core.errors import Unavailable
from ruleyard.embedded.account import reachable_program, server_account, server_folder
from ruleyard.embedded.binaries import valkey_programs
from ruleyard.embedded.ports import LOOPBACK, free_port
from ruleyard.embedded.process import fresh_log, spawn, stop
from ruleyard.embedded.secret_file import kept_secret, write_private

_START_S = 20.0


class ValkeyServer:
    """A server whose log, password and settings live in `folder` (or below /var, see account.py)."""

    def __init__(
        self, folder: Path, *, port: int | None = None, say: Callable[[str], None] = lambda line: None
    ) -> None:
        """`port` is only a wish."""
        self._account = server_account()
        self.folder = server_folder(folder.absolute(), self._account, say)
        self._program = reachable_program(valkey_programs(), self._account)
        self._log = self.folder / "server.log"
        self._password = ""
        self.port = port or 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers PING. Raises Unavailable with the end of its log."""
        self._password = kept_secret(self.folder / "password")
        for _ in range(3):
            self.port = free_port(self.port)
            with fresh_log(self._log) as log:
                self.process = spawn(
                    [self._program, self._write_settings()],
                    output=log,
                    account=self._account,
                    folder=self.folder,
                )
            if self._became_ready():
                return
            self.stop()
            self.port = 0
        tail = self._log.read_text(errors="replace")[-2000:].strip()
        raise Unavailable(f"Valkey did not start. The end of {self._log}:\n{tail}")

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, (signal.SIGTERM, 5))
            self.process = None

    def url(self, database: int = 0) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/{database}"

    def _write_settings(self) -> Path:
        """A file, since arguments could be read by everybody on the machine."""
        path = self.folder / "valkey.conf"
        lines = (
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self._password}",
            'save ""',
            "appendonly no",
            "daemonize no",
            "databases 512",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
        )
        write_private(path, "\n".join(lines) + "\n")
        if self._account is not None:
            os.chown(path, self._account.uid, self._account.gid)
        return path

    def _became_ready(self) -> bool:
        deadline = time.monotonic() + _START_S
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.01)
        return False

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as wire:
                wire.sendall(b"AUTH " + self._password.encode() + b"\r\nPING\r\n")
                wire.settimeout(1)
                answer = b""
                while answer.count(b"\r\n") < 2:
                    piece = wire.recv(256)
                    if not piece:
                        break
                    answer += piece
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
