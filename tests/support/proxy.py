"""A TCP proxy with the network's ways of failing: it cuts, refuses, falls silent, holds back or slows down."""

from __future__ import annotations

import asyncio
from typing import Self


class Proxy:
    """`async with Proxy(host, port) as proxy`: connect to 127.0.0.1:proxy.port instead."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        """Where it leads; may change while it runs, for new connections."""
        self.delay_s = 0.0
        """How much later everything arrives."""
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._frozen: set[asyncio.StreamWriter] = set()
        self._refusing = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.accepted = 0
        self.refused = 0

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=512)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for pump in tuple(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection and refuse new ones until `mend`."""
        self._refusing = True
        for writer in tuple(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        self._refusing = False

    def freeze(self) -> set[asyncio.StreamWriter]:
        """Connections stay open and carry nothing any more (half-open); new ones work. Those that froze now."""
        frozen = self._writers - self._frozen
        self._frozen |= frozen
        return frozen

    def bury(self, frozen: set[asyncio.StreamWriter]) -> None:
        """Both ends learn at last that frozen connections are gone, as keepalive would tell them."""
        for writer in frozen:
            writer.transport.abort()
            self._writers.discard(writer)
            self._frozen.discard(writer)

    def hold(self) -> None:
        """Nothing passes until `release`; then everything does, and nothing is missing."""
        self._flowing.clear()

    def release(self) -> None:
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            self.refused += 1
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        self.accepted += 1
        self._writers |= {writer, there_writer}
        for source, sink, back in ((reader, there_writer, writer), (there_reader, writer, there_writer)):
            pump = asyncio.create_task(self._pump(source, sink, back))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        """From `source` to `sink` until either ends; `back` writes to where `source` reads."""
        try:
            while data := await source.read(65536):
                if sink in self._frozen:
                    continue
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._flowing.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        except RuntimeError:
            # So uvloop names an operation on a transport that was aborted meanwhile.
            if not (sink.is_closing() or back.is_closing()):
                raise
        if sink not in self._frozen:
            sink.transport.abort()
            self._writers.discard(sink)
