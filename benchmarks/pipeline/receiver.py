"""An HTTP receiver that costs little: it notes when each body came, and answers 200."""

from __future__ import annotations

import asyncio
import re
import time

_LENGTH = re.compile(rb"content-length: (\d+)", re.I)
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}"


class Receiver:
    """`came`: the moment (time.time) of each body, in order."""

    def __init__(self) -> None:
        self.came: list[tuple[float, bytes]] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/hook"

    async def open(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Wire(self), "127.0.0.1", 0, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()


class _Wire(asyncio.Protocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._bytes = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        while (end := self._bytes.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._bytes, 0, end)
            size = int(found[1]) if found else 0
            if len(self._bytes) < end + 4 + size:
                return
            body = self._bytes[end + 4 : end + 4 + size]
            self._bytes = self._bytes[end + 4 + size :]
            self._receiver.came.append((time.time(), body))
            if self._transport is not None:
                self._transport.write(_ANSWER)
