"""The demo's own commands: agents at work, and real bank calls with the count of what they set off.

ruleyard demo simulate               a few changes a second until Ctrl-C
ruleyard demo calls FILE.csv[.gz]    every call an INSERT and an UPDATE in crm.bank_calls; then the comparison
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ruleyard.cli.home import DEFAULT

if TYPE_CHECKING:
    from ruleyard.demo.replay import Replayed
    from ruleyard.settings import Settings

NAME = "demo"
HELP = "simulate agents at work, or replay bank calls"

_SAY_EVERY_S: Final = 5.0
_REDRAW_S: Final = 0.1


def arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="WHAT", dest="what", required=True)
    simulate = commands.add_parser("simulate", help="agents at work, until Ctrl-C")
    simulate.add_argument("--per-second", type=_rate, default=2.0, help="changes a second (2)")
    calls = commands.add_parser("calls", help="replay a telemarketing file and compare the runs with SQL")
    calls.add_argument("file", type=Path, help="CSV with a heading line, or the same gzipped")
    calls.add_argument("--rate", type=_rate, help="calls a second (as fast as it goes)")
    for one in (simulate, calls):
        one.add_argument("--data", type=Path, default=DEFAULT, help="folder of a local `up` (.ruleyard)")


def run(args: argparse.Namespace) -> int:
    return _simulate(args) if args.what == "simulate" else _calls(args)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 10_000:
        raise argparse.ArgumentTypeError(f"must be a number above 0 and at most 10000, not {text!r}")
    return rate


def _instance(folder: Path) -> tuple[Settings, str, str]:
    """Settings of the local `up`, the demo database as its owner and as the company's program."""
    from ruleyard.cli.home import Home
    from ruleyard.core.errors import NotFound
    from ruleyard.settings import Settings

    home = Home(folder)
    running = home.running()
    if running is None or not home.held():
        raise NotFound(f"No Ruleyard runs on {home.folder}. Start one first (`npx -y rust-just up`).")
    if not running.crm_url:
        raise NotFound(f"The Ruleyard on {home.folder} has no demo database.")
    settings = Settings(
        database_url=running.database_url, redis_url=running.redis_url, secret_key=home.secret_key()
    )
    return settings, running.crm_url, running.crm_app_url or running.crm_url


def _simulate(args: argparse.Namespace) -> int:
    import uvloop

    from ruleyard.demo.simulate import simulate

    _, _, app_url = _instance(args.data)

    async def main() -> int:
        from ruleyard.cli.stopping import stop_event

        return await simulate(app_url, per_second=args.per_second, stop=stop_event())

    print(f"Agents at work, {args.per_second:g} changes a second. Ctrl-C sends them home.")
    print(f"{uvloop.run(main()):,} changes made.")
    return 0


def _calls(args: argparse.Namespace) -> int:
    import uvloop

    from ruleyard.demo.replay import replay_file

    settings, owner_url, app_url = _instance(args.data)
    progress = _Progress()
    try:
        done = uvloop.run(
            replay_file(
                settings, args.file, owner_url=owner_url, app_url=app_url, rate=args.rate, told=progress.told
            )
        )
    finally:
        progress.end()
    print(table(done))
    if not done.equal:
        print("The counts differ.", file=sys.stderr)
        return 1
    return 0


def table(done: Replayed) -> str:
    """What was counted, side by side, and how long it took."""
    width = max(len(rule.name) for rule in done.rules)
    heads = ("runs", "by SQL", "written", "failed")
    lines = [f"{'rule':{width}}  " + "  ".join(f"{head:>8}" for head in heads)]
    for rule in done.rules:
        figures = (rule.runs, rule.expected, rule.written, rule.failed)
        mark = "" if rule.equal else "   differs"
        lines.append(f"{rule.name:{width}}  " + "  ".join(f"{figure:>8,}" for figure in figures) + mark)
    lines.append("")
    per_second = done.calls / done.replay_s if done.replay_s > 0 else 0.0
    lines.append(
        f"Replay {done.replay}: {done.calls:,} calls in {done.replay_s:.1f} s ({per_second:,.0f} a second), "
        f"the last run ended {done.settled_s:.1f} s later."
    )
    return "\n".join(lines)


class _Progress:
    """One line on stderr: redrawn on a terminal, said every few seconds elsewhere."""

    def __init__(self) -> None:
        self._drawn = False
        self._terminal = sys.stderr.isatty()
        self._next_at = 0.0

    def told(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now < self._next_at and not (what == "replayed" and done == of):
            return
        self._next_at = now + (_REDRAW_S if self._terminal else _SAY_EVERY_S)
        line = (
            f"{done:,} of {of:,} calls"
            if what == "replayed"
            else f"{done:,} events to judge, {of:,} runs to end"
        )
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
            self._drawn = True
        else:
            print(line, file=sys.stderr)

    def end(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
