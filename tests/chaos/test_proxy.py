"""The proxy itself, on the loop that the big chaos uses."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import Any

import uvloop

from support.proxy import Proxy

CHUNK = b"x" * 200_000


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


async def _flood(port: int, flows: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(OSError, RuntimeError):
        while True:
            writer.write(CHUNK)
            await writer.drain()
            await reader.readexactly(1000)
            flows.set()
    writer.transport.abort()


async def _cut_ten_times() -> list[dict[str, Any]]:
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: errors.append(context))
    async with (
        await asyncio.start_server(_echo, "127.0.0.1", 0) as server,
        Proxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy,
    ):
        proxy.delay_s = 0.01
        for _ in range(10):
            flows = asyncio.Event()
            flood = asyncio.create_task(_flood(proxy.port, flows))
            await asyncio.wait_for(flows.wait(), 30)
            proxy.cut()
            await asyncio.wait({flood}, timeout=30)
            proxy.mend()
    gc.collect()
    return errors


def test_cutting_full_connections_leaves_no_error_behind() -> None:
    assert uvloop.run(_cut_ten_times()) == []
