"""`ruleyard up`: it answers, keeps its children, refuses clearly, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ruleyard.embedded.ports import free_port
from support.processes import Up, alive, reachable_folder, ruleyard, running_up
from support.waiting import until_now

linux = pytest.mark.skipif(
    sys.platform != "linux", reason="reads /proc; elsewhere nothing ties a child to us"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = reachable_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """One instance without the demo for the tests that leave it running."""
    with running_up("--no-demo") as up:
        yield up


def test_it_answers_and_prints_the_first_administrators_link(up: Up) -> None:
    assert httpx.get(f"{up.url}/health/ready", timeout=60).status_code == 200
    assert up.setup_link().startswith(f"{up.url}/welcome?token=")


def test_what_it_writes_only_its_owner_can_read(up: Up) -> None:
    for name in ("up.json", "cli.key", "secret.key"):
        assert (up.folder / name).stat().st_mode & 0o077 == 0, name


def test_a_second_up_on_the_same_folder_names_the_first(up: Up) -> None:
    done = ruleyard("up", "--data", str(up.folder), "--port", str(free_port()))
    assert done.returncode == 1
    assert up.url in done.stderr
    assert "--data" in done.stderr
    assert httpx.get(f"{up.url}/health/ready", timeout=60).status_code == 200


def test_a_port_in_use_names_the_flag(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = ruleyard("up", "--data", str(folder / "house"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "--port" in done.stderr


@linux
@pytest.mark.parametrize("duty", ["work", "listen", "serve"])
def test_a_killed_child_comes_back(up: Up, duty: str) -> None:
    def of_duty() -> set[int]:
        return {pid for pid, command in up.family().items() if command.endswith(f"ruleyard.cli {duty}")}

    (killed,) = until_now(of_duty, what=f"a process of {duty}")
    os.kill(killed, signal.SIGKILL)
    until_now(lambda: of_duty() - {killed}, what=f"a new process of {duty}")
    until_now(lambda: f"{duty} ended (killed by SIGKILL)" in up.said(), what="a line about it")


@linux
def test_a_killed_server_comes_back_with_its_data(up: Up) -> None:
    until_now(lambda: _answers(up), what="serve to answer")
    (server,) = (pid for pid, command in up.family().items() if "/bin/postgres -D" in command)
    os.kill(server, signal.SIGKILL)
    until_now(lambda: "PostgreSQL ended; starting it again" in up.said(), what="a line about it")
    until_now(lambda: _answers(up), what="serve to answer again")


def _answers(up: Up) -> bool:
    try:
        return httpx.get(f"{up.url}/health/ready", timeout=30).status_code == 200
    except httpx.HTTPError:
        return False


@linux
def test_ctrl_c_leaves_no_process_and_the_next_start_finds_everything(folder: Path) -> None:
    port = free_port()
    first = Up(folder / "house", port, "--no-demo")
    try:
        first.wait_ready()
        family = first.family()
        assert len(family) >= 6, family
        assert first.interrupt() == 0
        assert alive(family) == {}
        key = (folder / "house/cli.key").read_text()
    finally:
        first.end()
    second = Up(folder / "house", port, "--no-demo")
    try:
        second.wait_ready()
        assert (folder / "house/cli.key").read_text() == key
        family = second.family()
        second.process.kill()  # -9: nobody says goodbye
        second.process.wait()
        until_now(lambda: not alive(family), what="every process to end with `up`")
    finally:
        second.end()


@linux
def test_ctrl_c_in_the_middle_of_the_first_start_ends_soon_and_the_next_start_completes_it(
    folder: Path,
) -> None:
    port = free_port()
    first = Up(folder / "house", port)
    try:
        until_now(lambda: "Making our database" in first.said(), what="a first line")
        family = first.family()
        assert first.interrupt() == 0
        assert "ready" not in first.said()
        assert alive(family) == {}
    finally:
        first.end()
    second = Up(folder / "house", port)
    try:
        second.wait_ready(120)
    finally:
        second.end()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://me:pw@127.0.0.1:1/x", "RULEYARD_DATABASE_URL"),
        ("not-an-address", "must start with postgresql://"),
    ],
)
def test_a_wrong_database_address_is_one_clear_line(url: str, says: str) -> None:
    env = {"RULEYARD_DATABASE_URL": url, "RULEYARD_REDIS_URL": "redis://127.0.0.1:1/0"}
    done = ruleyard("migrate", env={**env, "RULEYARD_SECRET_KEY": "0f" * 32})
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_names_the_flag(folder: Path) -> None:
    (folder / "file").write_text("not a folder")
    done = ruleyard("up", "--data", str(folder / "file"), "--port", str(free_port()))
    assert done.returncode == 1
    assert "--data" in done.stderr
    assert "Traceback" not in done.stderr
