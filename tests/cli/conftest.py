"""One running instance with the demo, for every test of a client command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from ruleyard.embedded.ports import free_port
from support.processes import Up, reachable_folder


@pytest.fixture(scope="session")
def up() -> Iterator[Up]:
    folder = reachable_folder()
    up = Up(folder / "house", free_port(), "--no-simulator")
    try:
        up.wait_ready()
        yield up
    finally:
        up.end()
        shutil.rmtree(folder, ignore_errors=True)
