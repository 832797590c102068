"""Catch mail and webhooks on this machine: a message becomes a JSON file, nothing leaves. For the demo."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "catch"
HELP = "a local catcher of mail and webhooks, for the demo"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", type=Path, required=True, help="folder for the caught messages")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)


def run(args: argparse.Namespace) -> int:
    import asyncio

    from ruleyard.logs import configure_logs

    async def main() -> None:
        from ruleyard.cli.catcher import catching
        from ruleyard.cli.stopping import stop_event

        stop = stop_event()
        async with catching(args.dir, smtp_port=args.smtp_port, http_port=args.http_port):
            await stop.wait()

    configure_logs("warning")
    asyncio.run(main())
    return 0
