"""When runs of a rule may begin: how many in a while, after how much quiet, how many changes together.

The words of the document, their shape, and what they come to in seconds. Knows no clock: `stores/turns.py` keeps it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSON, JSONObject

MOST_PACE: Final = 10_000
MOST_BATCH: Final = 500
DAY_S: Final = 86_400
UNITS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600}
WINDOWS: Final = {"minute": 60, "hour": 3_600}


class Pace(msgspec.Struct, frozen=True):
    """In any minute or hour at most so many runs of the rule begin; the rest waits, the oldest first."""

    at_most: Annotated[int, msgspec.Meta(ge=1, le=MOST_PACE)]
    per: Literal["minute", "hour"]


class Span(msgspec.Struct, frozen=True):
    """A length of time: from one second to a day."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=DAY_S)]
    unit: Literal["seconds", "minutes", "hours"]

    @property
    def seconds(self) -> int:
        return self.amount * UNITS[self.unit]


class Batch(msgspec.Struct, frozen=True):
    """Changes are collected, and one run goes on with the list: with so many, or so long after the first."""

    at_most: Annotated[int, msgspec.Meta(ge=2, le=MOST_BATCH)]
    within: Span


class Window(msgspec.Struct, frozen=True):
    """At most so many in any so many seconds."""

    at_most: int
    seconds: float


class Timing(msgspec.Struct, frozen=True):
    """What a new run of a rule has to wait for, in this order: quiet, the list, its turn at the gate."""

    settle_s: float = 0
    batch: Window | None = None
    pace: Window | None = None
    hours: bool = False

    @property
    def gated(self) -> bool:
        """Whether its runs pass the gate of their rule before they begin."""
        return self.pace is not None or self.hours

    @property
    def at_rest(self) -> Timing:
        """Of a record that is looked at as it is: there is no quiet to wait for."""
        return msgspec.structs.replace(self, settle_s=0)

    @property
    def by_hand(self) -> Timing:
        """Of a run that somebody starts: it waits for its turn alone."""
        return msgspec.structs.replace(self, settle_s=0, batch=None)


AT_ONCE: Final = Timing()


def window_of(pace: Pace) -> Window:
    return Window(pace.at_most, WINDOWS[pace.per])


def timing_words(value: object) -> str:
    """What a part of the policy says, for people: `at most 10 a minute`."""
    match value:
        case None:
            return "not set"
        case Pace():
            return f"at most {value.at_most} {'an hour' if value.per == 'hour' else 'a minute'}"
        case Span():
            return f"{value.amount} {value.unit}"
        case Batch():
            return f"{value.at_most} changes or {timing_words(value.within)}"
        case _:
            return str(value)


def read_pace(read: Reader, policy: JSONObject) -> Pace | None:
    """`policy.pace`; None where there is none, or it is wrong."""
    found = _object(read, policy, "pace", ("at_most", "per"))
    if found is None:
        return None
    at_most = read.whole(found, "at_most", "/policy/pace", 1, MOST_PACE)
    per = read.word(found, "per", "/policy/pace", tuple(WINDOWS), "")
    return Pace(at_most, per) if at_most and per else None  # type: ignore[arg-type]


def read_settle(read: Reader, policy: JSONObject) -> Span | None:
    """`policy.settle`; None where there is none, or it is wrong."""
    return read_span(read, policy, "settle", "/policy")


def read_batch(read: Reader, policy: JSONObject) -> Batch | None:
    """`policy.batch`; None where there is none, or it is wrong."""
    found = _object(read, policy, "batch", ("at_most", "within"))
    if found is None:
        return None
    at_most = read.whole(found, "at_most", "/policy/batch", 2, MOST_BATCH)
    if "within" not in found:
        read.add("not-an-object", "/policy/batch/within", "It says how long changes are collected at most.")
    within = read_span(read, found, "within", "/policy/batch")
    return Batch(at_most, within) if at_most and within else None


def read_span(read: Reader, value: JSONObject, key: str, path: str) -> Span | None:
    """`{"amount": …, "unit": …}` of at most a day."""
    found = _object(read, value, key, ("amount", "unit"), path)
    if found is None:
        return None
    path = f"{path}/{key}"
    unit = read.word(found, "unit", path, tuple(UNITS), "")
    amount = read.whole(found, "amount", path, 1, DAY_S // UNITS.get(unit, 1))
    return Span(amount, unit) if amount and unit else None  # type: ignore[arg-type]


def _object(
    read: Reader, value: JSONObject, key: str, keys: tuple[str, ...], path: str = "/policy"
) -> JSONObject | None:
    found: JSON = value.get(key)
    if key not in value:
        return None
    if not isinstance(found, dict):
        read.add("not-an-object", f"{path}/{key}", f'"{key}" is a JSON object.', key=key)
        return None
    read.known_keys(found, keys, f"{path}/{key}")
    return found
