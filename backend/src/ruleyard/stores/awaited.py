"""What waiting runs wait for from outside: registered as they rest, answered once, closed as they go on.

How a kind uses it:

1. Its step comes to `Await` (core/run.py), or its action gives `Awaits` (core/awaiting.py) instead of an output. The
   runner registers a row in the write that rests the run as `waiting`: nobody ever sees one without the other.
2. It may hold already: a kind that can know so has a look in `runner/looks.py`, asked right after the run rests, and
   again by whoever wakes a run that was not looked at (its worker died).
3. Whoever learns that it holds calls `answer`, in the transaction that makes it true, and rings the slot afterwards; or
   `answer_many` and, after the commit, `wake`. The first answer wins, the time-out (`settle`) is one of them. A row
   that is answered is the truth; that its run is queued is a bell, and the clock is the net (`wake_answered`).
4. The step finishes by the answer's branch and output; the row goes in the write that says so. Whatever ends a run
   takes its rows along, but a failure: the answer is there when the run is tried again.

A run's row is locked before its rows here. Knows nothing of what is waited for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.awaiting import LATE_ANSWER, Answer
from ruleyard.core.json_text import without_nul
from ruleyard.core.types import JSONObject, LogId, NodeId, RunId

UNLOOKED_S: Final = 15.0
"""A row that nobody looked at for so long wakes its run: its worker died, or could not look."""
AT_ONCE: Final = 1_000


class Awaited(msgspec.Struct, frozen=True):
    """One row. `left_s`: until its time is over, None where it never is."""

    run_id: RunId
    node: NodeId
    event_on: date
    kind: str
    topic: str
    what: JSONObject
    left_s: float | None = None
    answer: Answer | None = None


class Woken(msgspec.Struct, frozen=True):
    """A run that goes on, and the slot to ring for it."""

    run_id: RunId
    slot: int


_ROW: Final = """
    run_id, node_id as node, event_on, kind, topic, what::text as what,
    cast(extract(epoch from until - clock_timestamp()) as double precision) as left_s, answer::text as answer
