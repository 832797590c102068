"""Which plans could an event concern? An index over the triggers, so that an event touches only rules that could fire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ruleyard.core.event import Event
from ruleyard.core.plan import Plan
from ruleyard.core.types import LogId


class Index:
    """Plans by log, table, operation and changed columns; ticks and manual events by their rule."""

    def __init__(self, plans: Iterable[Plan], connection_names: Mapping[LogId, str]) -> None:
        self._plans = tuple(plans)

    def candidates(self, event: Event) -> Sequence[Plan]:
        """The plans whose trigger listens to this event, in the order they were given."""
        raise NotImplementedError
