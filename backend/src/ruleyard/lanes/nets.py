"""The net under cascades: a rule that keeps waking itself is paused, once, and its owner is told.

Chains end by themselves (`lanes/cascades.py`); this ends a rule whose chains come again and again. Looked at after a
batch is committed, and only where runs were set off by runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId
from ruleyard.logs import get_logger
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun
from ruleyard.stores.pauses import Record, busiest, pause, stops

log = get_logger(__name__)


class Net(msgspec.Struct, frozen=True):
    """`of_record`: so often a minute may runs set a rule off on one record. `of_stops`: so many of its chains a minute
    may be too long."""

    of_record: int = 30
    of_stops: int = 5


NET: Final = Net()


async def pause_loops(engine: AsyncEngine, runs: Sequence[NewRun], net: Net = NET) -> list[RuleId]:
    """Pauses the rules of these runs that keep waking themselves; gives them."""
    caused = [run for run in runs if run.event.cause]
    if not caused:
        return []
    records = {Record(one.rule_id, one.event.log, one.event.table, one.event.record_key) for one in caused}
    ended = {one.rule_id for one in caused if one.stop is not None}
    paused: list[RuleId] = []
    async with transaction(engine) as conn:
        why = {
            rule: StepError(
                "rule-looped",
                f"It set itself off {count} times within a minute on one record.",
                args={"times": count},
            )
            for rule, count in (await busiest(conn, sorted(records, key=msgspec.structs.astuple))).items()
            if count > net.of_record
        }
        why |= {
            rule: StepError(
                "rule-looped-long",
                f"It was part of {count} chains of rules without an end within a minute.",
                args={"times": count},
            )
            for rule, count in (await stops(conn, sorted(ended))).items()
            if count >= net.of_stops
        }
        for rule in sorted(why):
            if await pause(conn, rule, why[rule]):
                log.warning("a rule was paused", rule_id=rule, reason=why[rule].message)
                paused.append(rule)
    return paused
