"""Calendar rules: the next moments of a schedule, in words, and what is wrong with one. Told `after`, reads no clock."""

from __future__ import annotations

from datetime import datetime

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Schedule


def next_ticks(schedule: Schedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next `count` moments strictly after `after`: aware, UTC, ascending."""
    raise NotImplementedError


def describe(schedule: Schedule) -> str:
    """The schedule as words: `every weekday at 09:00 (Europe/Moscow)`."""
    raise NotImplementedError


def problems(schedule: Schedule, path: str) -> tuple[Problem, ...]:
    """What is wrong with it; `path` is the JSON Pointer of the schedule in the document."""
    raise NotImplementedError
