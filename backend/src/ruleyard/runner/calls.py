"""Calls of rules into the lists in our own database, and whoever looks at a list is told."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.calls import NewCall, Queued
from ruleyard.core.errors import Unavailable
from ruleyard.runner.news import News
from ruleyard.stores.db import AWAY, transaction
from ruleyard.stores.do_not_call import is_listed
from ruleyard.stores.queued_calls import queue, queued

log = logging.getLogger(__name__)

ASKED_S: Final = 8.0
"""Shorter than an action may take: whoever asks is told in time that there is no answer."""


class RunnerCalls:
    """`actions.calls.Calls`, on our own database."""

    def __init__(self, engine: AsyncEngine, news: News) -> None:
        self._engine = engine
        self._news = news

    async def queue(self, key: str, call: NewCall) -> Queued | None:
        async with transaction(self._engine) as conn:
            made = await queue(conn, key, call)
        if made is None:
            return None
        await self._news.called(call.list)
        return Queued(made.call_id, made.position, made.merged)

    async def queued(self, key: str) -> Queued | None:
        async with transaction(self._engine) as conn:
            known = await queued(conn, key)
        return None if known is None else Queued(known.call_id, known.position, known.merged)

    async def is_listed(self, phone: str) -> bool:
        try:
            async with asyncio.timeout(ASKED_S), transaction(self._engine) as conn:
                return await is_listed(conn, phone)
        except AWAY as error:
            log.warning("the do-not-call list could not be asked: %s", error)
            raise Unavailable("The do-not-call list could not be asked.") from error
