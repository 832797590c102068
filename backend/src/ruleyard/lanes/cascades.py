"""Cascades end: what comes of a run's own writes goes on for so many steps and so many runs, and no further.

What would go beyond is opened as a failed run that says so. Knows nothing of what rules do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.cause import MAX_DEPTH, Cause, cause_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import RunId
from ruleyard.stores.new_runs import NewRun, runs_by_root

CASCADE_RUNS: Final = 1000


async def with_ends(conn: AsyncConnection, runs: Sequence[NewRun], budget: int) -> tuple[NewRun, ...]:
    """The same runs; those past the end of their chain, or past `budget` runs of one first run, with the reason."""
    causes = [cause_of(run.event) for run in runs]
    roots = sorted({cause.root for cause in causes if cause is not None})
    spent = dict(await runs_by_root(conn, roots))
    ended: list[NewRun] = []
    for run, cause in zip(runs, causes, strict=True):
        if cause is not None:
            run = msgspec.structs.replace(run, stop=end_of(cause, spent, budget))
            spent[cause.root] = spent.get(cause.root, 0) + 1
        ended.append(run)
    return tuple(ended)


def end_of(cause: Cause, spent: dict[RunId, int], budget: int) -> StepError | None:
    """Why a run with this cause is not performed; None where it is."""
    if cause.depth >= MAX_DEPTH:
        return StepError(
            "chain-too-long",
            f"Stopped: this chain of rules is {cause.depth} runs long, each set off by the one before.",
            args={"runs": cause.depth},
        )
    if spent.get(cause.root, 0) >= budget:
        return StepError(
            "chain-too-big",
            f"Stopped: run {cause.root} has set off {budget} runs already.",
            args={"runs": budget, "run": cause.root},
        )
    return None
