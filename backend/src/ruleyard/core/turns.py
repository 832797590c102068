"""Whose turn it is: people in turn, by weight, or the one with the least to do. Pure.

Knows people as values that stand in a column; must not know where turns are kept or what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ruleyard.core.types import JSON, JSONObject

MOST_PEOPLE: Final = 200
MOST_WEIGHT: Final = 100
_BETWEEN: Final = re.compile(r"[,;\n]")


class Person(msgspec.Struct, frozen=True):
    """`person`: what is written into the record, a text or a number."""

    person: str | int | float
    weight: int = 1

    @property
    def key(self) -> str:
        return key_of(self.person)


class Rotation(msgspec.Struct, frozen=True):
    """Where a rotation stands: `credit` of each person, and in which turn each came last. Sums of weights, no dates."""

    credit: dict[str, int] = {}
    last: dict[str, int] = {}
    turns: int = 0


def key_of(person: JSON) -> str:
    """How a person is told apart: `Ann ` and `ann` are the same, and so are 7 and "7"."""
    text = str(int(person)) if isinstance(person, float) and person.is_integer() else str(person)
    return text.strip().casefold()


def read_people(value: JSON) -> tuple[Person, ...] | str:
    """The people of a list, each once, without empty places; or why it is none.

    A list of texts, numbers and `{"person", "weight"}`; or one text with commas.
    """
    items: list[JSON] = [*_BETWEEN.split(value)] if isinstance(value, str) else [value]
    if isinstance(value, list):
        items = value
    people: dict[str, Person] = {}
    for item in items:
        person = _person(item)
        if isinstance(person, str):
            return person
        if person is not None:
            people.setdefault(person.key, person)
    if len(people) > MOST_PEOPLE:
        return f"there are {len(people)} people, at most {MOST_PEOPLE} take turns"
    return tuple(people.values())


def _person(item: JSON) -> Person | str | None:
    weight: JSON = 1
    if isinstance(item, dict):
        unknown = [name for name in item if name not in ("person", "weight")]
        if unknown or "person" not in item:
            return f'a person is a text, a number, or {{"person", "weight"}}, not {sorted(item)}'
        weight = item.get("weight", 1)
        item = item["person"]
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= MOST_WEIGHT:
        return f"the weight of {item!r} is not a whole number from 1 to {MOST_WEIGHT}"
    if item is None or (isinstance(item, str) and not item.strip()):
        return None
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        return "a person is a text or a number"
    return Person(item.strip() if isinstance(item, str) else item, weight)


def available(people: Sequence[Person], away: JSON) -> tuple[Person, ...] | str:
    """Those who are not away; or why `away` is no list of people."""
    gone = read_people(away)
    if isinstance(gone, str):
        return gone
    keys = {person.key for person in gone}
    return tuple(person for person in people if person.key not in keys)


def in_turn(here: Sequence[Person], everybody: Sequence[Person], at: Rotation) -> tuple[Person, Rotation]:
    """The next one of `here` (not empty), spread evenly by weight: of as many turns as the weights are together,
    each gets as many as its weight, whatever turn one counts from.

    Who is away neither gains nor loses; who is new begins level; who left the list is forgotten.
    """
    credit = {person.key: at.credit.get(person.key, 0) for person in everybody}
    for person in here:
        credit[person.key] += person.weight
    chosen = max(here, key=lambda person: credit[person.key])
    credit[chosen.key] -= sum(person.weight for person in here)
    return chosen, _moved(chosen, everybody, at, credit)


def least_busy(
    here: Sequence[Person], everybody: Sequence[Person], at: Rotation, loads: Mapping[str, int]
) -> tuple[Person, Rotation]:
    """The one of `here` (not empty) who would have the least to do by weight; of equals, whose turn was longest ago."""
    chosen = min(
        here,
        key=lambda person: ((loads.get(person.key, 0) + 1) / person.weight, at.last.get(person.key, 0)),
    )
    return chosen, _moved(chosen, everybody, at, dict(at.credit))


def _moved(chosen: Person, everybody: Sequence[Person], at: Rotation, credit: dict[str, int]) -> Rotation:
    keys = {person.key for person in everybody}
    turns = at.turns + 1
    last = {key: turn for key, turn in at.last.items() if key in keys} | {chosen.key: turns}
    return Rotation({key: value for key, value in credit.items() if key in keys}, last, turns)


def literal_people(value: JSON) -> tuple[Person, ...] | str | None:
    """The people of a list that holds no expressions; None where one stands in it."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict) and (
            ("person" not in item and len(item) == 1) or isinstance(item.get("person"), dict)
        ):
            return None
    return read_people(value)


def place_of(person: JSON, people: Sequence[Person]) -> int | None:
    """From 1; None where the list does not have this person."""
    keys = [one.key for one in people]
    return keys.index(key_of(person)) + 1 if key_of(person) in keys else None


def as_object(at: Rotation) -> JSONObject:
    return {"credit": {**at.credit}, "last": {**at.last}, "turns": at.turns}
