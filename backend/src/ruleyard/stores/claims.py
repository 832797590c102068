"""Claiming queued runs, under a lease: every rule gets its share, and each record its order.

A claim goes round the rules that have something queued and takes one run of each, then a second, and so on: 200,000
queued runs of one rule hold up no other. Knows nothing of how runs are performed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.items import Item
from ruleyard.core.related import Related
from ruleyard.core.trace import Step
from ruleyard.core.types import NodeId, RuleId, RunId, VersionId
from ruleyard.stores.awaited import Awaited, settle
from ruleyard.stores.runs import DEATHS, LEASE_S, SUSPECTS, release
from ruleyard.stores.steps import steps_of_many

RULES: Final = 32
"""A claim looks at the queues of so many rules at once."""
FIRST: Final = RuleId(0)
ROUNDS: Final = 8
"""It goes on so many times where all of them wait for something; then the next claim does."""


class Claim(msgspec.Struct, frozen=True):
    """A run that is ours until the lease ends. `attempt` is the fence.

    `resumed`: it has been claimed before, so there may be steps. `turn`: what it waited for before it was let in; with
    the claim that is over, or its gate would take a run that comes to rest at a step for one that did not begin.
    `batch_run`: its own number, where it has a list. `item`: what it is done for, of `parent`'s list.
    `steps`, `awaited`: those of a resumed run as they were when it was claimed; None where nobody read them.
    """

    id: RunId
    rule_id: RuleId
    version_id: VersionId
    event: Event
    attempt: int
    deaths: int = 0
    related: Related | None = None
    turn: str | None = None
    batch_run: RunId | None = None
    parent: RunId | None = None
    item: Item | None = None
    steps: tuple[Step, ...] | None = None
    awaited: tuple[Awaited, ...] | None = None

    @property
    def resumed(self) -> bool:
        return self.attempt > 1


class Claimed(msgspec.Struct, frozen=True):
    """`turn`: the rule after which the next claim of this slot goes on; 0 when it begins at the first again."""

    claims: tuple[Claim, ...]
    turn: RuleId


# With 2 or 200,000 queued runs alike, walk run_due (slot, rule_id, id) and stop at the limit. The planner's idea of how
# many are queued is always old, and a sort of the whole queue costs 300 ms a claim. For the same reason slot and rule
# are ranges: with an equality it may walk the primary key, past every run there ever was.
_IN_INDEX_ORDER: Final = text("""
    select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('enable_hashjoin', 'off', true), set_config('enable_seqscan', 'off', true)
