"""Run files of JSON Logic cases through the evaluator, and count.

ruleyard check-logic official.json compat/*.json

A file is a list of cases: [rule, data, result], or {"rule": …, "data": …, "result": …} where "error" may stand
instead of "result". Texts are headings. What cannot be read is told and counts as failed; the rest is run all the same.
Ends with 1 when a case fails that docs/decisions does not dispute.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "check-logic"
HELP = "run files of JSON Logic cases through the evaluator"

DISPUTED: Final = Path(__file__).parents[4] / "shared-schemas" / "disputed-logic.json"
"""Read in a checkout; an installed product has no list, and disputes nothing."""


class Case(NamedTuple):
    rule: Any
    data: Any
    fails: bool
    result: Any


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="JSON files of cases")


def run(args: argparse.Namespace) -> int:
    from ruleyard.core.logic.compile import compile_logic

    disputed = [Case(*entry) for entry in _disputed()]
    passed = failed = known = 0
    for path in args.files:
        for case in _read(path):
            if isinstance(case, str):
                failed += 1
                print(f"FAILED {path.name}: {case}")
                continue
            outcome = compile_logic(case.rule).evaluate(case.data)
            if case.fails if outcome.error else not case.fails and alike(outcome.value, case.result):
                passed += 1
                continue
            failed += 1
            why = any(alike(case, other) for other in disputed)
            known += why
            got = outcome.error.reason if outcome.error else json.dumps(outcome.value)
            wanted = "an error" if case.fails else json.dumps(case.result)
            print(f"{'disputed' if why else 'FAILED'} {path.name}: {json.dumps(case.rule)[:300]}")
            print(f"  on {json.dumps(case.data)[:300]}: {got[:300]}, not {wanted[:300]}")
    if known:
        print(f"{known} of the failed are disputed: docs/decisions/0011-logic-disputed-cases.md")
    print(f"{passed} passed, {failed} failed")
    return int(failed > known)


def _read(path: Path) -> Iterator[Case | str]:
    """The cases of a file; a sentence for what is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        yield f"cannot be read: {error.strerror or error}"
    except (ValueError, RecursionError) as error:
        yield f"is not JSON: {error}"
    else:
        if isinstance(content, list):
            yield from (_case(item) for item in content if not isinstance(item, str))
        else:
            yield "a file of cases is a JSON list"


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")


def _case(item: object) -> Case | str:
    if isinstance(item, list) and len(item) == 3:
        return Case(item[0], item[1], False, item[2])
    if isinstance(item, dict) and "rule" in item and ("result" in item or "error" in item):
        return Case(item["rule"], item.get("data"), "result" not in item, item.get("result"))
    return f"this is no case: {json.dumps(item)[:300]}"


def _disputed() -> list[Any]:
    if not DISPUTED.exists():
        return []
    found = json.loads(DISPUTED.read_text(encoding="utf-8"))["cases"]
    return [(case["rule"], case["data"], "result" not in case, case.get("result")) for case in found]


def alike(left: object, right: object) -> bool:
    """Equal as JSON: 1 is 1.0, but not true."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(alike(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(value, right[key]) for key, value in left.items())
    return left == right
