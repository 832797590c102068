"""The catcher of mails, text messages and webhooks behind `ruleyard catch`: loopback only, one JSON file per message.

A file is `{id, kind: "mail"|"sms"|"hook", at, from, to, subject, text, headers, json}`, named `<utc ms>-<n>.json`,
written in one step. The oldest go when there are too many. `POST /sms` is an SMS provider (`SMS`): it takes a message
and answers with its id. Any other call is answered with the number under which it is kept, as `ticket`; a look whether
we are here (`GET /`) is not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from ruleyard.clock import utc_now, utc_text
from ruleyard.core.types import JSONObject

HOST: Final = "127.0.0.1"
SMS: Final = "/sms"
"""Takes `{"to", "from", "text"}`, answers 201 with `{"id"}`."""
KEPT: Final = 500
_BODY_BYTES: Final = 1_000_000
_REQUEST_S: Final = 10.0


class Box:
    """The folder of caught messages."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._numbers = itertools.count(os.getpid())

    def put(self, kind: str, message: JSONObject) -> str:
        """Keeps it; gives its id."""
        name = f"{time.time_ns() // 1_000_000}-{next(self._numbers)}"
        whole: JSONObject = {"id": name, "kind": kind, "at": utc_text(utc_now()), **message}
        half = self._folder / f".{name}"
        half.write_bytes(msgspec.json.encode(whole))
        half.replace(self._folder / f"{name}.json")
        for old in sorted(self._folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return name


class _MailHandler:
    """aiosmtpd calls this when a message is complete."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101  # policy.default makes it so
        body = message.get_body(("plain", "html"))
        self._box.put(
            "mail",
            {
                "from": str(message.get("From", envelope.mail_from or "")),
                "to": [str(address) for address in envelope.rcpt_tos],
                "subject": str(message.get("Subject", "")),
                "text": str(body.get_content()).replace("\r\n", "\n") if body is not None else "",
                "headers": {name: str(value) for name, value in message.items()},
                "json": None,
            },
        )
        return "250 caught"


class _Text(msgspec.Struct, frozen=True):
    to: str
    text: str
    sender: str = msgspec.field(default="", name="from")


async def _receive_hook(box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request per connection, as little HTTP as a webhook needs."""
    try:
        async with asyncio.timeout(_REQUEST_S):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, path, *_ = first.split(" ")
            pairs = (line.partition(":") for line in lines)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            size = int(headers.get("content-length", "0"))
            if size > _BODY_BYTES:
                await _answer(writer, "413 Too Large", b'{"caught":false}')
                return
            body = await reader.readexactly(size)
            if (method, path) == ("GET", "/"):
                await _answer(writer, "200 OK", b'{"caught":false}')
                return
            if (method, path) == ("POST", SMS):
                await _take_text(box, body, writer)
                return
            number = box.put(
                "hook",
                {
                    "from": "",
                    "to": [path],
                    "subject": f"{method} {path}",
                    "text": body.decode(errors="replace"),
                    "headers": dict(headers),
                    "json": _json_of(body),
                },
            )
            await _answer(writer, "200 OK", msgspec.json.encode({"caught": True, "ticket": number}))
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def _take_text(box: Box, body: bytes, writer: asyncio.StreamWriter) -> None:
    try:
        text = msgspec.json.decode(body, type=_Text)
    except msgspec.MsgspecError as error:
        await _answer(writer, "422 Not A Message", msgspec.json.encode({"message": str(error)}))
        return
    kept = box.put(
        "sms",
        {
            "from": text.sender,
            "to": [text.to],
            "subject": "",
            "text": text.text,
            "headers": {},
            "json": None,
        },
    )
    await _answer(writer, "201 Created", msgspec.json.encode({"id": kept}))


def _json_of(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


async def _answer(writer: asyncio.StreamWriter, status: str, body: bytes) -> None:
    lines = (
        f"HTTP/1.1 {status}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "connection: close",
    )
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


@contextlib.asynccontextmanager
async def catching(folder: Path, *, smtp_port: int, http_port: int) -> AsyncIterator[tuple[int, int]]:
    """Both receivers for the length of the block; gives the ports they took (0 = any)."""
    box = Box(folder)
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(
        lambda: SMTP(_MailHandler(box), hostname="localhost", enable_SMTPUTF8=True, loop=loop),
        HOST,
        smtp_port,
    )
    hooks = await asyncio.start_server(
        lambda reader, writer: _receive_hook(box, reader, writer), HOST, http_port
    )
    try:
        yield mail.sockets[0].getsockname()[1], hooks.sockets[0].getsockname()[1]
    finally:
        mail.close()
        hooks.close()
