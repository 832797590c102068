"""Why an outside system does not work for us, as its connection keeps it. Pure data."""

from __future__ import annotations

import msgspec

from ruleyard.core.types import JSONObject


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """`message` is plain English, `detail` holds the other side's own words.

    `code` (docs/errors.md) and `args`, what the message names, tell it in other languages.
    """

    code: str
    message: str
    detail: str = ""
    args: JSONObject = {}

    @property
    def words(self) -> str:
        """Both, for whoever reads English."""
        return f"{self.message} {self.detail}".strip()
