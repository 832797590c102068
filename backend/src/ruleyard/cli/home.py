"""The folder of one instance of `up`: its lock, its secrets and where it can be reached.

postgres/ valkey/ mail/ logs/   of the servers and children
secret.key cli.key up.json      0600
lock                            held while `up` runs
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

import msgspec

from ruleyard.core.errors import Conflict, Forbidden
from ruleyard.embedded.secret_file import kept_secret, write_private

DEFAULT = Path(".ruleyard")


class Running(msgspec.Struct, omit_defaults=True):
    """What up.json says: enough for the other commands, and for the next `up` to take the same ports."""

    url: str
    port: int
    pid: int
    database_url: str
    redis_url: str
    smtp_port: int = 0
    hook_port: int = 0
    postgres_port: int = 0
    valkey_port: int = 0
    crm_url: str = ""
    """The demo's watched database as its owner; empty without the demo."""
    crm_app_url: str = ""
    """The same as the company's own program."""


class Home:
    """Paths and secrets below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock: IO[str] | None = None

    def make(self) -> None:
        """Make the folder. As root the servers' user must get through: 0711, every secret inside is 0600."""
        try:
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in ("mail", "logs"):
                (self.folder / name).mkdir(mode=0o700, exist_ok=True)
            (self.folder / "lock").open("a").close()
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise Forbidden(
                f"Cannot write in {self.folder} ({error.strerror}). Run as the user that owns it, "
                "or choose another folder with --data DIR."
            ) from error

    def lock(self) -> None:
        """Until this process ends. Conflict, with the address of the first, when another `up` holds it."""
        file = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            first = self.running()
            where = f": {first.url} (process {first.pid})" if first else ""
            raise Conflict(
                f"Ruleyard runs on this folder already{where}. "
                "Stop that one with Ctrl-C, or choose another folder with --data DIR and another --port."
            ) from None
        self._lock = file

    def held(self) -> bool:
        """Does some `up` run on this folder now?"""
        try:
            with (self.folder / "lock").open("a+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def running(self) -> Running | None:
        """What the present or the last `up` wrote."""
        try:
            return msgspec.json.decode((self.folder / "up.json").read_bytes(), type=Running)
        except (OSError, msgspec.MsgspecError):
            return None

    def write_running(self, running: Running) -> None:
        text = msgspec.json.format(msgspec.json.encode(running), indent=2).decode()
        write_private(self.folder / "up.json", text + "\n")

    def secret_key(self) -> str:
        return kept_secret(self.folder / "secret.key")

    def cli_key(self) -> str:
        """The administrator API key of this folder's command line; empty before the first `up`."""
        try:
            return (self.folder / "cli.key").read_text().strip()
        except OSError:
            return ""

    def write_cli_key(self, key: str) -> None:
        write_private(self.folder / "cli.key", key + "\n")

    def password(self, name: str) -> str:
        """A password of one of our database roles, made at first use."""
        folder = self.folder / "passwords"
        folder.mkdir(mode=0o700, exist_ok=True)
        return kept_secret(folder / name, 24)
