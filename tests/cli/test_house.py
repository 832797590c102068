"""The processes in one: they start on an empty house and end when asked."""

from __future__ import annotations

from ruleyard.settings import Settings
from support.house import running


async def test_listen_and_work_start_and_end(settings: Settings) -> None:
    async with running(settings):
        pass
