"""Tells open screens which runs moved: gathered, a few times a second at most, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from ruleyard.core.types import JSON, JSONObject, RuleId, RunId

EVERY_S: Final = 0.2
IDS: Final = 100

Publish = Callable[[str, JSONObject], Awaitable[None]]
"""Kind (`run`, `notification`, `call`) and the ids that changed. Must not raise."""


class News:
    def __init__(self, publish: Publish, *, every_s: float = EVERY_S) -> None:
        self._publish = publish
        self._every_s = every_s
        self._runs: dict[RunId, None] = {}
        self._rules: dict[RuleId, None] = {}
        self._telling: asyncio.Task[None] | None = None

    def moved(self, run_id: RunId, rule_id: RuleId) -> None:
        self._runs[run_id] = None
        self._rules[rule_id] = None
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def notified(self) -> None:
        await self._publish("notification", {})

    async def approved(self, approval_id: int) -> None:
        """A question was asked, or something became of it."""
        await self._publish("approval", {"id": approval_id})

    async def called(self, name: str) -> None:
        await self._publish("call", {"list": name})

    async def close(self) -> None:
        if self._telling is not None:
            await self._telling

    async def _tell(self) -> None:
        try:
            while self._runs:
                runs, self._runs = self._runs, {}
                rules, self._rules = self._rules, {}
                ids: list[JSON] = list(runs)
                rule_ids: list[JSON] = list(rules)
                await self._publish(
                    "run", {"ids": ids[-IDS:], "rule_ids": rule_ids[-IDS:], "count": len(ids)}
                )
                await asyncio.sleep(self._every_s)
        finally:
            self._telling = None
