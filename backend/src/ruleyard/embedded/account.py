"""Which user the embedded servers run as, and which folders that user can reach.

PostgreSQL refuses to run as root. As root we drop to an existing unprivileged user, and never change the
permissions of anything that we did not make: what that user cannot reach gets a folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ruleyard.core.errors import Unavailable
from ruleyard.embedded.binaries import Programs
from ruleyard.embedded.secret_file import kept_secret

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


def reachable_program(programs: Programs, account: Account | None) -> Path:
    """The program itself, or that of a copy made once for all instances on this machine."""
    original = programs.top / programs.program
    if account is None or reachable(original, account):
        return original
    mark = hashlib.sha256(f"{programs}{original.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = _base() / f"ruleyard-programs-{mark}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
        half.chmod(0o755)
        for part in programs.parts:
            source, target = programs.top / part, half / part
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            elif source.exists():
                shutil.copy2(source, target)
        for step in half.rglob("*"):
            if not step.is_symlink():
                step.chmod(0o755 if step.is_dir() or step.stat().st_mode & 0o100 else 0o644)
        try:
            half.rename(copy)
        except OSError:  # somebody else was faster
            shutil.rmtree(half, ignore_errors=True)
    if copy.lstat().st_uid != os.geteuid():
        raise Unavailable(f"{copy} belongs to somebody else: remove it.")
    return copy / programs.program


def own_folder(owner: Path, account: Account) -> Path:
    """A 0700 folder of `account` under /var for the instance in `owner`, another one when that was made anew."""
    instance = kept_secret(owner / "instance", 8)
    name = f"ruleyard-{hashlib.sha256(f'{owner}:{instance}'.encode()).hexdigest()[:16]}"
    folder = _base() / name
    _make_owned(folder, account)
    return folder


def _base() -> Path:
    for base in _OWN_FOLDERS:
        if base.is_dir() and os.access(base, os.W_OK):
            return base
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
