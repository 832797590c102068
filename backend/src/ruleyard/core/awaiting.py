"""What a run rests for, and what ends its rest. Pure.

A run that comes to a step which needs something from outside says so by `Awaits`; the step finishes by the first
`Answer`. The time-out is an answer, too: `LATE_ANSWER`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, LATE, Branch, JSONObject


class Awaits(msgspec.Struct, frozen=True):
    """`kind` says what for, `topic` is how whoever answers finds it, `what` holds whatever else the kind needs.

    `home`: connection and table of the records whose changes are waited for, so that they are read.
    `seconds`: after them the answer is `LATE_ANSWER`, counted from when the run first comes here; None: never.
    """

    kind: str
    topic: str = ""
    what: JSONObject = {}
    seconds: float | None = None
    home: tuple[str, str] | None = None


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the step finishes: by which way it is left, and what later steps read of it.

    With an `error` it fails for good, as an action does: by its failed path where it has one.
    """

    branch: Branch | None = None
    output: JSON = None
    error: StepError | None = None


LATE_ANSWER: Final = Answer(LATE)
