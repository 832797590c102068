"""Hear changes in the databases, ring the bells, keep the clock. Any number may run: one leads per log."""

from __future__ import annotations

import argparse

NAME = "listen"
HELP = "hear changes, keep the clock, ring the bells"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    import uvloop

    from ruleyard.logs import configure_logs
    from ruleyard.settings import Settings, read_settings

    async def main(settings: Settings) -> None:
        from ruleyard.cli.stopping import stop_event
        from ruleyard.intake.listener import listen

        await listen(settings, stop=stop_event())

    settings = read_settings()
    configure_logs(settings.log_level)
    uvloop.run(main(settings))
    return 0
