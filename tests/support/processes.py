"""The command line as a person runs it: as a process, with its whole family."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ruleyard.cli.home import Home, Running
from ruleyard.embedded.ports import free_port
from support.waiting import until_now

_RULEYARD = [sys.executable, "-m", "ruleyard.cli"]


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without any RULEYARD_* of the developer's shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RULEYARD_")}
    return {**kept, **(extra or {})}


def ruleyard(*words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*_RULEYARD, *words],
        capture_output=True,
        text=True,
        env=clean_environment(env),
        timeout=180,
        check=False,
    )


class Up:
    """A running `ruleyard up`. Its folder is reachable by the servers' user, and goes with it."""

    def __init__(self, folder: Path, port: int, *words: str) -> None:
        self.folder = folder
        self.port = port
        self._output = folder.with_suffix(".out").open("wb")
        self.process = subprocess.Popen(
            [*_RULEYARD, "up", "--data", str(folder), "--port", str(port), *words],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
            start_new_session=True,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.folder.with_suffix(".out").read_text()

    def wait_ready(self, timeout_s: float = 180) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, f"up ended early:\n{self.said()}"
            return "Ruleyard is ready" in self.said()

        try:
            until_now(ready, what="`up` to be ready", timeout_s=timeout_s)
        except AssertionError as error:
            error.add_note(f"It said:\n{self.said()}")
            raise

    def running(self) -> Running:
        running = Home(self.folder).running()
        assert running is not None
        return running

    def setup_link(self) -> str:
        found = re.search(r"\S+/welcome\?token=\S+", self.said())
        assert found, self.said()
        return found[0]

    def family(self) -> dict[int, str]:
        """Every process below it: pid → command line."""
        return family_of(self.process.pid)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self._output.close()


def family_of(pid: int) -> dict[int, str]:
    """All descendants of `pid` that are alive."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        found = re.search(r"^PPid:\s+(\d+)", text, re.M)
        if found and not re.search(r"^State:\s+Z", text, re.M):
            parents.setdefault(int(found[1]), []).append(int(status.parent.name))
    below: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            below[child] = _command(child)
            waiting.append(child)
    return below


def alive(pids: Mapping[int, str]) -> dict[int, str]:
    """Those that still are what they were."""
    return {pid: command for pid, command in pids.items() if command and _command(pid) == command}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def reachable_folder(prefix: str = "ruleyard-up-") -> Path:
    """A fresh folder that the servers' user can go through."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    return folder


@contextmanager
def removed(folder: Path) -> Iterator[Path]:
    """The folder for the length of the block."""
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_up(*words: str) -> Iterator[Up]:
    """An instance of its own for the length of the block."""
    with removed(reachable_folder()) as folder:
        up = Up(folder / "house", free_port(), *words)
        try:
            up.wait_ready()
            yield up
        finally:
            up.end()
