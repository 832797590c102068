"""A batch of events against the index: who is asked, what they say, which runs to open, what is counted.

Pure but for the log line of a plan that breaks. Knows nothing of cursors or of how related records are fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from ruleyard.core.evaluate import Verdict, judge
from ruleyard.core.event import Event
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related, home_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import LogId, VersionId
from ruleyard.logs import get_logger
from ruleyard.stores.judged import Heard, Tally
from ruleyard.stores.new_runs import NewRun
from ruleyard.stores.once import once_of
from ruleyard.stores.related import NOTHING, Fetched, Wishes, wish
from ruleyard.stores.settling import CHANGES

log = get_logger(__name__)

HeardBy: TypeAlias = dict[tuple[str, str], Heard]
"""By table and operation."""


class Asking(msgspec.Struct, frozen=True):
    """An event, the plans that must be asked about it, and where their records are at home."""

    event: Event
    plans: tuple[tuple[Plan, tuple[LogId, str] | None], ...]


class Judged(msgspec.Struct, frozen=True):
    """What a batch of events came to: the runs to open and the counts per version."""

    runs: tuple[NewRun, ...]
    tallies: dict[VersionId, Tally]

    @property
    def faults(self) -> dict[VersionId, StepError]:
        """Why versions could not decide an event of the batch: the last reason of each."""
        return {version: one.fault for version, one in self.tallies.items() if one.fault is not None}


def ask(index: Index, events: Sequence[Event]) -> tuple[list[Asking], HeardBy]:
    """Who must be asked, and what is counted of the others. Events that nobody listens to are in neither."""
    asking: list[Asking] = []
    heard: HeardBy = {}
    for event in events:
        listening, plans = index.ask(event)
        if not listening:
            continue
        place = (event.table, event.op)
        if place not in heard:
            heard[place] = Heard()
        heard[place].events += 1
        heard[place].passed_over += listening - len(plans)
        if plans:
            homes = tuple((plan, index.home(plan) if plan.leads else None) for plan in plans)
            asking.append(Asking(event, homes))
    return asking, heard


def wishes_of(asking: Sequence[Asking]) -> Wishes:
    """The related records that these plans read."""
    wishes: Wishes = {}
    for one in asking:
        for plan, home in one.plans:
            if home is not None:
                wish(wishes, home, plan.leads, home_of(one.event))
    return wishes


def judge_all(asking: Sequence[Asking], fetched: Fetched = NOTHING) -> Judged:
    """Every event by every plan that is asked. One that waits for quiet is judged when its record is quiet."""
    runs: list[NewRun] = []
    tallies: dict[VersionId, Tally] = {}
    for one in asking:
        event = one.event
        for plan, home in one.plans:
            tally = tallies.get(plan.version_id)
            if tally is None:
                tally = tallies[plan.version_id] = Tally(plan.rule_id)
            settles = plan.graph.policy.settle is not None and event.op in CHANGES
            related = None if home is None or settles else fetched.of(home, plan.leads, home_of(event))
            verdict = Verdict(fires=True) if settles else judge_safely(plan, event, related)
            if verdict.error is not None:
                tally.errors += 1
                tally.fault = verdict.error
            elif verdict.fires:
                tally.matched += 1
            else:
                tally.unmatched += 1
            if verdict.fires:
                kept = None if related is not None and related.error else related
                policy = plan.graph.policy
                runs.append(
                    NewRun(
                        plan.rule_id,
                        plan.version_id,
                        event,
                        event.lane,
                        kept,
                        overlap=policy.overlap,
                        limit=policy.limit,
                        timing=policy.timing if event.op != "manual" else policy.timing.by_hand,
                        once=once_of(policy) if event.op != "manual" else None,
                    )
                )
    return Judged(tuple(runs), tallies)


def judge_safely(plan: Plan, event: Event, related: Related | None) -> Verdict:
    """By the moment of the event, however late it is judged: why, back-test and run say the same.

    A plan that breaks our own promise must not stop the lane: its run is opened and fails in the open.
    """
    try:
        return judge(plan, event, event.at, related)
    except Exception:
        log.exception("judging broke", rule_id=plan.rule_id, version_id=plan.version_id, event_id=event.id)
        return Verdict(fires=True, error=StepError("internal", "This rule could not be judged."))
