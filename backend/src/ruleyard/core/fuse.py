"""The fuse of a rule: how many runs an hour it opens before further ones are held, and what it learns of usual hours.

Pure: the store locks a fuse, asks here, and writes down what came of it. Why so: docs/decisions/0017.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from ruleyard.core.graph import RunLimit
from ruleyard.core.types import RuleId

FLOOR: Final = 1_000
"""No automatic limit is lower."""
TIMES: Final = 5
"""An automatic limit is so many times the busiest usual hour."""
DAYS: Final = 14
HOUR: Final = timedelta(hours=1)


class Fuse(msgspec.Struct, frozen=True):
    """`used` runs of the hour since `since` were not held; `extra` more than the limit may come in it.

    `tripped`: the hour is no usual one, for runs of it were held or somebody let held ones run.
    `usual`: by day, the newest (`usual_on`) first: how many runs an hour were then shown to be usual.
    `held`: runs that are held now; `held_since`: while it is set, every further run is held too.
    """

    rule_id: RuleId
    since: datetime
    used: int = 0
    extra: int = 0
    tripped: bool = False
    usual: tuple[int, ...] = ()
    usual_on: date | None = None
    held: int = 0
    held_since: datetime | None = None


def limit_of(fuse: Fuse, limit: RunLimit, floor: int = FLOOR) -> int | None:
    """Runs an hour; None where nothing is held. `floor` 0 switches automatic limits off."""
    match limit:
        case "off":
            return None
        case "auto":
            return max(floor, *fuse.usual, 0) if floor else None
        case _:
            return limit


def at(fuse: Fuse, now: datetime) -> Fuse:
    """The same fuse with the hour that `now` is in: an hour that is over teaches what is usual."""
    if fuse.held_since is not None or now < fuse.since + HOUR:
        return fuse
    taught = fuse.used if fuse.tripped else TIMES * fuse.used
    learnt = learn(learn(fuse, taught, fuse.since.date()), 0, now.date())
    return msgspec.structs.replace(learnt, since=now, used=0, extra=0, tripped=False)


def learn(fuse: Fuse, taught: int, today: date) -> Fuse:
    """So many runs an hour are usual today; days before the last fourteen are forgotten."""
    passed = 0 if fuse.usual_on is None else (today - fuse.usual_on).days
    days = (*(0 for _ in range(min(max(passed, 0), DAYS))), *fuse.usual)[:DAYS] or (0,)
    return msgspec.structs.replace(fuse, usual=(max(days[0], taught), *days[1:]), usual_on=today)


def passing(fuse: Fuse, asked: int, limit: int | None) -> int:
    """How many of `asked` further runs are not held."""
    if limit is None:
        return asked
    if fuse.held_since is not None:
        return 0
    return min(asked, max(0, limit + fuse.extra - fuse.used))


def opened(fuse: Fuse, *, passed: int, held: int, gone: int, now: datetime) -> Fuse:
    """After `passed` runs were queued and `held` were held, and `gone` held ones made way for newer ones."""
    return msgspec.structs.replace(
        fuse,
        used=fuse.used + passed,
        held=fuse.held + held - gone,
        held_since=fuse.held_since or (now if held else None),
        tripped=fuse.tripped or held > 0,
    )


def let_run(fuse: Fuse, now: datetime) -> Fuse:
    """Somebody lets run what is held: for an hour as many more may come, and so many are usual from now on."""
    learnt = learn(fuse, fuse.held, now.date())
    return msgspec.structs.replace(learnt, since=now, used=0, extra=fuse.held, tripped=True, held_since=None)


def cancelled(fuse: Fuse) -> Fuse:
    """Somebody cancels what is held. The hour stays used up: what comes in the rest of it is held again."""
    return msgspec.structs.replace(fuse, held_since=None)
