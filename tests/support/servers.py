"""The outside world at its socket: an HTTP and an SMTP receiver that fail as scripted."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Generic, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from support.waiting import PATIENCE_S

HOST = "127.0.0.1"
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What an HTTP receiver says to a request. `wait` is a moment of the test's choice; `close` hangs up."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    wait: asyncio.Event | None = None
    close: bool = False


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)
    """When it had come in, on the monotonic clock."""

    def json(self) -> Any:
        return json.loads(self.body)


class _Counted(Generic[T]):
    """What came in, and who waits for how many."""

    def __init__(self) -> None:
        self.received: list[T] = []
        self._news = asyncio.Condition()

    async def _took(self, item: T) -> None:
        async with self._news:
            self.received.append(item)
            self._news.notify_all()

    async def wait_for(self, count: int, *, timeout_s: float = PATIENCE_S) -> list[T]:
        """The first `count` that came in. AssertionError when they do not come in time."""
        try:
            async with asyncio.timeout(timeout_s), self._news:
                await self._news.wait_for(lambda: len(self.received) >= count)
        except TimeoutError:
            raise AssertionError(f"waited {timeout_s:g} s for {count}, got {len(self.received)}") from None
        return self.received[:count]


class HttpReceiver(_Counted[Request]):
    """Answers as `script` says, then 200 for ever. Header names are in lower case."""

    def __init__(self, *script: Answer) -> None:
        super().__init__()
        self.script = deque(script)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """As RULEYARD_OUTBOUND_ALLOW wants it."""
        return f"{HOST}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await _read_request(reader)) is not None:
                answer = self.script.popleft() if self.script else Answer()
                await self._took(request)
                if answer.wait is not None:
                    await answer.wait.wait()
                if answer.close:
                    return
                lines = [f"HTTP/1.1 {answer.status} Scripted", f"content-length: {len(answer.body)}"]
                lines += [f"{name}: {value}" for name, value in answer.headers.items()]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer.body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while (size := int(await reader.readline(), 16)) > 0:
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


@contextlib.asynccontextmanager
async def http_receiver(*script: Answer) -> AsyncIterator[HttpReceiver]:
    """A receiver on a free loopback port for the length of the block."""
    receiver = HttpReceiver(*script)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, HOST, 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True)
class Mail:
    sender: str
    to: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body is not None else ""


class SmtpReceiver(_Counted[Mail]):
    """Answers DATA as `script` says (`"451 later"`, `"550 no"`, `"close"`, `"stall"`), then takes everything.

    `recipients`: what it says to each RCPT of an address, one after the other, before it takes it.
    """

    def __init__(self, *script: str, recipients: dict[str, list[str]] | None = None) -> None:
        super().__init__()
        self.script = deque(script)
        self.recipients = recipients or {}
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.recipients.get(address)
        if said:
            return said.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = self.script.popleft() if self.script else "250 OK"
        if said == "close":
            server.transport.close()
            return "421 gone"
        if said == "stall":
            await asyncio.Event().wait()
        if said.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            await self._took(Mail(envelope.mail_from or "", list(envelope.rcpt_tos), message))
        return said


@contextlib.asynccontextmanager
async def smtp_receiver(
    *script: str, recipients: dict[str, list[str]] | None = None, most_bytes: int | None = None
) -> AsyncIterator[SmtpReceiver]:
    """An SMTP server on a free loopback port for the length of the block. `most_bytes`: the SIZE that it announces."""
    receiver = SmtpReceiver(*script, recipients=recipients)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            receiver, hostname="localhost", enable_SMTPUTF8=True, loop=loop, data_size_limit=most_bytes
        ),
        HOST,
        0,
    )
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
