"""Run everything here and now: the servers, the database, the demo and every process of Ruleyard.

Ctrl-C ends it and leaves nothing behind; what it knows stays in the folder for the next time.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAME = "up"
HELP = "everything in one: PostgreSQL, Valkey, demo and all processes"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.home import DEFAULT

    parser.add_argument("--port", type=int, default=8000, help="of the web address (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--data", type=Path, default=DEFAULT, help="folder for everything it keeps (.ruleyard)"
    )
    parser.add_argument("--workers", type=int, default=1, help="how many `work` processes (1)")
    parser.add_argument("--no-demo", action="store_true", help="without the demo database and its rules")
    parser.add_argument(
        "--no-simulator", action="store_true", help="with the demo, but nobody changes its rows"
    )
    parser.add_argument(
        "--throwaway",
        action="store_true",
        help="for tests: quicker on a slow disk, but a power cut may lose the data",
    )


def run(args: argparse.Namespace) -> int:
    import asyncio

    from ruleyard.cli.instance import Wishes, keep_running
    from ruleyard.core.errors import Invalid
    from ruleyard.logs import configure_logs

    if not 1 <= args.port <= 65535:
        raise Invalid(f"--port must be from 1 to 65535, not {args.port}.")
    if not 1 <= args.workers <= 64:
        raise Invalid(f"--workers must be from 1 to 64, not {args.workers}.")
    configure_logs("warning")
    wishes = Wishes(
        folder=args.data,
        host=args.host,
        port=args.port,
        workers=args.workers,
        demo=not args.no_demo,
        simulator=not args.no_demo and not args.no_simulator,
        throwaway=args.throwaway,
    )
    return asyncio.run(keep_running(wishes, say))


def say(line: str) -> None:
    """Progress, one short line each; also when stdout is a file."""
    print(f"  {line}", flush=True, file=sys.stdout)
