"""The steps of one run while it is performed: what is finished, and what is new since it was last written.

Pure bookkeeping; knows neither the database nor what the steps mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ruleyard.core.trace import Step, StepError, is_finished, is_passed_over
from ruleyard.core.types import NodeId
from ruleyard.stores.awaited import Awaited
from ruleyard.stores.claims import Claim
from ruleyard.stores.resting import Resting
from ruleyard.stores.steps import Attempt, Progress

ERROR_CHARS = 500


class Book:
    def __init__(self, claim: Claim, steps: Sequence[Step]) -> None:
        self._claim = claim
        self._steps: dict[NodeId, Step] = {step.node: step for step in steps}
        self._new: dict[NodeId, None] = {}
        self._tries: list[Attempt] = []
        self.ways: Mapping[tuple[NodeId, str], str] = {}
        """What the ways of its chooses are called (`way_names`); they stand in `path`."""
        self.awaited: dict[NodeId, Awaited] = {}
        """What it waits for from outside, as it was when the run was taken up."""
        self.broken: StepError | None = None
        """It was answered that a step failed which has no failed path."""
        self._closed: list[NodeId] = []
        self.marked = False
        """Something went out into the world whose outcome is not written yet."""

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps.values())

    @property
    def done(self) -> tuple[Step, ...]:
        """The steps that are finished, in order."""
        return tuple(step for step in self._steps.values() if is_finished(step))

    def step(self, node: NodeId) -> Step | None:
        return self._steps.get(node)

    def put(self, step: Step, *tries: Attempt) -> None:
        """A new step, or a new state of one; its place stays where it was first put."""
        self._steps[step.node] = step
        self._new[step.node] = None
        self._tries += tries

    def close_all(self) -> None:
        for node in tuple(self.awaited):
            self.close(node)

    def close(self, node: NodeId) -> None:
        """What was waited for at this step is over: with the next write it is gone."""
        if self.awaited.pop(node, None) is not None:
            self._closed.append(node)

    @property
    def path(self) -> str:
        """The way in short: branches taken, then how many actions and waits were reached: `yes/no/2`. A way of a
        choose stands there by its name behind a colon: `:Big/2`.
        """
        steps = [step for step in self._steps.values() if not is_passed_over(step)]
        branches = [self._called(step.node, step.branch) for step in steps if step.branch is not None]
        actions = sum(step.kind in ("action", "wait") for step in steps)
        return "/".join((*branches, str(actions)))

    def _called(self, node: NodeId, branch: str) -> str:
        name = self.ways.get((node, branch))
        return branch if name is None else f":{name.replace('/', ' ')}"

    def progress(
        self,
        state: Literal["queued", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"],
        *,
        error: str = "",
        fault: StepError | None = None,
        wake_in_s: float | None = None,
        resting: Resting | None = None,
    ) -> Progress:
        """What is new, to be written; after it nothing is new."""
        places = {node: place for place, node in enumerate(self._steps)}
        progress = Progress(
            run_id=self._claim.id,
            attempt=self._claim.attempt,
            state=state,
            path=self.path,
            error=error[:ERROR_CHARS],
            fault=fault,
            wake_in_s=wake_in_s,
            steps=tuple((places[node], self._steps[node]) for node in self._new),
            attempts=tuple(self._tries),
            resting=resting,
            closed=tuple(self._closed),
        )
        self._new, self._tries, self._closed, self.marked = {}, [], [], False
        return progress
