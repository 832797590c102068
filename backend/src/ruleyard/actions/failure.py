"""How an action fails.

ActionFailed   it did not happen, or nobody can say whether it did (code `outcome-unknown`)
"""

from __future__ import annotations

from typing import Literal

from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import JSONObject

Away = Literal["", "silent", "refused"]


def words_of(error: BaseException) -> str:
    """What an error says; of one that says nothing, that no answer came in time, else what it is called."""
    silent = "No answer came in time." if isinstance(error, TimeoutError) else type(error).__name__
    return str(error) or silent


class ActionFailed(RuleyardError):
    """`detail` holds the other side's own words, `retry` says whether later may help.

    `args` are what the message names, for other languages. `away` says what it tells about the other side: it was
    silent, or it answered that it cannot (5xx and the like); "" where it is well.
    """

    code = "action-failed"

    def __init__(
        self,
        message: str,
        detail: str = "",
        *,
        retry: bool = False,
        retry_after_s: float | None = None,
        code: str | None = None,
        args: JSONObject | None = None,
        away: Away = "",
    ) -> None:
        super().__init__(message, code=code)
        self.named: JSONObject = args or {}
        self.detail = detail[:4000]
        self.retry = retry
        self.away: Away = away
        self.retry_after_s = retry_after_s
