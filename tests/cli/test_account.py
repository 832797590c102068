"""As root the servers run as somebody else, and nothing that we did not make changes its permissions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruleyard.embedded import PostgresServer, account
from ruleyard.embedded.binaries import Programs
from support.processes import reachable_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that only root can enter; what is made below /var goes to a folder of the test."""
    folder = reachable_folder()
    (folder / "closed").mkdir(mode=0o700)
    (folder / "var").mkdir(mode=0o755)
    monkeypatch.setattr(account, "_OWN_FOLDERS", (folder / "var",))
    yield folder / "closed"
    shutil.rmtree(folder)


def test_in_a_closed_folder_the_server_keeps_its_files_elsewhere_and_says_so(closed: Path) -> None:
    said: list[str] = []
    server = PostgresServer(closed / "postgres", crash_safe=False, say=said.append)
    server.start()
    server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(said) == 1
    assert str(server.folder.parent) in said[0]
    again = PostgresServer(closed / "postgres", crash_safe=False)
    assert again.folder == server.folder


def test_a_new_house_in_the_same_place_gets_new_files(closed: Path) -> None:
    first = PostgresServer(closed / "postgres").folder
    shutil.rmtree(closed)
    closed.mkdir(mode=0o700)
    assert PostgresServer(closed / "postgres").folder != first


def test_programs_in_a_closed_folder_are_copied_once_with_their_libraries(closed: Path) -> None:
    (closed / "tool/bin").mkdir(parents=True)
    (closed / "tool/bin/run").write_text("#!/bin/sh\n")
    (closed / "tool/bin/run").chmod(0o700)
    (closed / "tool.libs").mkdir()
    (closed / "tool.libs/one.so").write_text("")
    programs = Programs(closed, ("tool", "tool.libs"), "tool/bin/run")
    somebody = account.server_account()
    copy = account.reachable_program(programs, somebody)
    assert copy != closed / "tool/bin/run"
    assert account.reachable(copy, somebody)
    assert (copy.parents[2] / "tool.libs/one.so").is_file()
    assert account.reachable_program(programs, somebody) == copy
    assert (closed / "tool/bin/run").stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_refused(closed: Path) -> None:
    from ruleyard.core.errors import Unavailable

    somebody = account.server_account()
    assert somebody is not None
    server = PostgresServer(closed / "postgres")
    os.chown(server.folder.parent, somebody.uid + 1, -1)
    with pytest.raises(Unavailable, match="belongs to somebody else"):
        PostgresServer(closed / "postgres")
