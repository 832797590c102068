"""The words every room shares: ids, JSON, and the small closed vocabularies.

Pure. Knows nothing of databases, HTTP or time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NewType, TypeAlias

if TYPE_CHECKING:
    JSON: TypeAlias = "None | bool | int | float | str | list[JSON] | dict[str, JSON]"
else:
    JSON = Any  # msgspec does not decode a recursive alias; the checker still sees the real one
"""What `json.loads` gives. The only loosely typed value in the house."""

if TYPE_CHECKING:
    JSONObject: TypeAlias = "dict[str, JSON]"
else:
    JSONObject = dict[str, Any]

RuleId = NewType("RuleId", int)
VersionId = NewType("VersionId", int)
RunId = NewType("RunId", int)
EventId = NewType("EventId", int)
ConnectionId = NewType("ConnectionId", int)
AccountId = NewType("AccountId", int)
NodeId = NewType("NodeId", str)

LogId = NewType("LogId", int)
"""Which event log: the id of the watched connection, or OWN_LOG for our own database."""

OWN_LOG: Final = LogId(0)
"""Ticks and manual events are written to the same log schema in our own database."""

LANES: Final = 16
"""Lanes per event log. A record always falls in the same lane."""

Operation = Literal["insert", "update", "delete", "truncate", "tick", "manual", "webhook"]
RunState = Literal["queued", "running", "waiting", "succeeded", "failed", "cancelled", "skipped"]
StepState = Literal["running", "waiting", "succeeded", "failed", "skipped"]
Branch: TypeAlias = str
"""A way out of a node that has several: `yes` and `no` of a condition, the key of a way or `otherwise` of a choose,
`failed` of an action, `each` of a for_each, `refused` of a question for approval, `late` of one, or of a wait,
that was not answered in time."""

FAILED: Final[Branch] = "failed"
OTHERWISE: Final[Branch] = "otherwise"
REFUSED: Final[Branch] = "refused"
EACH: Final[Branch] = "each"
LATE: Final[Branch] = "late"
Role = Literal["viewer", "editor", "publisher", "admin"]
