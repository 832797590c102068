"""The dashboard's figures, notifications, the live stream, and the demo's inbox."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Literal

import msgspec
from litestar import Controller, get, post
from litestar.params import FromQuery, JSONBody
from litestar.response import Stream

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.shapes.runs import (
    DemoMessage,
    DemoMessagePage,
    NotificationInfo,
    NotificationPage,
    ReadNotifications,
    Stats,
    Unread,
)
from ruleyard.core.errors import NotFound
from ruleyard.core.types import AccountId
from ruleyard.stores import notifications
from ruleyard.stores.db import transaction
from ruleyard.stores.pages import decode, page
from ruleyard.stores.stats import Period, figures

NOBODY: Final = AccountId(0)
"""An API key sees what everyone, or its role, was told."""


class InsightController(Controller):
    tags = ("insight",)

    @get("/stats", opt={"role": "viewer"}, summary="The figures of a period")
    async def read_stats(self, house: OurHouse, period: FromQuery[Period] = "7d") -> Stats:
        async with transaction(house.engine) as conn:
            return shaped(await figures(conn, period), Stats)

    @get("/notifications", opt={"role": "viewer"}, summary="What one was told, newest first")
    async def list_notifications(
        self, house: OurHouse, caller: TheCaller, cursor: Cursor = None, limit: Limit = 25
    ) -> NotificationPage:
        before = decode(cursor, tuple[int])
        who = caller.account_id or NOBODY
        async with transaction(house.engine) as conn:
            rows = await notifications.list_notifications(
                conn, who, caller.role, limit=limit + 1, before=before[0] if before else None
            )
            unread = await notifications.unread_count(conn, who, caller.role)
        found = page(rows, limit, lambda one: (one.id,))
        return NotificationPage(
            tuple(shaped(one, NotificationInfo) for one in found.items), found.next, unread
        )

    @post(
        "/notifications/read", opt={"role": "viewer"}, status_code=200, summary="Mark as read: some, or all"
    )
    async def read_notifications(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[ReadNotifications]
    ) -> Unread:
        who = caller.account_id
        async with transaction(house.engine) as conn:
            if who is not None and (data.all or data.ids):
                await notifications.mark_read(
                    conn, who, caller.role, ids=None if data.all else list(data.ids)
                )
            return Unread(await notifications.unread_count(conn, who or NOBODY, caller.role))

    @get(
        "/stream",
        opt={"role": "viewer"},
        summary="What changes, as server-sent events",
        media_type="text/event-stream",
    )
    async def read_stream(self, house: OurHouse) -> Stream:
        """Events run, rule, notification, watch, draft carry ids; `reset` means: look at everything again."""
        return Stream(
            house.live.listen(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @get("/demo/messages", opt={"role": "viewer"}, summary="What the demo's catcher caught, newest first")
    async def list_demo_messages(
        self,
        house: OurHouse,
        kind: FromQuery[Literal["mail", "sms", "hook"] | None] = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> DemoMessagePage:
        folder = house.settings.catcher_dir
        if folder is None:
            raise NotFound("There is no demo inbox here. `ruleyard up` has one.", code="no-demo")
        before = decode(cursor, tuple[str])
        rows = await asyncio.to_thread(_caught, folder, kind, before[0] if before else None, limit + 1)
        found = page(rows, limit, lambda row: (row[0],))
        return DemoMessagePage(tuple(row[1] for row in found.items), found.next)


def _caught(folder: Path, kind: str | None, before: str | None, limit: int) -> list[tuple[str, DemoMessage]]:
    """(file name, message), newest first. A file that is gone or half written meanwhile is left out."""
    found: list[tuple[str, DemoMessage]] = []
    for path in sorted(folder.glob("*.json"), key=_age, reverse=True):
        if before is not None and _age(path) >= _age(Path(before)):
            continue
        try:
            message = msgspec.json.decode(path.read_bytes(), type=DemoMessage)
        except (OSError, msgspec.MsgspecError):
            continue
        if kind is None or message.kind == kind:
            found.append((path.name, message))
            if len(found) >= limit:
                break
    return found


def _age(path: Path) -> tuple[int, int]:
    """`<utc ms>-<n>.json` as numbers."""
    at, _, place = path.stem.partition("-")
    return (int(at) if at.isdigit() else 0, int(place) if place.isdigit() else 0)
