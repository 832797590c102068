"""Open psql on the demo's watched database (`--own`: on Ruleyard's own). What follows `--` goes to psql.

ruleyard psql -- -c "update leads set status = 'won' where id = 7"
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

NAME = "psql"
HELP = "psql on the demo database (`--own`: on ours)"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.home import DEFAULT

    parser.add_argument("--data", type=Path, default=DEFAULT, help="folder of a local `up` (.ruleyard)")
    parser.add_argument("--own", action="store_true", help="Ruleyard's own database")
    parser.add_argument("--app", action="store_true", help="the demo database as the company's program")
    parser.add_argument("rest", nargs="*", metavar="-- PSQL ARGUMENTS")


def run(args: argparse.Namespace) -> int:
    from urllib.parse import unquote, urlsplit

    from ruleyard.cli.home import Home
    from ruleyard.core.errors import NotFound, Unavailable
    from ruleyard.embedded.binaries import psql_program

    home = Home(args.data)
    running = home.running()
    if running is None or not home.held():
        raise NotFound(f"Ruleyard does not run on {home.folder}. Start it: npx -y rust-just up")
    url = running.database_url if args.own else running.crm_app_url if args.app else running.crm_url
    if not url:
        raise NotFound(
            "This instance has no demo database. Use --own, or your own psql on your own database."
        )
    program = psql_program()
    if program is None:
        raise Unavailable("There is no psql on this machine.")
    at = urlsplit(url)
    env = {
        **os.environ,
        "PGHOST": at.hostname or "",
        "PGPORT": str(at.port or 5432),
        "PGUSER": unquote(at.username or ""),
        "PGPASSWORD": unquote(at.password or ""),
        "PGDATABASE": at.path.lstrip("/"),
    }
    os.execve(program, [str(program), *args.rest], env)  # noqa: S606
