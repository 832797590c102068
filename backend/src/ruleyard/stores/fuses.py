"""Fuses in our tables: locked for a batch of new runs, written with them, and told of when they begin to hold.

A fuse's row is locked before any of its rule's runs, by whoever changes what is held: counts stay exact, and nobody
waits in a circle. What a fuse decides is `core/fuse.py`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.fuse import FLOOR, Fuse, at, limit_of, opened, passing
from ruleyard.core.graph import RunLimit
from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId
from ruleyard.stores.owners import tell_owner

HELD: Final = "held"
HELD_FAULT: Final = StepError(
    HELD, "Its rule ran more often than its limit: somebody has to say whether it runs."
)


class Shares(msgspec.Struct, frozen=True):
    """The fuses of a batch, locked, and how many runs of each rule are not held. Rules without a limit are left out."""

    fuses: Mapping[RuleId, Fuse]
    passing: Mapping[RuleId, int]
    limits: Mapping[RuleId, int]
    now: datetime | None = None


async def lock(conn: AsyncConnection, rules: Sequence[RuleId]) -> tuple[dict[RuleId, Fuse], datetime]:
    """The fuses of these rules, theirs alone until the transaction ends, and the database's clock."""
    wanted = sorted(set(rules))
    for _ in range(2):
        rows = await conn.execute(
            text("""
                select *, clock_timestamp() as now from app.fuse
                where rule_id = any(cast(:rules as bigint[])) order by rule_id for update
            """),
            {"rules": wanted},
        )
        found = rows.all()
        if len(found) == len(wanted):
            break
        await conn.execute(
            text("""
                insert into app.fuse (rule_id, since)
                select r, clock_timestamp() from unnest(cast(:rules as bigint[])) r order by r
                on conflict (rule_id) do nothing
            """),
            {"rules": wanted},
        )
    return {RuleId(row.rule_id): _fuse(row) for row in found}, found[0].now


async def share_out(
    conn: AsyncConnection, asked: Mapping[RuleId, tuple[int, RunLimit]], floor: int = FLOOR
) -> Shares:
    """How many of so many further runs each rule may open; where its limit is off it is not asked about."""
    limited = [rule for rule, (_, limit) in asked.items() if limit != "off" and (limit != "auto" or floor)]
    if not limited:
        return Shares({}, {}, {})
    fuses, now = await lock(conn, limited)
    fuses = {rule: at(fuse, now) for rule, fuse in fuses.items()}
    limits = {rule: limit_of(fuses[rule], asked[rule][1], floor) or 0 for rule in limited}
    return Shares(
        fuses, {rule: passing(fuses[rule], asked[rule][0], limits[rule]) for rule in limited}, limits, now
    )


async def keep(
    conn: AsyncConnection,
    shares: Shares,
    passed: Mapping[RuleId, int],
    held: Mapping[RuleId, int],
    gone: Mapping[RuleId, int],
) -> list[RuleId]:
    """Writes down what was opened, and how many held ones made way for it; tells the owners of rules that hold from
    now on, and gives those rules."""
    await let_go(conn, {rule: runs for rule, runs in gone.items() if rule not in shares.fuses})
    if shares.now is None:
        return []
    after = {
        rule: opened(
            fuse, passed=passed.get(rule, 0), held=held.get(rule, 0), gone=gone.get(rule, 0), now=shares.now
        )
        for rule, fuse in shares.fuses.items()
    }
    await write(conn, list(after.values()))
    holding = [
        rule
        for rule, fuse in sorted(after.items())
        if fuse.held_since is not None and shares.fuses[rule].held_since is None
    ]
    for rule in holding:
        limit = shares.limits[rule]
        await tell_owner(
            conn,
            rule,
            key=f"held:{rule}:{shares.now:%Y%m%d%H%M%S%f}",
            title="“%s” holds its runs",
            why=StepError(
                "rule-holds",
                f"It ran {limit} times within an hour. Further runs are held until somebody says what to do with them.",
                args={"limit": limit},
            ),
        )
    return holding


async def write(conn: AsyncConnection, fuses: Sequence[Fuse]) -> None:
    """Of fuses that this transaction locked."""
    rows = [
        {**msgspec.to_builtins(fuse), "usual": "{" + ",".join(str(one) for one in fuse.usual) + "}"}
        for fuse in fuses
    ]
    await conn.execute(
        text("""
            update app.fuse f set since = n.since, used = n.used, extra = n.extra, tripped = n.tripped,
              usual = cast(n.usual as bigint[]), usual_on = n.usual_on, held = n.held, held_since = n.held_since
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as n(
              rule_id bigint, since timestamptz, used bigint, extra bigint, tripped boolean, usual text,
              usual_on date, held bigint, held_since timestamptz)
            where f.rule_id = any(cast(:rules as bigint[])) and f.rule_id = n.rule_id
        """),
        {"rows": msgspec.json.encode(rows).decode(), "rules": [fuse.rule_id for fuse in fuses]},
    )


async def let_go(conn: AsyncConnection, gone: Mapping[RuleId, int]) -> None:
    """So many runs of each rule are held no longer."""
    if gone:
        await conn.execute(
            text("""
                update app.fuse f set held = f.held - n.runs
                from unnest(cast(:rules as bigint[]), cast(:runs as bigint[])) as n(rule_id, runs)
                where f.rule_id = n.rule_id
            """),
            {"rules": list(gone), "runs": list(gone.values())},
        )


async def read(conn: AsyncConnection, rule_id: RuleId) -> Fuse | None:
    """None where the rule has opened no run yet."""
    row = (
        await conn.execute(text("select * from app.fuse where rule_id = :rule"), {"rule": rule_id})
    ).one_or_none()
    return None if row is None else _fuse(row)


def _fuse(row: Row[Any]) -> Fuse:
    names = Fuse.__struct_fields__
    return msgspec.convert({name: row._mapping[name] for name in names}, Fuse)
