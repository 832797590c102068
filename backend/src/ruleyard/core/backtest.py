"""Back-test: what a version would have decided on past events, beside what another one would have. Performs nothing.

Pure. Told the events a page at a time; keeps only counts and the first matches of each kind, so memory does not grow
with the history. Knows nothing of where events come from or where results are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from ruleyard.core.evaluate import data_of, judge
from ruleyard.core.event import Event
from ruleyard.core.match import listens
from ruleyard.core.nearest import Nearest, flip_of
from ruleyard.core.plan import Plan
from ruleyard.core.run import Broken, Finished, Pause, Perform, decide
from ruleyard.core.trace import Step
from ruleyard.core.types import EventId, NodeId

MatchKind = Literal["new", "lost", "fired", "nearly"]
KINDS: Final[tuple[MatchKind, ...]] = ("new", "lost", "fired", "nearly")
MOST_KEPT: Final = 1_000
"""Matches listed per kind; counts go on."""

MOST_PATHS: Final = 200


class NearCount(msgspec.Struct):
    """A comparison that alone was in the way, and how often."""

    node: NodeId
    path: str
    words: str
    count: int = 0


class Tally(msgspec.Struct):
    """What was found so far. `was` counts are of the version compared with."""

    events: int = 0
    listened: int = 0
    fired: int = 0
    errors: int = 0
    was_fired: int = 0
    new: int = 0
    lost: int = 0
    nearly: int = 0
    cut: int = 0
    paths: dict[str, int] = {}
    actions: dict[str, int] = {}
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
    """Judges pages of events by `plan`, and by `other` where there is one to compare with."""

    def __init__(self, plan: Plan, other: Plan | None) -> None:
        self._plan = plan
        self._other = other
        self._nearest = Nearest(plan)
        self._short: dict[tuple[NodeId, str, bool], str] = {}

    def page(self, events: Iterable[Event], tally: Tally) -> list[Match]:
        """Counts into `tally`; the matches to list."""
        found: list[Match] = []
        for event in events:
            match = self._one(event, tally)
            if match is not None and _keep(match, tally):
                found.append(match)
        return found

    def _one(self, event: Event, tally: Tally) -> Match | None:
        tally.events += 1
        tally.cut += event.cut
        was = None if self._other is None else _fires(self._other, event)
        tally.was_fired += was is True
        if listens(self._plan, event):
            tally.lost += was is True
            return self._match(event, False, was, "", "") if was else None
        tally.listened += 1
        verdict = judge(self._plan, event, event.at)
        if verdict.fires:
            tally.fired += 1
            tally.new += was is False
            tally.errors += verdict.error is not None
            path, actions = walk(self._plan, event)
            known = path if path in tally.paths or len(tally.paths) < MOST_PATHS else "…"
            tally.paths[known] = tally.paths.get(known, 0) + 1
            for node in actions:
                tally.actions[node] = tally.actions.get(node, 0) + 1
            words = verdict.error.message if verdict.error else ""
            return self._match(event, True, was, path, words)
        tally.lost += was is True
        words = self._one_short(event, tally)
        return self._match(event, False, was, "", words) if words or was else None

    def _one_short(self, event: Event, tally: Tally) -> str:
        """The one comparison that was in the way, in words with what it saw; "" where it was none or more."""
        data = data_of(event, event.at)
        wanted = self._nearest.wanted(data)
        if wanted is None or len(wanted) != 1:
            return ""
        [(leaf, truth)] = wanted
        tally.nearly += 1
        flip = flip_of(leaf, truth, data)
        place = f"{leaf.node}{leaf.path} {'yes' if truth else 'no'}"
        if place not in tally.near:
            words = flip.words.rpartition(" (it was ")[0] or flip.words
            tally.near[place] = NearCount(leaf.node, leaf.path, words)
        tally.near[place].count += 1
        return flip.words

    def _match(self, event: Event, fired: bool, was: bool | None, path: str, words: str) -> Match:
        nearly = not fired and bool(words)
        return Match(event.id, event.at, event.record_key, fired, was, nearly, path, words)


def kinds_of(match: Match) -> Sequence[MatchKind]:
    """The lists that a match belongs to."""
    found: list[MatchKind] = []
    if match.fired:
        found.append("fired")
        if match.was is False:
            found.append("new")
    elif match.was:
        found.append("lost")
    if match.nearly:
        found.append("nearly")
    return found


def _keep(match: Match, tally: Tally) -> bool:
    wanted = [kind for kind in kinds_of(match) if tally.kept.get(kind, 0) < MOST_KEPT]
    for kind in kinds_of(match) if wanted else ():
        tally.kept[kind] = tally.kept.get(kind, 0) + 1
    return bool(wanted)


def _fires(plan: Plan, event: Event) -> bool:
    return not listens(plan, event) and judge(plan, event, event.at).fires


def walk(plan: Plan, event: Event) -> tuple[str, tuple[NodeId, ...]]:
    """The path in short words (`c yes > a > m`) and the actions on it. Actions count as done, waits as over."""
    done: list[Step] = []
    words: list[str] = []
    actions: list[NodeId] = []
    while True:
        decision = decide(plan, event, event.at, done)
        done += decision.passed
        words += [
            f"{step.node} {step.branch}"
            for step in decision.passed
            if step.kind == "condition" and step.branch
        ]
        match decision.next:
            case Perform(node, _, fields):
                actions.append(node)
                words.append(node)
                done.append(Step(node, "action", "succeeded", input=fields))
            case Pause(node, _):
                words.append(node)
                done.append(Step(node, "wait", "succeeded"))
            case Broken(node, _):
                words.append(f"{node} error")
                return " > ".join(words), tuple(actions)
            case Finished(_):
                return " > ".join(words), tuple(actions)
