"""Keep a handful of child processes running: one that ends comes back, ever later if it keeps ending."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ruleyard.embedded.process import spawn

_LOOK_EVERY_S: Final = 0.1
_FIRST_PAUSE_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 5.0
_HEALTHY_S: Final = 10.0
"""A child that ran this long starts again at once, as if it had never ended."""
_LOG_BYTES: Final = 5_000_000


@dataclass
class Child:
    """One duty: its command, its log, and how often it ended lately."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    pause_s: float = _FIRST_PAUSE_S
    started_at: float = 0.0
    start_after: float = field(default=0.0)


class Children:
    """Started and looked after from the main thread's loop; never outlive it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._children: list[Child] = []
        self._say = say
        self._leaving = False

    def add(self, child: Child) -> None:
        self._children.append(child)
        self._start(child)

    def pids(self) -> dict[str, int]:
        return {
            c.name: c.process.pid
            for c in self._children
            if c.process is not None and c.process.poll() is None
        }

    async def look_after(self) -> None:
        """For ever: start again what ended."""
        while not self._leaving:
            for child in self._children:
                self._look_at(child)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def stop(self, *, within_s: float) -> None:
        """Ask all to end (they finish what they are at), then end them."""
        self._leaving = True
        running = [c.process for c in self._children if c.process is not None and c.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if all(process.poll() is not None for process in running):
                break
            await asyncio.sleep(0.02)
        self.kill()

    def kill(self) -> None:
        """At once. For the second Ctrl-C, and for the last word."""
        self._leaving = True
        for child in self._children:
            if child.process is not None and child.process.poll() is None:
                child.process.kill()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(5)

    def _look_at(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_after:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            return
        if now - child.started_at > _HEALTHY_S:
            child.pause_s = _FIRST_PAUSE_S
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        self._say(f"{child.name} ended ({how}); starting it again. Its log: {child.log}")
        child.process = None
        child.start_after = now + child.pause_s
        child.pause_s = min(child.pause_s * 2, _LONGEST_PAUSE_S)

    def _start(self, child: Child) -> None:
        if child.log.exists() and child.log.stat().st_size > _LOG_BYTES:
            child.log.replace(child.log.with_suffix(".log.1"))
        with child.log.open("ab") as log:
            child.process = spawn(child.argv, output=log, env=child.env)
        child.started_at = time.monotonic()
