"""What the runner lends to actions: databases and mail servers by name, guarded HTTP, notifications."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Outbound
from ruleyard.actions.kind import ActionContext, KeptReport, MailServer, Question, ReportFile
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.records import Database
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.errors import NotFound, Refusal, Unavailable
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, ConnectionId, EventId, JSONObject, NodeId, RuleId, RunId
from ruleyard.runner.calls import RunnerCalls
from ruleyard.runner.mail_servers import read_mail_server
from ruleyard.runner.news import News
from ruleyard.runner.outside import read_http_place, read_sms_gateway
from ruleyard.runner.post import Post
from ruleyard.runner.starting import emit_once, rule_meant, start_once
from ruleyard.runner.turns import RunnerTurns
from ruleyard.settings import Settings
from ruleyard.stores import reports
from ruleyard.stores.approvals import Opening, language_of, open_approval, people_named
from ruleyard.stores.connections import Watched, connection_named
from ruleyard.stores.db import AWAY, transaction
from ruleyard.stores.notifications import notify
from ruleyard.stores.watches import left_out

log = logging.getLogger(__name__)

FRESH_S: Final = 5.0
REPORT_S: Final = 8.0
"""Shorter than an action may take: it is known in time that nothing was sent."""


class RunnerTools:
    """`actions.kind.Tools`, on our own database."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, watched: Watched, news: News, post: Post
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._watched = watched
        self._news = news
        self._post = post
        self._databases: dict[str, tuple[ConnectionId, float]] = {}
        self._opened: dict[ConnectionId, Database] = {}
        self._servers: dict[str | None, tuple[MailServer, float]] = {}
        self._places: dict[str, tuple[HttpPlace, float]] = {}
        self._gateways: dict[str | None, tuple[SmsGateway, float]] = {}
        self._http = Outbound(settings.outbound_allow)
        self._turns = RunnerTurns(engine)
        self._calls = RunnerCalls(engine, news)

    @property
    def http(self) -> Outbound:
        return self._http

    @property
    def turns(self) -> RunnerTurns:
        return self._turns

    @property
    def calls(self) -> RunnerCalls:
        return self._calls

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

    async def left_out(self, name: str) -> Mapping[str, frozenset[str]]:
        try:
            async with self._engine.connect() as conn:
                log = int((await connection_named(conn, name)).id)
                return {
                    table: columns for (at, table), columns in (await left_out(conn)).items() if at == log
                }
        except Refusal as error:
            raise ActionFailed(error.message, code="no-connection", args={"name": name}) from error

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

    async def language(self, run_id: RunId) -> str:
        async with self._engine.connect() as conn:
            return await language_of(conn, run_id)

    async def kept_report(self, key: str) -> KeptReport | None:
        async with self._engine.connect() as conn:
            found = await reports.kept_by(conn, key)
        return None if found is None else _kept(found)

    async def keep_report(
        self,
        *,
        key: str,
        rule_id: RuleId,
        run_id: RunId,
        node: NodeId,
        title: str,
        file: str,
        fmt: str,
        rows: int,
        content: bytes,
    ) -> KeptReport:
        made = reports.NewReport(key, rule_id, run_id, node, title, file, fmt, rows, content)
        async with transaction(self._engine) as conn:
            return _kept(await reports.keep(conn, made, self._settings.keep_reports_days))

    async def report_file(self, report_id: int, run_id: RunId) -> ReportFile:
        """ActionFailed where there is none, and where that is not to be learnt: the mail has not left yet."""
        try:
            async with asyncio.timeout(REPORT_S), self._engine.connect() as conn:
                found = await reports.report(conn, report_id)
                if found.run_id != run_id:
                    raise NotFound("It belongs to another run.", code="no-report")
                content = await reports.content(conn, report_id)
        except NotFound as error:
            raise ActionFailed(
                "The report to attach is not one that this run made, or it was kept long enough.",
                error.message,
                code="no-report",
            ) from error
        except AWAY as error:
            log.warning("a report to attach could not be read: %s", error)
            words = "The report to attach could not be read: nothing was sent."
            raise ActionFailed(words, retry=True, code="report-silent") from error
        return ReportFile(found.file, found.format, content)

    async def tell(self, *, key: str, to: str, title: str, body: str, rule_id: RuleId, run_id: RunId) -> int:
        async with transaction(self._engine) as conn:
            told = await notify(conn, key=key, to=to, title=title, body=body, rule_id=rule_id, run_id=run_id)
        await self._news.notified()
        return told

    async def rule(self, ref: JSON) -> RuleCard:
        return await rule_meant(self._engine, ref)

    async def emit(self, context: ActionContext, kind: str, data: JSONObject) -> tuple[str, ...]:
        return await emit_once(self._engine, context, kind, data)

    async def start(
        self, context: ActionContext, rule: RuleCard, after: JSONObject | None, *, record: str | None
    ) -> EventId:
        return await start_once(self._engine, context, rule, after, record=record)

    async def ask(self, question: Question) -> int:
        async with transaction(self._engine) as conn:
            people = await people_named(conn, question.people, question.run_id)
            if question.connection is None:
                people = tuple(one for one in people if one.account_id is not None)
            if not people:
                named = ", ".join(question.people)
                words = f"There is nobody to ask: no account is {named}."
                raise ActionFailed(words, code="nobody", args={"to": named})
            asked = Opening(
                run_id=question.run_id,
                node=question.node,
                rule_id=question.rule_id,
                question=question.question,
                details=question.details,
                comment=question.comment,
                mailed_by=question.connection,
                at_most_s=question.at_most_s,
                remind=question.remind,
                people=people,
            )
            opened, new = await open_approval(conn, asked)
            for one in people if new else ():
                if one.account_id is not None:
                    await self._ring(conn, opened, one.email, question)
        if new:
            self._post.soon()
            await self._news.notified()
            await self._news.approved(opened)
        return opened

    async def _ring(self, conn: AsyncConnection, opened: int, email: str, question: Question) -> None:
        """The bell of somebody who is asked."""
        await notify(
            conn,
            key=f"approval:{opened}:{email.lower()}",
            to=email,
            title=question.question,
            body="",
            rule_id=question.rule_id,
            run_id=question.run_id,
            told=StepError(
                "approval-asked",
                f"You are asked: {question.question}",
                args={"question": question.question, "approval": opened},
            ),
        )

    async def close(self) -> None:
        await self._http.close()


def _kept(found: reports.Report) -> KeptReport:
    return KeptReport(found.id, found.title, found.file, found.format, found.rows, found.size_bytes)
