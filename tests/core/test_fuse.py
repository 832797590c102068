"""A rule's fuse: how many runs pass in an hour, what usual hours teach, and what a person's word does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from ruleyard.core.document import parse
from ruleyard.core.fuse import FLOOR, Fuse, at, cancelled, learn, let_run, limit_of, opened, passing
from ruleyard.core.graph import Graph, RunLimit
from ruleyard.core.types import JSON, RuleId

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
NEW = Fuse(RuleId(1), TEN)
MINUTE = timedelta(minutes=1)


def used(runs: int) -> Fuse:
    return opened(NEW, passed=runs, held=0, gone=0, now=TEN)


@pytest.mark.parametrize(
    ("limit", "floor", "usual", "runs"),
    [
        ("off", FLOOR, (), None),
        ("auto", FLOOR, (), 1_000),
        ("auto", FLOOR, (900, 4_000, 0), 4_000),
        ("auto", 50, (30,), 50),
        ("auto", 0, (30,), None),
        (200, 0, (4_000,), 200),
    ],
)
def test_the_limit_is_the_rules_own_or_what_is_usual_but_never_less_than_the_floor(
    limit: RunLimit, floor: int, usual: tuple[int, ...], runs: int | None
) -> None:
    assert limit_of(msgspec.structs.replace(NEW, usual=usual), limit, floor) == runs


def test_what_is_left_of_the_hour_passes_and_while_anything_is_held_nothing_does() -> None:
    assert passing(used(30), 50, 100) == 50
    assert passing(used(80), 50, 100) == 20
    holding = opened(used(80), passed=20, held=30, gone=0, now=TEN + MINUTE)
    assert (holding.used, holding.held, holding.held_since) == (100, 30, TEN + MINUTE)
    assert passing(holding, 1, 100) == passing(holding, 1, 10_000) == 0
    assert at(holding, TEN + timedelta(days=3)) == holding
    assert passing(holding, 50, None) == 50


def test_a_usual_hour_teaches_five_times_its_runs_for_fourteen_days() -> None:
    later = at(used(800), TEN + timedelta(hours=1))
    assert (later.used, later.since, later.usual, later.usual_on) == (
        0,
        TEN + timedelta(hours=1),
        (4_000,),
        date(2026, 11, 23),
    )
    busier = learn(learn(later, 6_000, date(2026, 11, 25)), 100, date(2026, 11, 25))
    assert busier.usual == (6_000, 0, 4_000)
    assert limit_of(learn(busier, 0, date(2026, 12, 6)), "auto") == 6_000
    assert limit_of(learn(busier, 0, date(2026, 12, 9)), "auto") == FLOOR
    assert len(learn(busier, 1, date(2027, 12, 9)).usual) <= 14


def test_an_hour_that_was_long_ago_teaches_its_own_day() -> None:
    assert limit_of(at(used(800), TEN + timedelta(days=20)), "auto") == FLOOR
    assert at(used(800), TEN + timedelta(days=2)).usual == (0, 0, 4_000)


def test_a_storm_teaches_nothing_by_itself_but_somebodys_word_does() -> None:
    storm = opened(used(1_000), passed=0, held=4_000, gone=0, now=TEN)
    assert limit_of(at(cancelled(storm), TEN + timedelta(hours=2)), "auto") == 1_000
    assert passing(cancelled(storm), 10, 1_000) == 0
    went = let_run(storm, TEN + MINUTE)
    assert (went.held, went.held_since, went.used, went.extra) == (4_000, None, 0, 4_000)
    assert limit_of(went, "auto") == 4_000
    assert passing(went, 9_999, 200) == 4_200
    after = at(opened(went, passed=3_000, held=0, gone=0, now=TEN), TEN + timedelta(hours=2))
    assert (after.extra, limit_of(after, "auto")) == (0, 4_000)


def test_held_runs_that_make_way_for_newer_ones_are_held_no_longer() -> None:
    holding = opened(NEW, passed=0, held=5, gone=0, now=TEN)
    assert opened(holding, passed=0, held=3, gone=4, now=TEN).held == 4


@pytest.mark.parametrize(
    ("written", "limit", "problems"),
    [
        ({}, "auto", []),
        ({"limit": "off"}, "off", []),
        ({"limit": 200}, 200, []),
        ({"limit": "of"}, None, [("unknown-word", "/policy/limit")]),
        ({"limit": 0}, None, [("out-of-range", "/policy/limit")]),
        ({"limit": True}, None, [("out-of-range", "/policy/limit")]),
        ({"limit": 1_000_001}, None, [("out-of-range", "/policy/limit")]),
    ],
)
def test_the_limit_in_a_document(
    written: dict[str, JSON], limit: RunLimit | None, problems: list[tuple[str, str]]
) -> None:
    trigger: JSON = {"id": "t", "kind": "trigger", "on": "manual"}
    found = parse({"dialect": 1, "name": "N", "nodes": [trigger], "edges": [], "policy": written})
    if isinstance(found, Graph):
        assert found.policy.limit == limit
        assert not problems
    else:
        assert [(one.code, one.path) for one in found] == problems
