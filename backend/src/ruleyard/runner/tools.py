"""What the runner lends to actions: databases and mail servers by name, guarded HTTP, notifications."""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Outbound
from ruleyard.actions.kind import MailServer
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.records import Database
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.errors import Refusal, Unavailable
from ruleyard.core.types import ConnectionId, RuleId, RunId
from ruleyard.runner.mail_servers import read_mail_server
from ruleyard.runner.news import News
from ruleyard.runner.outside import read_http_place, read_sms_gateway
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.notifications import notify

FRESH_S: Final = 5.0


class RunnerTools:
    """`actions.kind.Tools`, on our own database."""

    def __init__(self, engine: AsyncEngine, settings: Settings, watched: Watched, news: News) -> None:
        self._engine = engine
        self._settings = settings
        self._watched = watched
        self._news = news
        self._databases: dict[str, tuple[ConnectionId, float]] = {}
        self._opened: dict[ConnectionId, Database] = {}
        self._servers: dict[str | None, tuple[MailServer, float]] = {}
        self._places: dict[str, tuple[HttpPlace, float]] = {}
        self._gateways: dict[str | None, tuple[SmsGateway, float]] = {}
        self._http = Outbound(settings.outbound_allow)

    @property
    def http(self) -> Outbound:
        return self._http

    async def database(self, name: str) -> Database:
        known = self._databases.get(name)
        try:
            if known is None or time.monotonic() - known[1] > FRESH_S:
                async with self._engine.connect() as conn:
                    found = await connection_named(conn, name)
                known = self._databases[name] = (found.id, time.monotonic())
            pool = await self._watched.pool(known[0])
        except Refusal as error:
            raise ActionFailed(error.message, code="no-connection", args={"name": name}) from error
        except Unavailable as error:
            raise ActionFailed(error.message, retry=True, code=error.code) from error
        database = self._opened.get(known[0])
        if database is None or database.pool is not pool:
            database = self._opened[known[0]] = Database(pool)
        return database

    async def mail_server(self, name: str | None) -> MailServer:
        known = self._servers.get(name)
        if known is not None and time.monotonic() - known[1] < FRESH_S:
            return known[0]
        server = await read_mail_server(self._engine, self._settings, name)
        self._servers[name] = (server, time.monotonic())
        return server

    async def http_place(self, name: str) -> HttpPlace:
        known = self._places.get(name)
        if known is None or time.monotonic() - known[1] > FRESH_S:
            place = await read_http_place(self._engine, self._settings, name)
            known = self._places[name] = (place, time.monotonic())
        return known[0]

    async def sms_gateway(self, name: str | None) -> SmsGateway:
        known = self._gateways.get(name)
        if known is None or time.monotonic() - known[1] > FRESH_S:
            gateway = await read_sms_gateway(self._engine, self._settings, name)
            known = self._gateways[name] = (gateway, time.monotonic())
        return known[0]

    async def tell(self, *, key: str, to: str, title: str, body: str, rule_id: RuleId, run_id: RunId) -> int:
        async with transaction(self._engine) as conn:
            told = await notify(conn, key=key, to=to, title=title, body=body, rule_id=rule_id, run_id=run_id)
        await self._news.notified()
        return told

    async def close(self) -> None:
        await self._http.close()
