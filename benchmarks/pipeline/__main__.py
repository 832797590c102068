"""One run of some or all parts, and its table."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from pipeline.backlog import backlog
from pipeline.bench import Bench
from pipeline.deeds import webhooks, writes
from pipeline.figures import Figure, as_markdown, as_text
from pipeline.house import Ground
from pipeline.live import latency, sustained
from pipeline.machine import machine
from pipeline.many_rules import rules
from pipeline.sizes import sizes
from pipeline.writers import writers

PARTS: dict[str, Callable[[Bench], Awaitable[list[Figure]]]] = {
    "machine": machine,
    "writers": writers,
    "backlog": backlog,
    "live": sustained,
    "latency": latency,
    "writes": writes,
    "webhooks": webhooks,
    "sizes": sizes,
    "rules": rules,
}
PART_S = 90.0


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench pipeline", description=__doc__)
    parser.add_argument(
        "--part",
        action="append",
        choices=PARTS,
        metavar="NAME",
        help=f"only this part, of {', '.join(PARTS)}; may be said again",
    )
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


async def measure(ground: Ground, names: list[str]) -> tuple[list[Figure], list[str]]:
    """The figures, and what went wrong: a part that breaks does not take the others along."""
    bench = Bench(ground, say)
    figures: list[Figure] = []
    broken: list[str] = []
    for name in names:
        say(f"{name} …")
        began = time.monotonic()
        try:
            async with asyncio.timeout(PART_S):
                found = await PARTS[name](bench)
        except Exception as error:  # noqa: BLE001 (said, and told in the exit code)
            broken.append(f"{name}: {type(error).__name__}: {error}")
            say(f"  broke: {broken[-1]}")
            continue
        figures += found
        say(as_text(found))
        say(f"  {name} took {time.monotonic() - began:.0f} s")
    return figures, broken


def main() -> int:
    asked = wishes()
    logging.getLogger("arq").setLevel(logging.WARNING)
    ground = Ground()
    began = time.monotonic()
    ground.start()
    try:
        figures, broken = asyncio.run(measure(ground, asked.part or list(PARTS)))
    finally:
        ground.stop()
    took = time.monotonic() - began
    print(as_markdown(figures) if asked.markdown else as_text(figures))
    print(
        f"\n{os.cpu_count()} processors, Python {platform.python_version()}, {took:.0f} s, "
        f"load {os.getloadavg()[0]:.1f} at the end"
    )
    if asked.json:
        body = {
            "took_s": took,
            "processors": os.cpu_count(),
            "broken": broken,
            "figures": [asdict(one) | {"ratio": one.ratio, "holds": one.holds} for one in figures],
        }
        asked.json.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n")
    for line in broken:
        print(f"broken: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
