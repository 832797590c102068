"""How an action fails.

ActionFailed   it did not happen, or nobody can say whether it did (code `outcome-unknown`)
"""

from __future__ import annotations

from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import JSONObject


class ActionFailed(RuleyardError):
    """`detail` holds the other side's own words, `retry` says whether later may help.

    `args` are what the message names, for other languages.
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
    ) -> None:
        super().__init__(message, code=code)
        self.named: JSONObject = args or {}
        self.detail = detail[:4000]
        self.retry = retry
        self.retry_after_s = retry_after_s
