"""What would take all time or memory: how long each takes to end, and how much memory, in both languages.

    just bench hostile

The cases are those of shared-schemas/vectors/limits, whose answers the tests compare. Times are medians of compiling
and evaluating, of processor time, which other work on the machine hardly lengthens. Memory is what was held at the
highest (Python: tracemalloc) and all that was allocated (TypeScript: the heap's growth without a collection, never
less than what was held). Ends with 1 where one is over.
"""

# ruff: noqa: E402
from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from statistics import median
from typing import Any

from ruleyard.core.logic.compile import evaluate

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "contract"))
from test_limits import VECTORS, made

MOST_MS = 50.0
MOST_MB = 20.0
ROUNDS = 5


def python(logic: Any, data: Any) -> tuple[float, float]:
    """Milliseconds, and megabytes at the highest."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        evaluate(logic, data)
        times.append((time.process_time() - began) * 1e3)
    tracemalloc.start()
    evaluate(logic, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return median(times), peak / 1e6


def browser() -> list[tuple[float, float]]:
    """Source: frontend/scripts/hostile-logic.mjs."""
    command = [
        "node",
        "--expose-gc",
        "--max-semi-space-size=512",
        "scripts/hostile-logic.mjs",
        str(VECTORS),
        str(ROUNDS),
    ]
    done = subprocess.run(command, cwd=ROOT / "frontend", stdout=subprocess.PIPE, text=True, check=True)
    found: list[tuple[float, float]] = json.loads(done.stdout)
    return found


def main() -> int:
    cases = [
        case for path in sorted(VECTORS.glob("*.json")) for case in json.loads(path.read_text())["cases"]
    ]
    over = 0
    print(f"{'':72}  Python             TypeScript")
    for case, theirs in zip(cases, browser(), strict=True):
        ours = python(made(case["logic"]), made(case["data"]))
        late = max(ours[0], theirs[0]) > MOST_MS or max(ours[1], theirs[1]) > MOST_MB
        over += late
        figures = "  ".join(f"{ms:6.1f} ms {mb:5.1f} MB" for ms, mb in (ours, theirs))
        print(f"{case['name'][:72]:72}  {figures}{'  over' if late else ''}")
    print(f"{len(cases)} cases, {over} over {MOST_MS:.0f} ms or {MOST_MB:.0f} MB")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
