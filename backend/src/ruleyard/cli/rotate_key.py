"""Seal every connection's secret with a new RULEYARD_SECRET_KEY.

RULEYARD_SECRET_KEY=<new> RULEYARD_OLD_SECRET_KEY=<old> ruleyard rotate-key

Start the processes with both keys first; when this says that all are sealed with the new one, start them again without
the old one. It may be stopped and repeated at any time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ruleyard.cli.home import DEFAULT

if TYPE_CHECKING:
    from ruleyard.settings import Settings
    from ruleyard.stores.rotation import Rotated

NAME = "rotate-key"
HELP = "seal the secrets of connections with a new key"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=DEFAULT, help="folder of a local `up` (.ruleyard)")


def run(args: argparse.Namespace) -> int:
    from ruleyard.core.errors import Invalid

    settings = _settings(args.data)
    if not settings.old_secret_key:
        raise Invalid("RULEYARD_OLD_SECRET_KEY is not set: the key that sealed the secrets until now.")
    rotated = asyncio.run(_rotate(settings))
    print(f"{rotated.resealed} sealed anew, {rotated.already} were already.")
    for name in rotated.unreadable:
        print(f"{name}: neither key opens its secret. Enter it again under Connections.")
    if not rotated.unreadable:
        print("All are sealed with the new key. Start the processes without RULEYARD_OLD_SECRET_KEY now.")
    return 1 if rotated.unreadable else 0


async def _rotate(settings: Settings) -> Rotated:
    from ruleyard.stores.db import create_engine
    from ruleyard.stores.rotation import rotate_key

    engine = create_engine(settings)
    try:
        return await rotate_key(engine, settings)
    finally:
        await engine.dispose()


def _settings(folder: Path) -> Settings:
    """From the environment; where `up` runs, its own database and key stand in for what is not set."""
    from ruleyard.cli.home import Home
    from ruleyard.settings import read_settings

    given = dict(os.environ)
    home = Home(folder)
    running = home.running()
    if running is not None:
        given.setdefault("RULEYARD_DATABASE_URL", running.database_url)
        given.setdefault("RULEYARD_SECRET_KEY", home.secret_key())
    given.setdefault("RULEYARD_REDIS_URL", "redis://127.0.0.1")  # nothing is rung
    return read_settings(given)
