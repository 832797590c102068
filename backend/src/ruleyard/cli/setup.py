"""Print the one-time link that makes the first administrator, for an instance that `up` does not run."""

from __future__ import annotations

import argparse

NAME = "setup"
HELP = "print the first administrator's one-time link"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    import asyncio

    from ruleyard.cli.furnish import admit_first_administrator
    from ruleyard.settings import read_settings

    link = asyncio.run(admit_first_administrator(read_settings()))
    print(link or "There is an administrator already; further accounts are made in the browser.")
    return 0
