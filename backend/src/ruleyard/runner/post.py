"""Posts the mails that ask for approval, and the reminders, beside the runs that rest: every process, a few at a time.

A letter is written down as begun before it leaves, so that none goes twice, whatever is killed; one of which nobody
knows is not sent again: the question stands in Ruleyard too, and a reminder comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions import mail
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import MailServer
from ruleyard.core.errors import RuleyardError
from ruleyard.runner.attempt import UNKNOWN
from ruleyard.runner.letters import Said, body_of, html_of, subject_of
from ruleyard.runner.mail_servers import read_mail_server
from ruleyard.runner.news import News
from ruleyard.settings import Settings
from ruleyard.stores import approval_mails
from ruleyard.stores.approval_mails import Ended, Letter
from ruleyard.stores.db import AWAY, transaction

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
"""How often it is looked for reminders that have become due, and letters to try again."""
LEAVING_S: Final = 12.0
"""A letter that is under way when the process is asked to stop has so long."""


class Post:
    """`start` with the runner, `stop` with it; `soon` when there is something to send."""

    def __init__(self, engine: AsyncEngine, settings: Settings, news: News) -> None:
        self._engine = engine
        self._settings = settings
        self._news = news
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._sending: dict[str, asyncio.Task[None]] = {}
        """By the name of their connection: those that do not answer hold up no other."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_round(), name="post")

    def soon(self) -> None:
        self._wake.set()

    async def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, LEAVING_S)

    async def _go_round(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                await self._begin_due()
            except AWAY as error:
                log.warning("letters wait, our database does not answer: %s", error)
            except Exception:
                log.exception("letters could not be sent")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), EVERY_S)
        await asyncio.gather(*self._sending.values())

    async def _begin_due(self) -> None:
        """Sends what is due, through each connection one after the other, beside what is being sent through others."""
        async with self._engine.connect() as conn:
            due = await approval_mails.due_letters(conn)
        by: dict[str, list[Letter]] = {}
        for letter in due:
            by.setdefault(letter.mailed_by, []).append(letter)
        for name, letters in by.items():
            if name not in self._sending:
                self._sending[name] = asyncio.create_task(
                    self._send_through(name, letters), name=f"post {name}"
                )

    async def _send_through(self, name: str, letters: Sequence[Letter]) -> None:
        begun = 0
        try:
            begun = await self._send_some(letters)
        except AWAY as error:
            log.warning("letters wait, our database does not answer: %s", error)
        except Exception:
            log.exception("letters could not be sent")
        finally:
            del self._sending[name]
            # More may have become due meanwhile. What failed before any was begun is looked for a little later.
            if begun:
                self._wake.set()

    async def _send_some(self, letters: Sequence[Letter]) -> int:
        """Of one connection: no more of them at once where its server does not answer."""
        begun = 0
        for letter in letters:
            if self._stopping:
                break
            # Before it counts as begun: of a letter that waits for our database nobody could say whether it left.
            server = await self._server_of(letter)
            async with transaction(self._engine) as conn:
                ours = await approval_mails.begin(conn, letter)
            if ours is None:
                continue
            begun += 1
            state, error = await self._send(server, ours)
            async with transaction(self._engine) as conn:
                await approval_mails.end(conn, ours, state, error)
            await self._news.approved(ours.approval_id)
            if state == "again":
                break
        return begun

    async def _server_of(self, letter: Letter) -> MailServer | RuleyardError:
        """Or why there is none."""
        try:
            return await read_mail_server(self._engine, self._settings, letter.mailed_by)
        except RuleyardError as error:
            return error

    async def _send(self, server: MailServer | RuleyardError, letter: Letter) -> tuple[Ended, str]:
        try:
            if isinstance(server, RuleyardError):
                raise server
            await self._hand_over(server, letter)
        except ActionFailed as error:
            state: Ended = "unknown" if error.code == UNKNOWN else "again" if error.retry else "refused"
            words = f"{error.message} {error.detail}".strip()
            log.warning("letter %s of question %s: %s", letter.number, letter.approval_id, words)
            return state, words
        except RuleyardError as error:
            return "again", error.message
        return "sent", ""

    async def _hand_over(self, server: MailServer, letter: Letter) -> None:
        sender = mail.sender_of(server)
        said: Said = {
            "question": letter.question,
            "details": letter.details,
            "link": f"{self._settings.base_url}/approve/{letter.token}",
            "until": letter.until,
        }
        message = mail.build(
            sender=sender,
            to=mail.addresses("to", letter.email),
            cc=(),
            subject=subject_of(letter.language, letter.number, letter.question),
            body=body_of(letter.language, **said),
            html=html_of(letter.language, **said),
            message_id=f"<approval.{letter.approver_id}.{letter.number}@{sender.domain}>",
        )
        await mail.send(server, message, sender.addr_spec, [letter.email])
