"""What should have happened by the company's own notes, against what did by its tables and the receivers' logs.

Our run table is asked only for what it alone knows: which runs failed in the open, which actions were interrupted.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import asyncpg

from chaos.inflict import Done
from chaos.machine import Machine, now
from chaos.town import EXPECTED, FOUND
from support.servers import Request

Change = tuple[str, int]
"""A record and the number of its change."""


@dataclass
class Tally:
    """One rule: changes expected and found; what is missing, doubled, out of order, out of nowhere."""

    expected: int = 0
    found: int = 0
    missing: list[Change] = field(default_factory=list)
    doubled: int = 0
    inversions: int = 0
    invented: int = 0


def tally(expected: Iterable[Change], found: Iterable[Change]) -> Tally:
    """`found` in the order in which it was done. A repeat counts as doubled and not as out of order."""
    wanted = set(expected)
    seen: set[Change] = set()
    last: dict[str, int] = defaultdict(int)
    result = Tally(expected=len(wanted))
    for record, seq in found:
        result.found += 1
        if (record, seq) in seen:
            result.doubled += 1
            continue
        seen.add((record, seq))
        if seq < last[record]:
            result.inversions += 1
        last[record] = max(last[record], seq)
    result.missing = sorted(wanted - seen)
    result.invented = len(seen - wanted)
    return result


def change_of(request: Request) -> Change:
    body = request.json()
    return str(body["record"]), int(body["seq"])


@dataclass
class Verdict:
    events: int
    tallies: dict[str, Tally]
    runs: int
    careful_effects: int
    """Repeats that the receiver felt which honours the key."""
    repeats: int
    excused: int
    """Repeats of requests that were in flight when something died or was cut."""
    unexcused: list[str]
    """The others: which, when first and when again (seconds since the load began)."""
    failed: list[str]
    unknown_mails: int
    mails_missing: int
    interrupted_attempts: int

    @property
    def lost(self) -> int:
        return sum(len(t.missing) for name, t in self.tallies.items() if name != "mail")

    @property
    def doubled_writes(self) -> int:
        return sum(self.tallies[name].doubled for name in FOUND)

    @property
    def inversions(self) -> int:
        return sum(t.inversions for t in self.tallies.values())

    @property
    def invented(self) -> int:
        return sum(t.invented for t in self.tallies.values())


async def unfinished(machine: Machine) -> int:
    """How many effects are still to come, cheaply; mail is left out, since it may never come."""
    watched = await asyncpg.connect(machine.oracle_url(), timeout=5, command_timeout=30)
    try:
        left = 0
        for name, sql in EXPECTED.items():
            wanted = await watched.fetchval(f"select count(*) from ({sql}) e")
            if name in FOUND:
                left += wanted - await watched.fetchval(f"select count(*) from ({FOUND[name]}) f")
            elif name != "mail":
                receiver = machine.deaf if name == "deaf" else machine.careful
                left += wanted - len({request.headers["webhook-id"] for request in receiver.received})
    finally:
        watched.terminate()
    own = await asyncpg.connect(machine.own_url(), timeout=5, command_timeout=30)
    try:
        open_runs = await own.fetchval(
            "select count(*) from app.run where state in ('queued', 'running', 'waiting')"
        )
    finally:
        own.terminate()
    return max(left, open_runs)


async def judge(machine: Machine, faults: list[Done], began: float) -> Verdict:
    watched = await asyncpg.connect(machine.oracle_url(), command_timeout=60)
    try:
        events = await watched.fetchval("select count(*) from public.truth")
        expected = {name: [tuple(row) for row in await watched.fetch(sql)] for name, sql in EXPECTED.items()}
        found = {name: [tuple(row) for row in await watched.fetch(sql)] for name, sql in FOUND.items()}
    finally:
        await watched.close()
    for name, receiver in (("deaf", machine.deaf), ("careful", machine.careful)):
        found[name] = [change_of(request) for request in receiver.received]
    found["mail"] = [_mailed(str(mail.message["subject"])) for mail in machine.mail.received]
    tallies = {name: tally(expected[name], found[name]) for name in EXPECTED}
    seen = Counter(request.headers["webhook-id"] for request in machine.careful.received)
    by_change: dict[Change, set[str]] = defaultdict(set)
    for request in machine.careful.received:
        by_change[change_of(request)].add(request.headers["webhook-id"])
    unexcused: list[str] = []
    repeats, excused = _repeats(machine.deaf.received, faults, began, unexcused)
    also, also_excused = _repeats(machine.careful.received, faults, began, unexcused)
    own = await asyncpg.connect(machine.own_url(), command_timeout=60)
    try:
        failed = await own.fetch(
            """select v.document ->> 'name' as rule, r.error, count(*) as n from app.run r
            join app.version v on v.id = r.version_id
            where r.state not in ('succeeded', 'queued', 'running', 'waiting') group by 1, 2"""
        )
        unknown_mails = await own.fetchval(
            """select count(distinct r.id) from app.run r join app.version v on v.id = r.version_id
            join app.step s on s.run_id = r.id where v.document ->> 'name' = 'mail' and r.state = 'failed'
              and s.error ->> 'code' = 'outcome-unknown'"""
        )
        interrupted = await own.fetchval("select count(*) from app.attempt where outcome = 'unknown'")
        told = [f"{words}; {await _tries(own, words.split(':')[0], began)}" for words in unexcused]
        runs = await own.fetchval("select count(*) from app.run")
    finally:
        await own.close()
    return Verdict(
        events=events,
        tallies=tallies,
        runs=runs,
        careful_effects=sum(len(keys) - 1 for keys in by_change.values()) if seen else 0,
        repeats=repeats + also,
        excused=excused + also_excused,
        unexcused=told,
        failed=[f"{row['rule']}: {row['n']} × {row['error']}" for row in failed],
        unknown_mails=unknown_mails,
        mails_missing=len(tallies["mail"].missing),
        interrupted_attempts=interrupted,
    )


async def _tries(own: asyncpg.Connection[asyncpg.Record], run: str, began: float) -> str:
    """What our own database knows of the tries of a repeated request, in words."""
    rows = await own.fetch(
        """select a.outcome, a.error ->> 'code' as code, round(extract(epoch from a.started_at) - $2, 1) as started_s,
          round(extract(epoch from a.finished_at - a.started_at), 1) as took_s
        from app.step s join app.attempt a on a.step_id = s.id where s.run_id = $1 order by a.number, a.started_at""",
        int(run),
        Decimal(time.time() - now() + began),
    )
    return ", ".join(
        " ".join(
            str(row[part]) for part in ("outcome", "code", "started_s", "took_s") if row[part] is not None
        )
        for row in rows
    )


def _mailed(subject: str) -> Change:
    record, seq = subject.split(" ")
    return record, int(seq)


BEFORE_S = 3.0
"""A request that came in so long before a fault may still have been without its outcome in our database."""
INTERRUPTING = ("work", "own", "receiver")
"""Faults of these can part a request from the note of its outcome."""


def _repeats(
    requests: list[Request], faults: list[Done], began: float, unexcused: list[str]
) -> tuple[int, int]:
    """Requests under a key that had come before; and those of them whose earlier one was in flight at a fault."""
    cutting = [f for f in faults if f.kind.partition("-")[2] in INTERRUPTING]
    last: dict[str, float] = {}
    repeats = excused = 0
    for request in requests:
        key, at = request.headers["webhook-id"], request.at - began
        if key in last:
            repeats += 1
            if any(f.began_s - BEFORE_S <= last[key] <= f.ended_s + 1 for f in cutting):
                excused += 1
            else:
                unexcused.append(f"{key}: {last[key]:.1f} s, {at:.1f} s")
        last[key] = at
    return repeats, excused
