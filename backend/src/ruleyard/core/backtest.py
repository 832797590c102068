"""Back-test: what a version would have decided on past events, beside what another one would have. Performs nothing.

Pure. Told the events a page at a time; keeps only counts and the first matches of each kind, so memory does not grow
with the history. Knows nothing of where events come from or where results are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from ruleyard.core.calendars import Timetable
from ruleyard.core.evaluate import data_of
from ruleyard.core.event import Event
from ruleyard.core.graph import Action, End, WaitFor
from ruleyard.core.match import listens
from ruleyard.core.nearest import Nearest, flip_of
from ruleyard.core.plan import Plan
from ruleyard.core.related import NO_LEADS, Leads, Related, joined_leads
from ruleyard.core.trace import StepError
from ruleyard.core.types import Branch, EventId, JSONObject, NodeId
from ruleyard.core.verdict import same_steps

MatchKind = Literal["new", "lost", "fired", "nearly", "rest"]
KINDS: Final[tuple[MatchKind, ...]] = ("new", "lost", "fired", "nearly", "rest")
MOST_KEPT: Final = 1_000
"""Matches listed per kind; counts go on."""

MOST_PATHS: Final = 200
NOTHING_RELATED: Final[Mapping[EventId, Related]] = {}


class NearCount(msgspec.Struct):
    """A comparison that alone was in the way, and how often. `relation`: as in `Flip`, what it would have needed."""

    node: NodeId
    path: str
    words: str
    count: int = 0
    relation: str = ""


class Tally(msgspec.Struct):
    """What was found so far. `was` counts are of the version compared with; `actions` knows no waits. `outside`: of
    those that fired, how many came outside of the hours of the rule. `otherwise`: both fire, and take other steps.
    `without`: by kind of action, on how many changes the other version does it and this one does not."""

    events: int = 0
    listened: int = 0
    fired: int = 0
    errors: int = 0
    was_fired: int = 0
    new: int = 0
    lost: int = 0
    otherwise: int = 0
    nearly: int = 0
    cut: int = 0
    outside: int = 0
    paths: dict[str, int] = {}
    actions: dict[str, int] = {}
    without: dict[str, int] = {}
    near: dict[str, NearCount] = {}
    kept: dict[str, int] = {}


class Match(msgspec.Struct, frozen=True):
    """One event worth listing. `words`: the one comparison short, or the error."""

    event_id: EventId
    at: str
    record_key: str
    fired: bool
    was: bool | None
    nearly: bool
    path: str
    words: str


class Backtest:
    """Judges pages of events by `plan`, and by `other` where there is one to compare with. `hours`: those that runs of
    the plan keep."""

    def __init__(self, plan: Plan, other: Plan | None, hours: Timetable | None = None) -> None:
        self._plan = plan
        self._hours = hours
        self._other = other
        self._nearest = Nearest(plan)
        self._alike: dict[tuple[tuple[NodeId, ...], tuple[NodeId, ...]], bool] = {}

    @property
    def leads(self) -> Leads:
        """What both read of related records."""
        return joined_leads([self._plan.leads, self._other.leads if self._other else NO_LEADS])

    def page(
        self, events: Iterable[Event], tally: Tally, related: Mapping[EventId, Related] = NOTHING_RELATED
    ) -> list[Match]:
        """Counts into `tally`; the matches to list. `related`: by event, where `leads` says that any is read."""
        found: list[Match] = []
        for event in events:
            match = self._one(event, tally, related.get(event.id))
            if match is not None and _keep(match, tally):
                found.append(match)
        return found

    def _one(self, event: Event, tally: Tally, related: Related | None) -> Match | None:
        tally.events += 1
        tally.cut += event.cut
        data: JSONObject | None = None
        was: bool | None = None
        if self._other is not None:
            was = False
            if not listens(self._other, event):
                data = data_of(event, event.at, related=related)
                was = fires(self._other, data)
                tally.was_fired += was
        if listens(self._plan, event):
            if not was or self._other is None or data is None:
                return None
            self._beside(self._other, data, None, tally)
            return self._match(event, False, was, "", "")
        tally.listened += 1
        if data is None:
            data = data_of(event, event.at, related=related)
        path, passed, error = walk(self._plan, data)
        if passed or error:
            tally.fired += 1
            tally.outside += self._hours is not None and not self._hours.is_open(
                datetime.fromisoformat(event.at)
            )
            tally.new += was is False
            tally.errors += bool(error)
            if was and self._other is not None:
                self._beside(self._other, data, passed, tally)
            known = path if path in tally.paths or len(tally.paths) < MOST_PATHS else "…"
            tally.paths[known] = tally.paths.get(known, 0) + 1
            for node in passed:
                if isinstance(self._plan.nodes[node], Action):
                    tally.actions[node] = tally.actions.get(node, 0) + 1
            return self._match(event, True, was, path, error)
        if was and self._other is not None:
            self._beside(self._other, data, None, tally)
        words = self._one_short(data, tally, was=was)
        if not words and not was and tally.kept.get("rest", 0) >= MOST_KEPT:
            return None
        return self._match(event, False, was, "", words)

    def _beside(self, other: Plan, data: JSONObject, passed: tuple[NodeId, ...] | None, tally: Tally) -> None:
        """Counts what the other version, which fires here, does and this one does not. `passed`: the steps of this one,
        None where it does not fire."""
        _, was_passed, _ = walk(other, data)
        if passed is None:
            tally.lost += 1
        elif not self._same(other, was_passed, passed):
            tally.otherwise += 1
        for kind in _kinds(other, was_passed) - _kinds(self._plan, passed or ()):
            tally.without[kind] = tally.without.get(kind, 0) + 1

    def _same(self, other: Plan, was: tuple[NodeId, ...], now: tuple[NodeId, ...]) -> bool:
        known = self._alike.get((was, now))
        if known is None:
            known = same_steps(other.graph, was, self._plan.graph, now)
            if len(self._alike) < MOST_PATHS:
                self._alike[was, now] = known
        return known

    def _one_short(self, data: JSONObject, tally: Tally, *, was: bool | None) -> str:
        """The one comparison that was in the way, in words with what it saw; "" where it was none or more."""
        wanted = self._nearest.wanted(data, 1)
        if not wanted:
            return ""
        [(leaf, truth)] = wanted
        tally.nearly += 1
        place = f"{leaf.node}{leaf.path} {'yes' if truth else 'no'}"
        known = tally.near.get(place)
        lists = ("nearly", "lost") if was else ("nearly",)
        listed = all(tally.kept.get(kind, 0) >= MOST_KEPT for kind in lists)
        if known is not None and listed:
            known.count += 1
            return known.words
        flip = flip_of(leaf, truth, data)
        if known is None:
            words = flip.words.rpartition(" (it was ")[0] or flip.words
            known = tally.near[place] = NearCount(leaf.node, leaf.path, words, relation=flip.relation)
        known.count += 1
        return flip.words

    def _match(self, event: Event, fired: bool, was: bool | None, path: str, words: str) -> Match:
        nearly = not fired and bool(words)
        return Match(event.id, event.at, event.record_key, fired, was, nearly, path, words)


def _kinds(plan: Plan, passed: tuple[NodeId, ...]) -> set[str]:
    """What the actions among the steps do."""
    return {node.do for one in passed if isinstance(node := plan.nodes[one], Action)}


def kinds_of(match: Match) -> Sequence[MatchKind]:
    """The lists that a match belongs to."""
    found: list[MatchKind] = []
    if match.fired:
        found.append("fired")
        if match.was is False:
            found.append("new")
    else:
        found.append("rest")
        if match.was:
            found.append("lost")
    if match.nearly:
        found.append("nearly")
    return found


def _keep(match: Match, tally: Tally) -> bool:
    wanted = [kind for kind in kinds_of(match) if tally.kept.get(kind, 0) < MOST_KEPT]
    for kind in kinds_of(match) if wanted else ():
        tally.kept[kind] = tally.kept.get(kind, 0) + 1
    return bool(wanted)


def fires(plan: Plan, data: JSONObject) -> bool:
    """Does the walk come to an action or a wait, or break on the way?"""
    node = plan.next(plan.graph.trigger.id)
    while node is not None and not isinstance(node, End):
        decider = plan.deciders.get(node.id)
        taken = None if decider is None else decider.decide(data)
        if not isinstance(taken, str):
            return True
        node = plan.next(node.id, taken)
    return False


def walk(plan: Plan, data: JSONObject) -> tuple[str, tuple[NodeId, ...], str]:
    """The path in short words (`c yes > a > m`), the actions and waits on it, and an error's words.

    Actions count as done, without a result, so no failed path is taken; waits as over.
    """
    words: list[str] = []
    passed: list[NodeId] = []
    steps: JSONObject = {}
    node = plan.next(plan.graph.trigger.id)
    while node is not None and not isinstance(node, End):
        branch: Branch | None = None
        if (decider := plan.deciders.get(node.id)) is not None:
            taken = decider.decide(data)
            if isinstance(taken, StepError):
                words.append(f"{node.id} error")
                return " > ".join(words), tuple(passed), taken.message
            branch = taken
            words.append(f"{node.id} {branch}")
        else:
            passed.append(node.id)
            words.append(node.id)
            if isinstance(node, Action | WaitFor):
                steps[node.id] = {"output": None, "state": "succeeded", "error": None}
                data = data | {"steps": steps}
        node = plan.next(node.id, branch)
    return " > ".join(words), tuple(passed), ""