""")

MAY_BEGIN: Final = """
    (not exists (
      select from app.run o
      where o.rule_id = r.rule_id and o.record_table = r.record_table
        and o.record_key = r.record_key and o.log = r.log
        and o.state in ('queued', 'running', 'waiting')
        and (o.id < r.id or (o.state = 'running' and o.id <> r.id)))
    or (select v.document #>> '{policy,overlap}' = 'parallel' from app.version v where v.id = r.version_id))
"""

_OURS: Final = """
    ours as (
      update app.run r set
        state = 'running', attempt = r.attempt + 1, leased_by = :worker,
        lease_until = clock_timestamp() + make_interval(secs => :lease_s),
        started_at = coalesce(r.started_at, clock_timestamp()), wake_at = null, turn = null
      from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
      returning r.*, due.place, due.turn as let_in
    )
"""

_CLAIMED: Final = """
    id, rule_id, version_id, event::text as event, related::text as related, attempt, deaths, let_in, batch_run,
    parent_run, parent_node, item_index, item::text as item
"""

_IN_TURNS: Final = text(f"""
    with recursive seen as (
      (select r.rule_id, 1 as place from app.run r
        where r.slot between :slot and :slot and r.state = 'queued' and r.rule_id > :after
        order by r.slot, r.rule_id limit 1)
      union all
      select (select r.rule_id from app.run r
        where r.slot between :slot and :slot and r.state = 'queued' and r.rule_id > seen.rule_id
        order by r.slot, r.rule_id limit 1), seen.place + 1
      from seen where seen.rule_id is not null and seen.place < {RULES}
    ), rules as materialized (
      select rule_id from seen where rule_id is not null
    ), free as materialized (
      select q.* from rules u cross join lateral (
        select r.id, r.rule_id, r.event_on, r.shelf, r.turn
        from app.run r
        where r.slot between :slot and :slot and r.rule_id between u.rule_id and u.rule_id and r.state = 'queued'
          and r.deaths = 0 and {MAY_BEGIN}
        order by r.slot, r.rule_id, r.id
        limit (
          select least(cast(:limit as bigint), 4 * (cast(:limit as bigint) / greatest(1, count(*)) + 1)) from rules)
        for update of r skip locked
      ) q
      where u.rule_id <> all(cast(:but_not as bigint[]))
    ), due as materialized (
      select f.*, row_number() over (partition by f.rule_id order by f.id) as place
      from free f order by place, id limit :limit
    ), {_OURS}
    select {_CLAIMED}, place, rules.count as rules, rules.last
    from (select count(*), max(rule_id) as last from rules) as rules left join ours on true
    order by place, id
""")

_SUSPECT: Final = text(f"""
    with due as materialized (
      select r.id, r.event_on, r.shelf, r.turn, 1 as place from app.run r
      where r.slot between :slot and :slot and r.state = 'queued' and r.deaths > 0 and {MAY_BEGIN}
      order by r.slot, r.rule_id, r.id
      limit {SUSPECTS}
      for update of r skip locked
    ), {_OURS}
    select {_CLAIMED} from ours
""")


async def claim(
    conn: AsyncConnection,
    slot: int,
    worker: str,
    limit: int,
    *,
    turn: RuleId = FIRST,
    but_not: Collection[RuleId] = (),
    lease_s: float = LEASE_S,
) -> Claimed:
    """Up to `limit` queued runs of the slot, now leased to `worker` with a new attempt number, rule by rule in turns.

    Begins with the rules after `turn` and comes round; leaves out `but_not`. Of one rule the oldest first; but where
    the version's overlap is `parallel`, a run waits for every older open run of its rule on its record.
    Suspects are left to `claim_suspects`.
    """
    await conn.execute(_IN_INDEX_ORDER)
    claims: list[Claim] = []
    after, wrapped = turn, turn == 0
    for _ in range(ROUNDS):
        rows = (
            await conn.execute(
                _IN_TURNS,
                {
                    "slot": slot,
                    "after": after,
                    "limit": limit - len(claims),
                    "but_not": list(but_not),
                    "worker": worker,
                    "lease_s": float(lease_s),
                },
            )
        ).all()
        claims += [_claim(row) for row in rows if row.id is not None]
        after = RuleId(rows[0].last) if rows[0].rules == RULES else RuleId(0)
        if len(claims) >= limit or (after == 0 and wrapped):
            break
        wrapped = wrapped or after == 0
    return Claimed(tuple(claims), after)


async def claim_suspects(
    conn: AsyncConnection, slot: int, worker: str, *, lease_s: float = LEASE_S
) -> list[Claim]:
    """Runs of the slot that may be what kills workers: a few, or a single one that saw two deaths. One such group at a
    time in a process."""
    await conn.execute(_IN_INDEX_ORDER)
    rows = await conn.execute(_SUSPECT, {"slot": slot, "worker": worker, "lease_s": float(lease_s)})
    found = [_claim(row) for row in rows]
    worst = max(found, key=lambda one: one.deaths, default=None)
    if worst is None or worst.deaths < DEATHS - 1:
        return found
    await release(conn, [(one.id, one.attempt) for one in found if one is not worst])
    return [worst]


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=RunId(row.id),
        rule_id=RuleId(row.rule_id),
        version_id=VersionId(row.version_id),
        event=msgspec.json.decode(row.event, type=Event),
        attempt=row.attempt,
        deaths=row.deaths,
        related=None if row.related is None else msgspec.json.decode(row.related, type=Related),
        turn=row.let_in,
        batch_run=row.batch_run,
        parent=None if row.parent_run is None else RunId(row.parent_run),
        item=None
        if row.parent_run is None
        else Item(NodeId(row.parent_node), row.item_index, msgspec.json.decode(row.item)),
    )


async def with_steps(conn: AsyncConnection, claims: Sequence[Claim]) -> list[Claim]:
    """The same, in the transaction that claimed them: resumed runs with their steps, and with what they wait for."""
    resumed = [one for one in claims if one.resumed]
    if not resumed:
        return list(claims)
    days = sorted({datetime.fromisoformat(one.event.at).astimezone(UTC).date() for one in resumed})
    steps = await steps_of_many(conn, [one.id for one in resumed], days)
    resting = [run for run, found in steps.items() if any(step.state == "waiting" for step in found)]
    rows = await settle(conn, resting)
    return [
        msgspec.structs.replace(one, steps=steps[one.id], awaited=rows.get(one.id, ()))
        if one.id in steps
        else one
        for one in claims
    ]
