"""Random typed rules and records: Python and the browser's evaluator must give the same bytes.

    python tests/core/fuzz_logic.py 100000 [--seed N]

As many rules within the typed profile (profile_cases.py) are answered by two engines of others, too: datalogic-py and
json-logic-engine. Prints `N cases, N differences` as its last line; ends with 1 when there are any. A difference is
printed whole.
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

import datalogic_py
from logic_cases import answer_of, canonical, cases
from profile_cases import profile_cases

FRONTEND = Path(__file__).parents[2] / "frontend"
BATCH = 10_000


def answers_of(script: str, batch: list[tuple[Any, Any]]) -> list[str]:
    """One line per case from a script of frontend/scripts. RuntimeError with its words where it fails."""
    lines = "".join(f"{json.dumps(case)}\n" for case in batch)
    done = subprocess.run(
        ["node", f"scripts/{script}"],
        cwd=FRONTEND,
        input=lines,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return done.stdout.split("\n")[:-1]


def differences(batch: list[tuple[Any, Any]]) -> Iterator[str]:
    """One text per case on which they do not agree."""
    for (logic, data), theirs in zip(batch, answers_of("evaluate-logic.mjs", batch), strict=True):
        ours = answer_of(logic, data)
        if ours != theirs:
            yield told(logic, data, {"Python": ours, "browser": theirs})


def rust_answer(engine: datalogic_py.Engine, logic: Any, data: Any) -> str:
    try:
        return f"value {canonical(engine.compile(json.dumps(logic)).evaluate(data))}"
    except datalogic_py.DataLogicError as error:
        return f"error {error}"


def disagreements(batch: list[tuple[Any, Any]]) -> Iterator[str]:
    """One text per case of the profile on which the engines of others, or the browser, do not agree with us."""
    engine = datalogic_py.Engine()
    browser, others = (answers_of(name, batch) for name in ("evaluate-logic.mjs", "oracle-logic.mjs"))
    for (logic, data), theirs, other in zip(batch, browser, others, strict=True):
        said = {
            "Python": answer_of(logic, data),
            "browser": theirs,
            "datalogic-py": rust_answer(engine, logic, data),
            "json-logic-engine": f"value {canonical(json.loads(other[6:]))}"
            if other[:6] == "value "
            else other,
        }
        if len(set(said.values())) > 1:
            yield told(logic, data, said)


def told(logic: Any, data: Any, said: dict[str, str]) -> str:
    lines = "".join(f"{name:<18}{answer}\n" for name, answer in said.items())
    return f"{'rule':<18}{json.dumps(logic)}\n{'data':<18}{json.dumps(data)}\n{lines}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="the same cases again")
    args = parser.parse_args()
    seed = int(time.time()) if args.seed is None else args.seed
    print(f"seed {seed}")
    found = {}
    for name, stream, compare in (
        ("within the profile, four engines", profile_cases(seed, args.count), disagreements),
        ("of all kinds, Python and browser", cases(seed, args.count), differences),
    ):
        found[name] = 0
        while batch := list(islice(stream, BATCH)):
            for difference in compare(batch):
                found[name] += 1
                if found[name] <= 20:
                    print(difference)
        print(f"{args.count} rules {name}: {found[name]} differences")
    print(f"{2 * args.count} cases, {sum(found.values())} differences")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
