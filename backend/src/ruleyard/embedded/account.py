"""Which user the embedded servers run as, and which folders that user can reach.

PostgreSQL refuses to run as root. As root we drop to an existing unprivileged user, and never change the
permissions of anything that we did not make: what that user cannot reach gets a folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ruleyard.core.errors import Unavailable

_CANDIDATES = ("postgres", "nobody")
_OWN_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  # made 0700 and owned below


@dataclass(frozen=True)
class Account:
    """An unprivileged user of this machine with a passwd entry (initdb asks for one)."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """None: run as who we are. As root: the user to drop to."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "PostgreSQL cannot run as root and this machine has neither a `postgres` nor a `nobody` user. "
        "Run as an ordinary user, or set RULEYARD_DATABASE_URL."
    )


def reachable(path: Path, account: Account | None) -> bool:
    """Can `account` go through every folder down to the existing `path`, and read it?"""
    if account is None:
        return True
    path = path.resolve()
    return _allowed(path, account, 0o5) and all(_allowed(parent, account, 0o1) for parent in path.parents)


def server_folder(folder: Path, account: Account | None, say: Callable[[str], None]) -> Path:
    """`folder` itself, made for `account`; or one of ours when its parents are closed to that user."""
    if account is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    parent = folder.parent.resolve()
    if all(_allowed(step, account, 0o1) for step in (parent, *parent.parents)):
        _make_owned(folder, account)
        return folder
    own = own_folder(parent, account)
    say(f"{parent} is closed to the user {account.name}: the servers keep their files in {own}")
    inside = own / folder.name
    _make_owned(inside, account)
    return inside


def reachable_program(root: Path, program: str, beside: Path, account: Account | None) -> Path:
    """`root/program`, or a copy of the whole of `root` made once below our own folder for `beside`."""
    if account is None or reachable(root / program, account):
        return root / program
    mark = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    copy = own_folder(beside.parent.resolve(), account) / f"programs-{mark}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(root, half, symlinks=True)
        for step in (half, *half.rglob("*")):
            if not step.is_symlink():
                step.chmod(0o755 if step.is_dir() or os.access(step, os.X_OK) else 0o644)
        half.rename(copy)
    return copy / program


def own_folder(owner: Path, account: Account) -> Path:
    """A 0700 folder of `account` under /var, named after `owner`. Refuses one that somebody else made."""
    name = f"ruleyard-{hashlib.sha256(str(owner).encode()).hexdigest()[:16]}"
    for base in _OWN_FOLDERS:
        if base.is_dir() and os.access(base, os.W_OK):
            _make_owned(base / name, account)
            return base / name
    raise Unavailable("Neither /var/lib nor /var/tmp can be written: choose another folder with --data.")


def _make_owned(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, account.uid):
            raise Unavailable(
                f"{folder} belongs to somebody else: remove it or choose another --data."
            ) from None
        if found.st_uid == account.uid:
            return
        if any(folder.iterdir()):
            raise Unavailable(
                f"{folder} was made by another user than {account.name}: choose another --data."
            ) from None
    os.chown(folder, account.uid, account.gid)


def _allowed(path: Path, account: Account, need: int) -> bool:
    """The permission bits that this user has on `path` include `need` (4 read, 1 enter)."""
    found = path.stat()
    if found.st_uid == account.uid:
        bits = found.st_mode >> 6
    elif found.st_gid == account.gid:
        bits = found.st_mode >> 3
    else:
        bits = found.st_mode
    return bits & need == need
