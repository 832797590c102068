"""Python and the browser's evaluator agree byte for byte on random typed rules. More: `just fuzz-logic 100000`."""

from __future__ import annotations

import shutil

import pytest
from fuzz_logic import FRONTEND, differences, disagreements
from logic_cases import answer_of, canonical, cases
from profile_cases import profile_cases


def test_two_thousand_random_rules_have_the_same_answer_in_both_languages() -> None:
    if shutil.which("node") is None or not (FRONTEND / "node_modules").exists():
        pytest.skip("node or frontend/node_modules is not here: the browser's evaluator is not run")
    assert list(differences(list(cases(3, 2_000)))) == []


def test_engines_of_others_agree_with_us_on_a_thousand_rules_within_the_profile() -> None:
    if shutil.which("node") is None or not (FRONTEND / "node_modules").exists():
        pytest.skip("node or frontend/node_modules is not here: the browser's evaluator is not run")
    assert list(disagreements(list(profile_cases(5, 1_000)))) == []


def test_the_cases_are_the_same_for_the_same_seed_and_of_every_kind() -> None:
    first = [canonical(list(case)) for case in cases(7, 500)]
    assert first == [canonical(list(case)) for case in cases(7, 500)]
    answers = [answer_of(logic, data) for logic, data in cases(7, 500)]
    for wanted in ("value true", "value false", "error not-a-number", "error bad-arguments", "error unknown"):
        assert any(answer.startswith(wanted) for answer in answers), wanted
