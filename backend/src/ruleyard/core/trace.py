"""Steps and traces: what a run did, node by node, with the values it saw.

The same shape serves a stored run, a test of a draft and an explanation, so the screens paint all three alike.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ruleyard.core.types import FAILED, JSON, Branch, JSONObject, NodeId, StepState


class Seen(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One sub-expression of a condition: where it is, what it came to, whether it was needed.

    `path` is a JSON Pointer inside the condition's logic ("" = the whole), at a choose inside the node
    (`/ways/0/logic/…`; ways behind the one that is taken are not there). `values` are its arguments' values.
    `truth` is None where it was not reached (short-circuit), "error" where it could not be decided.
    """

    path: str
    operator: str
    truth: bool | Literal["error"] | None = None
    value: JSON = None
    values: tuple[JSON, ...] = ()


class StepError(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a step failed, or was passed over. `message` is plain English, `detail` holds the other side's own words.

    `code` and `args` tell it in other languages: `args` are what the message names.
    """

    code: str
    message: str
    detail: str = ""
    path: str = ""
    args: JSONObject = {}


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One node's outcome inside a run. Instants are UTC ISO text; None where not (yet) so.

    `input` is the action's resolved fields, `output` its result; `seen` is for conditions. `branch`: the way that was
    taken; `failed` says of a failed action that the run went on by its failed path.
    """

    node: NodeId
    kind: str
    state: StepState
    branch: Branch | None = None
    seen: tuple[Seen, ...] = ()
    input: JSON = None
    output: JSON = None
    error: StepError | None = None
    attempts: int = 0
    started_at: str | None = None
    finished_at: str | None = None
    until: str | None = None


SWITCHED_OFF: Final = "switched-off"


def passed_over(node: NodeId, kind: str, branch: Branch | None) -> Step:
    """The step of a node that is switched off; a condition goes on by its yes side, a choose otherwise."""
    why = StepError("switched-off", "This step is switched off, so it was passed over.")
    return Step(node, kind, "skipped", branch, error=why)


def is_handled(step: Step) -> bool:
    """Did the action fail for good, and the run go on by its failed path?"""
    return step.state == "failed" and step.branch == FAILED


def is_finished(step: Step) -> bool:
    """Is the run through with it?"""
    return step.state in ("succeeded", "skipped") or is_handled(step)


def is_passed_over(step: Step) -> bool:
    return step.state == "skipped" and step.error is not None and step.error.code == SWITCHED_OFF


class Trace(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run's steps in order. `outcome` says how it ended (or would end: tests and explanations)."""

    outcome: Literal["running", "succeeded", "failed", "waiting", "cancelled", "unmatched", "skipped"]
    steps: tuple[Step, ...]
    reason: str = ""
