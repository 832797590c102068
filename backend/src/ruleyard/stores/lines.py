"""Connections that notice when the other end is gone although the line stands: half-open, frozen, blackholed.

asyncpg asks the server to cancel a statement that took too long, and waits for the answer as long again; a pool
hands out one dead connection after the other. Here a line that does not even answer a cancellation is given up
after two seconds, with all the lines of its pool. Knows nothing of what is asked.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final
from weakref import WeakSet

import asyncpg

ANSWER_S: Final = 2.0
"""For the server's answer to a cancellation; a server that lives gives it within milliseconds."""


class Line(asyncpg.Connection):  # type: ignore[misc]
    """Made by `line_class`, one subclass per pool: who they are given up with."""

    lines: ClassVar[WeakSet[Line]]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines.add(self)

    def _cancel_current_command(self, *waiters: Any) -> None:
        super()._cancel_current_command(*waiters)
        self._loop.call_later(ANSWER_S, self._give_up)

    def _give_up(self) -> None:
        if self.is_closed() or not self._protocol._is_cancelling():
            return
        for line in tuple(self.lines):
            if not line.is_closed():
                line.terminate()


def line_class() -> type[Line]:
    """For `connection_class=` of one pool."""
    return type("PooledLine", (Line,), {"lines": WeakSet(), "__slots__": ()})
