"""The live stream: one Redis subscription per process, fanned out to every open browser as server-sent events.

An event says only *what changed* (ids); the data is read through the API. A slow browser loses events, never blocks
the others; it is told to look again by `event: reset`, as every browser is after a time in which Redis was not heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import msgspec

from ruleyard.bells import RESET, Bells
from ruleyard.core.types import JSONObject
from ruleyard.logs import get_logger

log = get_logger(__name__)
HEARTBEAT_S: Final = 15.0
QUEUE: Final = 256
KINDS: Final = frozenset(
    {"run", "rule", "notification", "watch", "draft", "backtest", "catch_up", "approval", "call"}
)


class Live:
    """`start` with the app, `stop` with it; `listen` once per browser."""

    def __init__(self, bells: Bells, *, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._bells = bells
        self._heartbeat_s = heartbeat_s
        self._queues: set[asyncio.Queue[bytes | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._fan_out(), name="live")

    def end(self) -> None:
        """Ends every stream and begins no more, so that a server that drains need not wait for browsers."""
        self._stopped = True
        for queue in tuple(self._queues):
            self._end(queue)

    async def stop(self) -> None:
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @property
    def listeners(self) -> int:
        return len(self._queues)

    async def _fan_out(self) -> None:
        while True:
            try:
                async for message in self._bells.subscribe_live():
                    self.tell(message)
            except Exception as error:  # noqa: BLE001 - the door of a loop: log, count on the next try, go on
                log.warning("live stream lost its subscription", error=str(error))
            await asyncio.sleep(1)

    def tell(self, message: JSONObject) -> None:
        """Hands one message `{"kind", "data"}` to every listener."""
        kind = message.get("kind")
        if kind not in KINDS and kind != RESET["kind"]:
            return
        chunk = b"event: %s\ndata: %s\n\n" % (str(kind).encode(), msgspec.json.encode(message.get("data")))
        for queue in tuple(self._queues):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(b"event: reset\ndata: {}\n\n")
            queue.put_nowait(chunk)

    async def listen(self) -> AsyncIterator[bytes]:
        """Chunks of one browser's stream; a comment as heartbeat while nothing happens."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)
        if self._stopped:
            return
        self._queues.add(queue)
        try:
            yield b"retry: 3000\n: hello\n\n"
            while True:
                try:
                    chunk = await asyncio.wait_for(queue.get(), self._heartbeat_s)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if chunk is None:
                    return
                yield chunk
        finally:
            self._queues.discard(queue)

    def _end(self, queue: asyncio.Queue[bytes | None]) -> None:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
