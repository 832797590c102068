"""What a request may use: our database, the bells, the watched databases. One per process, opened by the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.guard import Outbound
from ruleyard.api.analysing import Neighbours
from ruleyard.api.fetching import FETCH_BYTES
from ruleyard.api.models import Models
from ruleyard.api.news import News
from ruleyard.api.passwords import Passwords
from ruleyard.api.stream import Live
from ruleyard.bells import Bells, connect_bells
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import create_engine
from ruleyard.stores.events import LogPools


@dataclass(frozen=True)
class House:
    settings: Settings
    engine: AsyncEngine
    bells: Bells
    watched: Watched
    logs: LogPools
    live: Live
    models: Models
    passwords: Passwords
    neighbours: Neighbours
    outbound: Outbound
    news: News


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Opens everything lazily: starting needs neither database nor Redis to answer."""
    engine = create_engine(settings)
    bells = connect_bells(settings)
    watched = Watched(engine, settings)
    logs = LogPools(settings, watched)
    live = Live(bells)
    live.start()
    outbound = Outbound(settings.outbound_allow, answer_bytes=FETCH_BYTES)
    models, passwords = Models(watched), Passwords()
    try:
        yield House(
            settings, engine, bells, watched, logs, live, models, passwords, Neighbours(), outbound, News()
        )
    finally:
        await outbound.close()
        await live.stop()
        await logs.close()
        await watched.close()
        await bells.close()
        await engine.dispose()
