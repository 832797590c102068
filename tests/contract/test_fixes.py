"""Fixes: how they are put into a document (vectors shared with the browser), and that each mends its problem."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.test_vectors import VECTORS, cases, checked
from ruleyard.core.errors import Fix, Problem
from ruleyard.core.mend import mended

WITH_FIXES = [
    pytest.param(case.values[0], index, id=f"{case.id} {index}")
    for case in cases("typecheck")
    if isinstance(case.values[0], dict)
    for index, problem in enumerate(checked(case.values[0]["document"]))
    if problem.fix is not None
]


def same_problem(one: Problem, other: Problem) -> bool:
    return (one.code, one.path, one.args) == (other.code, other.path, other.args)


@pytest.mark.parametrize("case", cases("fixes"))
def test_fixes_are_put_into_a_document(case: dict[str, Any]) -> None:
    before = json.dumps(case["document"])
    problems = [
        Problem("x", one["path"], "", fix=Fix("", one["path"], one["value"])) for one in case["fixes"]
    ]
    assert mended(case["document"], problems) == case["mended"]
    assert json.dumps(case["document"]) == before


@pytest.mark.parametrize(("case", "index"), WITH_FIXES)
def test_a_problem_is_gone_after_its_fix(case: dict[str, Any], index: int) -> None:
    problem = checked(case["document"])[index]
    made = mended(case["document"], [problem])
    assert made is not None
    assert not any(same_problem(one, problem) for one in checked(made))


@pytest.mark.parametrize("case", cases("typecheck"))
def test_mending_everything_comes_to_an_end(case: dict[str, Any]) -> None:
    document = case["document"]
    for _ in range(8):
        better = mended(document, checked(document))
        if better is None:
            break
        document = better
    assert not any(problem.fix for problem in checked(document))


def test_the_vectors_say_where_a_fix_is_put() -> None:
    """The browser reads them without the check: `fix_path` where that is not the place of the problem."""
    for path in sorted((VECTORS / "typecheck").glob("*.json")):
        for case in json.loads(path.read_text())["cases"]:
            found = {(one.code, one.path): one for one in checked(case["document"])}
            for wanted in case["problems"]:
                if "fix" in wanted:
                    fix = found[wanted["code"], wanted["path"]].fix
                    assert fix is not None
                    assert fix.path == wanted.get("fix_path", wanted["path"]), case["name"]
