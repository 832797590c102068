"""SIGTERM and Ctrl-C as an event that a process waits for."""

from __future__ import annotations

import asyncio
import signal


def stop_event() -> asyncio.Event:
    """Set at the first SIGTERM or SIGINT. Needs the main thread's running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for what in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(what, stop.set)
    return stop
