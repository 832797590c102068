"""Connections that notice when the other end is gone although the line stands: half-open, frozen, blackholed.

asyncpg asks the server to cancel a statement that took too long, and waits for the answer as long again; a pool
hands out one dead connection after the other. Here a line that does not even answer a cancellation is given up
after two seconds, with all the lines of its pool.

And lines through a pooler that gives a server to each transaction (PgBouncer in transaction mode): they keep nothing
in the session, for the next statement may meet another one. Knows nothing of what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    def get_reset_query(self) -> str:
        """Nothing of ours outlives its transaction; who listens or keeps locks gives its line up."""
        return ""

    def _cancel_current_command(self, *waiters: Any) -> None:
        super()._cancel_current_command(*waiters)
        self._loop.call_later(ANSWER_S, self._give_up)

    def _give_up(self) -> None:
        if self.is_closed() or not self._protocol._is_cancelling():
            return
        for line in tuple(self.lines):
            if not line.is_closed():
                line.terminate()


class SharedLine(Line):
    """Through a pooler: settings hold for one transaction."""

    begins_with: ClassVar[str] = ""

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:
        if query.startswith("BEGIN"):  # asyncpg's own, also in SQLAlchemy's name: one round trip as before
            query += self.begins_with
        status: str = await super().execute(query, *args, timeout=timeout)
        return status

    async def _introspect_types(self, *args: Any, **options: Any) -> Any:
        """asyncpg switches `jit` off and on again around it: in one session, then."""
        if self.is_in_transaction():
            return await super()._introspect_types(*args, **options)
        async with self.transaction():
            return await super()._introspect_types(*args, **options)


UNPREPARED: Final = {"statement_cache_size": 0}
"""asyncpg's statements have no name then, and travel together with their values."""


def line_class() -> type[Line]:
    """For `connection_class=` of one pool."""
    return type("PooledLine", (Line,), {"lines": WeakSet(), "__slots__": ()})


def shared_line_class(limits: Mapping[str, str]) -> type[SharedLine]:
    """The same for a pool that leads through a pooler. `limits`: settings of every transaction. With UNPREPARED."""
    begins_with = "".join(f" set local {name} = '{value}';" for name, value in limits.items())
    return type(
        "PooledSharedLine", (SharedLine,), {"lines": WeakSet(), "begins_with": begins_with, "__slots__": ()}
    )
