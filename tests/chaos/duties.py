"""The processes of the product, looked after as a process manager would: what ends is started again.

Started from the main thread (they are tied to it), ended by pid whatever happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruleyard.embedded.process import spawn

RESTART_S: Final = 0.3
TERM_S: Final = 30.0


@dataclass
class Duty:
    name: str
    words: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    starts: int = 0
    paused: bool = False

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None and self.process.poll() is None else None


class Duties:
    """All of them. `look_after` is a task for the length of the load."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self.all: list[Duty] = []
        self.unasked: list[str] = []
        """Those that ended although nobody killed them: name and exit code."""
        self._killed: set[int] = set()

    def add(self, name: str, *words: str) -> None:
        duty = Duty(name, words)
        self.all.append(duty)
        self._start(duty)

    def named(self, kind: str) -> list[Duty]:
        """Those of one kind (`work`, `listen`, `serve`) that run and are not paused."""
        return [d for d in self.all if d.words[0] == kind and d.pid is not None and not d.paused]

    async def look_after(self) -> None:
        while True:
            for duty in self.all:
                self._look_at(duty)
            await asyncio.sleep(0.05)

    def kill(self, duty: Duty) -> int:
        """kill -9; its pid."""
        assert duty.process is not None
        self._killed.add(duty.process.pid)
        duty.process.kill()
        return duty.process.pid

    def ask_to_end(self, duty: Duty) -> int:
        assert duty.process is not None
        self._killed.add(duty.process.pid)
        duty.process.send_signal(signal.SIGTERM)
        return duty.process.pid

    def end(self) -> None:
        """Everything, at once."""
        for duty in self.all:
            process = duty.process
            if process is not None and process.poll() is None:
                process.kill()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)

    def _look_at(self, duty: Duty) -> None:
        now = time.monotonic()
        if duty.process is None:
            if now >= duty.start_at:
                self._start(duty)
            return
        code = duty.process.poll()
        if code is None:
            return
        if duty.process.pid not in self._killed:
            self.unasked.append(f"{duty.name} (exit {code})")
        duty.process, duty.start_at = None, now + RESTART_S

    def _start(self, duty: Duty) -> None:
        with (self._folder / f"{duty.name}.log").open("ab") as log:
            duty.process = spawn(
                [sys.executable, "-m", "ruleyard.cli", *duty.words], output=log, env=self._environment
            )
        duty.starts += 1