"""


def _awaited(row: Row[Any]) -> Awaited:
    return Awaited(
        run_id=RunId(row.run_id),
        node=NodeId(row.node),
        event_on=row.event_on,
        kind=row.kind,
        topic=row.topic,
        what=msgspec.json.decode(row.what),
        left_s=row.left_s,
        answer=None if row.answer is None else msgspec.json.decode(row.answer, type=Answer),
    )


def _encoded(answer: Answer) -> str:
    return without_nul(msgspec.json.encode(answer)).decode()


async def answer(conn: AsyncConnection, run_id: RunId, node: NodeId, given: Answer) -> Woken | None:
    """Answers what the run waits for at `node`, and queues the run. None where that was answered or ended before.

    Ring the slot after the commit.
    """
    found = await conn.execute(
        text("select event_on from app.awaited where run_id = :run and node_id = :node"),
        {"run": run_id, "node": node},
    )
    event_on = found.scalar_one_or_none()
    if event_on is None:
        return None
    run = {"run": run_id, "event_on": event_on}
    slot = (
        await conn.execute(
            text("""
                select slot from app.run where id = :run and event_on = :event_on
                  and state in ('queued', 'running', 'waiting') for update
            """),
            run,
        )
    ).scalar_one_or_none()
    if slot is None or not await _keep(conn, {(run_id, node): given}):
        return None
    await conn.execute(
        text("""
            update app.run set state = 'queued', wake_at = null, fault = null, error = ''
            where id = :run and event_on = :event_on and state = 'waiting'
        """),
        run,
    )
    return Woken(run_id, slot)


async def answer_many(conn: AsyncConnection, answers: Mapping[tuple[RunId, NodeId], Answer]) -> list[RunId]:
    """Answers many, and leaves their runs as they are: `wake` them after the commit. Those that took it."""
    return await _keep(conn, answers) if answers else []


async def _keep(conn: AsyncConnection, answers: Mapping[tuple[RunId, NodeId], Answer]) -> list[RunId]:
    places = sorted(answers)
    kept = await conn.execute(
        text("""
            with open as materialized (
              select a.run_id, a.node_id, n.answer
              from unnest(cast(:runs as bigint[]), cast(:nodes as text[]), cast(:answers as text[]))
                as n(run_id, node_id, answer)
              join app.awaited a on a.run_id = n.run_id and a.node_id = n.node_id
              where a.answered_at is null
              order by a.run_id, a.node_id for update of a
            )
            update app.awaited a set answer = cast(open.answer as jsonb), answered_at = clock_timestamp()
            from open where a.run_id = open.run_id and a.node_id = open.node_id and a.answered_at is null
            returning a.run_id
        """),
        {
            "runs": [run for run, _ in places],
            "nodes": [node for _, node in places],
            "answers": [_encoded(answers[place]) for place in places],
        },
    )
    return [RunId(row.run_id) for row in kept]


async def settle(conn: AsyncConnection, runs: Sequence[RunId]) -> dict[RunId, tuple[Awaited, ...]]:
    """What runs wait for that were just claimed. Where the time is over, that is the answer from here on."""
    if not runs:
        return {}
    await conn.execute(
        text("""
            with over as materialized (
              select run_id, node_id from app.awaited
              where run_id = any(cast(:runs as bigint[])) and answered_at is null and until <= clock_timestamp()
              order by run_id, node_id for update
            )
            update app.awaited a set answer = cast(cast(:late as text) as jsonb), answered_at = clock_timestamp()
            from over where a.run_id = over.run_id and a.node_id = over.node_id and a.answered_at is null
        """),
        {"runs": list(runs), "late": _encoded(LATE_ANSWER)},
    )
    rows = await conn.execute(
        text(f"select {_ROW} from app.awaited where run_id = any(cast(:runs as bigint[])) order by run_id"),
        {"runs": list(runs)},
    )
    found: dict[RunId, tuple[Awaited, ...]] = {}
    for row in map(_awaited, rows):
        found[row.run_id] = (*found.get(row.run_id, ()), row)
    return found


async def open_on(conn: AsyncConnection, kind: str, topics: Sequence[str]) -> list[Awaited]:
    """What is waited for under one of these topics, and not answered yet; by run."""
    if not topics:
        return []
    rows = await conn.execute(
        text(f"""
            select {_ROW} from app.awaited
            where kind = :kind and topic = any(cast(:topics as text[])) and answered_at is null
            order by run_id, node_id
        """),
        {"kind": kind, "topics": list(topics)},
    )
    return [_awaited(row) for row in rows]


async def news_of(conn: AsyncConnection, log: LogId) -> tuple[int, frozenset[str]]:
    """The generation (stores/generation.py), and the tables of a log whose changes somebody waits for: one question,
    asked with each batch of a lane. As quick with a million that wait as with none."""
    found = await conn.execute(
        text("""
            with recursive found as (
              (select table_name from app.awaited
                where log = :log and table_name is not null and answered_at is null order by table_name limit 1)
              union all
              select (select a.table_name from app.awaited a
                where a.log = :log and a.table_name > found.table_name and a.answered_at is null
                order by a.table_name limit 1)
              from found where found.table_name is not null
            )
            select number, array(select table_name from found where table_name is not null) as tables
            from app.generation
        """),
        {"log": log},
    )
    row = found.one()
    return int(row.number), frozenset(row.tables)


async def look_again(conn: AsyncConnection, places: Sequence[tuple[RunId, NodeId]]) -> None:
    """What came cannot be judged by itself: somebody has to look."""
    if places:
        await conn.execute(
            text("""
                update app.awaited a set looked_at = null
                from unnest(cast(:runs as bigint[]), cast(:nodes as text[])) as n(run_id, node_id)
                where a.run_id = n.run_id and a.node_id = n.node_id and a.answered_at is null
            """),
            {"runs": [run for run, _ in places], "nodes": [node for _, node in places]},
        )


async def looked(conn: AsyncConnection, run_id: RunId, node: NodeId) -> None:
    """It did not hold when the run came to rest; from now on whoever makes it hold says so."""
    await conn.execute(
        text("update app.awaited set looked_at = clock_timestamp() where run_id = :run and node_id = :node"),
        {"run": run_id, "node": node},
    )


_WAKE: Final = """
    chosen as materialized (
      select r.id, r.event_on, r.shelf from due d
      join app.run r on r.id = d.run_id and r.event_on = d.event_on
      where r.state = 'waiting' order by r.id for update of r skip locked
    )
    update app.run r set state = 'queued', wake_at = null, fault = null, error = ''
    from chosen where r.id = chosen.id and r.event_on = chosen.event_on and r.shelf = chosen.shelf
      and r.state = 'waiting'
    returning r.id, r.slot
"""


async def wake(conn: AsyncConnection, runs: Sequence[RunId]) -> list[Woken]:
    """Queues those of the runs that are answered and rest yet."""
    if not runs:
        return []
    woken = await conn.execute(
        text(f"""
            with due as materialized (
              select distinct run_id, event_on from app.awaited
              where run_id = any(cast(:runs as bigint[])) and answered_at is not null
            ), {_WAKE}
        """),
        {"runs": list(runs)},
    )
    return [Woken(RunId(row.id), row.slot) for row in woken]


async def wake_answered(conn: AsyncConnection, *, unlooked_s: float = UNLOOKED_S) -> list[Woken]:
    """The net: queues runs that are answered and rest yet, and those that nobody looked for; a bounded number."""
    woken = await conn.execute(
        text(f"""
            with due as materialized (
              (select run_id, event_on from app.awaited where answered_at is not null
                order by answered_at limit :most)
              union
              (select run_id, event_on from app.awaited
                where looked_at is null and answered_at is null
                  and since < clock_timestamp() - make_interval(secs => :unlooked_s)
                order by since limit :most)
            ), {_WAKE}
        """),
        {"most": AT_ONCE, "unlooked_s": unlooked_s},
    )
    return [Woken(RunId(row.id), row.slot) for row in woken]
