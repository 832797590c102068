"""The cases of jsonlogic.com and of the community, where they are at hand (../shared/data beside the checkout)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ruleyard.core.logic.compile import compile_logic
from ruleyard.core.logic.dialect import BY_NAME

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "json-logic"

DISPUTED = (
    {"==": [None, 0]},
    {"!=": [None, 0]},
    {"==": [[], [1]]},
    {"!=": [[], [1]]},
)
"""Where the community's table contradicts jsonlogic.com (null) or our decision that lists are compared by content."""


def official() -> list[list[Any]]:
    path = DATA / "official.json"
    if not path.exists():
        pytest.skip(f"{path} is not here: the official JSON Logic cases are not run")
    return [case for case in json.loads(path.read_text()) if isinstance(case, list)]


def test_every_official_case_evaluates_as_jsonlogic_com_says() -> None:
    cases = official()
    wrong = []
    for logic, data, result in cases:
        compiled = compile_logic(logic)
        outcome = compiled.evaluate(data)
        if (
            outcome.error
            or json.dumps(outcome.value) != json.dumps(result)
            or compiled.trace(data)[0] != outcome
        ):
            wrong.append((logic, data, result, outcome))
    assert not wrong
    assert len(cases) == 280


def operators_of(logic: Any) -> set[str]:
    if isinstance(logic, list):
        return set().union(*(operators_of(item) for item in logic))
    if isinstance(logic, dict) and len(logic) == 1:
        [(name, body)] = logic.items()
        return {name} | operators_of(body)
    return set()


def test_the_community_cases_of_our_operators_hold_but_for_the_disputed() -> None:
    files = sorted((DATA / "compat").glob("*/*.json"))
    if not files:
        pytest.skip(f"{DATA / 'compat'} is not here: the community cases are not run")
    wrong = []
    for path in files:
        for case in json.loads(path.read_text()):
            known = isinstance(case, dict) and operators_of(case["rule"]) <= {*BY_NAME, "throw"}
            if not known or case["rule"] in DISPUTED:
                continue
            outcome = compile_logic(case["rule"]).evaluate(case.get("data"))
            failed = outcome.error is not None
            if failed != ("error" in case) or (not failed and outcome.value != case["result"]):
                wrong.append((path.name, case, outcome))
    assert not wrong
