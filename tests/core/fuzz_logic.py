"""Random typed rules and records: Python and the browser's evaluator must give the same bytes.

    python tests/core/fuzz_logic.py 100000 [--seed N]

Prints `N cases, N differences` as its last line; ends with 1 when there are any. A difference is printed whole.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from logic_cases import answer_of, cases

FRONTEND = Path(__file__).parents[2] / "frontend"
BATCH = 10_000


def browser_answers(batch: list[tuple[Any, Any]]) -> list[str]:
    """TypeScript's answers, one per case. Source: frontend/scripts/evaluate-logic.mjs."""
    lines = "".join(f"{json.dumps(case)}\n" for case in batch)
    command = ["node", "scripts/evaluate-logic.mjs"]
    done = subprocess.run(
        command, cwd=FRONTEND, input=lines, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return done.stdout.split("\n")[:-1]


def differences(batch: list[tuple[Any, Any]]) -> Iterator[str]:
    """One text per case on which they do not agree."""
    for (logic, data), theirs in zip(batch, browser_answers(batch), strict=True):
        ours = answer_of(logic, data)
        if ours != theirs:
            yield f"rule    {json.dumps(logic)}\ndata    {json.dumps(data)}\nPython  {ours}\nbrowser {theirs}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="the same cases again")
    args = parser.parse_args()
    seed = int(time.time()) if args.seed is None else args.seed
    print(f"seed {seed}")
    stream, found, done = cases(seed, args.count), 0, 0
    while batch := list(islice(stream, BATCH)):
        for difference in differences(batch):
            found += 1
            if found <= 20:
                print(difference)
        done += len(batch)
    print(f"{done} cases, {found} differences")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
