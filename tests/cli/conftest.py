"""One running instance with the demo, for every test of a client command."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.processes import Up, running_up


@pytest.fixture(scope="session")
def up() -> Iterator[Up]:
    with running_up("--no-simulator", "--throwaway") as up:
        yield up
