"""Turns are fair: by numbers, by weight, and whatever list of people follows another."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruleyard.core.turns import (
    Person,
    Rotation,
    available,
    in_turn,
    least_busy,
    literal_people,
    read_people,
)

ANN, BOB, CEM = Person("ann"), Person("bob"), Person("cem")


def turns(people: list[Person], count: int, at: Rotation | None = None) -> tuple[list[str], Rotation]:
    given_to, state = [], at or Rotation()
    for _ in range(count):
        chosen, state = in_turn(people, people, state)
        given_to.append(str(chosen.person))
    return given_to, state


def test_people_come_in_the_order_of_the_list() -> None:
    assert turns([ANN, BOB, CEM], 7)[0] == ["ann", "bob", "cem", "ann", "bob", "cem", "ann"]


@given(st.integers(1, 12), st.integers(0, 200))
def test_nobody_is_more_than_one_ahead(people: int, runs: int) -> None:
    team = [Person(f"p{n}") for n in range(people)]
    got = Counter(turns(team, runs)[0])
    assert {got[f"p{n}"] for n in range(people)} <= {runs // people, -(-runs // people)}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(0, 60), st.integers(1, 3))
def test_weights_hold_in_every_round_wherever_it_begins(weights: list[int], begun: int, rounds: int) -> None:
    team = [Person(f"p{n}", weight) for n, weight in enumerate(weights)]
    _, state = turns(team, begun)
    got = Counter(turns(team, rounds * sum(weights), state)[0])
    assert [got[f"p{n}"] for n in range(len(team))] == [rounds * weight for weight in weights]


def test_who_was_away_does_not_catch_up_and_who_is_new_begins_level() -> None:
    team = [ANN, BOB, CEM]
    _, state = turns(team, 3)
    for _ in range(10):
        chosen, state = in_turn([ANN, CEM], team, state)
        assert chosen != BOB
    back, state = turns(team, 6, state)
    assert Counter(back) == {"ann": 2, "bob": 2, "cem": 2}
    more, state = turns([ANN, BOB, CEM, Person("dee")], 8, state)
    assert Counter(more) == {"ann": 2, "bob": 2, "cem": 2, "dee": 2}
    fewer, state = turns([ANN, BOB], 4, state)
    assert Counter(fewer) == {"ann": 2, "bob": 2}
    assert set(state.credit) == {"ann", "bob"}


def test_the_one_with_the_least_to_do_is_chosen_by_weight_and_then_by_turn() -> None:
    team = [ANN, BOB, Person("cem", 2)]
    chosen, state = least_busy(team, team, Rotation(), {"ann": 3, "bob": 1, "cem": 4})
    assert chosen == BOB
    chosen, state = least_busy(team, team, state, {"ann": 3, "bob": 3, "cem": 4})
    assert chosen.person == "cem"
    given_to = []
    for _ in range(4):
        chosen, state = least_busy([ANN, BOB], team, state, {})
        given_to.append(chosen.person)
    assert given_to == ["ann", "bob", "ann", "bob"], "equals take turns"


def test_who_left_is_forgotten_whichever_way_the_next_one_is_chosen() -> None:
    known = Rotation({"ann": 1, "gone": -1}, {"ann": 1, "gone": 2}, 2)
    for state in (least_busy([ANN], [ANN], known, {})[1], in_turn([ANN], [ANN], known)[1]):
        assert (set(state.credit), set(state.last)) == ({"ann"}, {"ann"})


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["ann", " bob ", None, ""], [ANN, BOB]),
        ("ann, bob;cem\n", [ANN, BOB, CEM]),
        ([{"person": "ann", "weight": 3}, "bob"], [Person("ann", 3), BOB]),
        (["ann", "Ann", {"person": "ANN ", "weight": 2}], [ANN]),
        ([7, "7", 7.0, 8], [Person(7), Person(8)]),
        (None, []),
        ([], []),
    ],
)
def test_a_list_of_people_is_read(value: Any, found: list[Person]) -> None:
    assert read_people(value) == tuple(found)


@pytest.mark.parametrize(
    "value",
    [
        True,
        [True],
        [["ann"]],
        [{"person": "ann", "weight": 0}],
        [{"person": "ann", "weight": 1.5}],
        [{"person": "ann", "weight": True}],
        [{"name": "ann"}],
        [{"person": "ann", "wieght": 2}],
        [f"p{n}" for n in range(201)],
    ],
)
def test_what_is_no_list_of_people_is_said(value: Any) -> None:
    assert isinstance(read_people(value), str)


def test_who_is_away_is_told_apart_whatever_the_spelling() -> None:
    assert available([ANN, BOB], ["Bob "]) == (ANN,)
    assert available([ANN, BOB], "ann,bob") == ()
    assert available([Person(7), BOB], "7") == (BOB,)
    assert isinstance(available([ANN], [["x"]]), str)


def test_a_list_with_expressions_in_it_is_not_known_before() -> None:
    assert literal_people(["ann", {"var": "after.owner"}]) is None
    assert literal_people([{"person": {"var": "after.owner"}}]) is None
    assert literal_people({"var": "x"}) is None
    assert literal_people(["ann", {"person": "bob"}]) == (ANN, BOB)
