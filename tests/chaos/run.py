"""One chaos run from its seed to its verdict, bounded in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import asyncpg

from chaos.inflict import Done, Inflictor, TakeOver
from chaos.machine import Machine, machine, now
from chaos.oracle import Verdict, judge, unfinished
from chaos.plan import plan_faults
from chaos.writers import TROUBLE, Load, write_all
from support.waiting import until

DRAINED_S: Final = 300.0
TAKEN_OVER_S: Final = 15.0
AWAY: Final = ("crash-own", "stall-own", "cut-own", "freeze-own")
TERM_ENDS_S: Final = 25.0
TELL_S: Final = 10.0
LOOK_S: Final = 0.5
STUCK_S: Final = 60.0
"""Longer than any lease, fault or first retries: what has not moved for so long does not come any more."""


@dataclass(frozen=True)
class Wishes:
    events: int
    faults: int
    seed: int
    gap_s: float = 8.0
    workers: int = 2
    listeners: int = 2
    keep: bool = False


@dataclass
class Report:
    wishes: Wishes
    verdict: Verdict
    faults: list[Done]
    certain_commits_lost: int
    drained_s: float
    took_s: float
    take_overs: list[TakeOver]
    drains_s: list[float]
    left_after_term: int
    ended_unasked: list[str]
    folder: str
    broken: list[str] = field(default_factory=list)
    """Promises that did not hold."""
    late: list[str] = field(default_factory=list)
    """What took longer than promised. On a machine that others share it says little: the suite does not ask for it."""

    def as_json(self) -> dict[str, Any]:
        verdict = asdict(self.verdict)
        for one in verdict["tallies"].values():
            one["missing"] = len(one["missing"])
        return {
            **{name: value for name, value in asdict(self).items() if name != "verdict"},
            "verdict": verdict,
            "lost": self.verdict.lost,
            "doubled_writes": self.verdict.doubled_writes,
            "inversions": self.verdict.inversions,
        }


async def chaos(wishes: Wishes, say: Callable[[str], None]) -> Report:
    """Build, load, break, wait until everything is done, judge."""
    begun = time.monotonic()
    async with machine(workers=wishes.workers, listeners=wishes.listeners, keep=wishes.keep) as built:
        say(f"everything runs after {time.monotonic() - begun:.1f} s, in {built.folder}")
        plan = plan_faults(wishes.seed, wishes.faults, gap_s=wishes.gap_s)
        seconds = plan[-1].at_s + wishes.gap_s if plan else max(5.0, wishes.events / 250)
        load = Load(wishes.events, seconds, built.writer_url)
        inflictor = Inflictor(built)
        minding = asyncio.create_task(built.duties.look_after())
        telling = asyncio.create_task(_tell(built, load, inflictor, say))
        writing = asyncio.create_task(write_all(load, wishes.seed))
        faults: list[asyncio.Task[None]] = []
        try:
            for fault in plan:
                await _unbroken([writing, *faults], inflictor.began + fault.at_s)
                say(f"{fault.at_s:6.1f} s  {fault.kind}")
                faults.append(asyncio.create_task(inflictor.inflict(fault)))
            async with asyncio.timeout(seconds + load.latest_s + 60):
                while not writing.done():
                    await _unbroken([writing, *faults], now() + 1)
            written_at = now()
            await asyncio.wait_for(asyncio.gather(*faults), 120)
            mended_at = now()
            say(f"{load.changes} changes are written, all faults are over")
            drained_at = await _drained(built, mended_at + DRAINED_S)
            await asyncio.wait_for(inflictor.settle(), 90)
            verdict = await judge(built, inflictor.done, inflictor.began)
            lost_commits = await _lost_commits(built, load)
        finally:
            for task in (minding, telling, writing, *faults):
                task.cancel()
            await asyncio.gather(minding, telling, writing, *faults, return_exceptions=True)
        report = Report(
            wishes=wishes,
            verdict=verdict,
            faults=inflictor.done,
            certain_commits_lost=lost_commits,
            drained_s=round(drained_at - max(written_at, mended_at), 1),
            took_s=round(time.monotonic() - begun, 1),
            take_overs=inflictor.take_overs,
            drains_s=[round(s, 1) for s in inflictor.drains_s],
            left_after_term=inflictor.interrupted,
            ended_unasked=built.duties.unasked,
            folder=str(built.folder),
        )
    report.broken, report.late = broken_promises(report), late_promises(report)
    return report


def broken_promises(report: Report) -> list[str]:
    """In words; empty when everything held."""
    verdict = report.verdict
    promises = (
        (report.certain_commits_lost == 0, f"{report.certain_commits_lost} certain commits are gone"),
        (verdict.lost == 0, f"{verdict.lost} effects were lost"),
        (verdict.doubled_writes == 0, f"{verdict.doubled_writes} records were written twice"),
        (verdict.inversions == 0, f"{verdict.inversions} effects came out of order"),
        (verdict.invented == 0, f"{verdict.invented} effects belong to no change"),
        (
            verdict.repeats == verdict.excused,
            f"{verdict.repeats - verdict.excused} requests were repeated for nothing",
        ),
        (verdict.careful_effects == 0, f"{verdict.careful_effects} repeats under another key"),
        (verdict.tallies["mail"].doubled == 0, f"{verdict.tallies['mail'].doubled} mails went out twice"),
        (
            verdict.mails_missing <= verdict.unknown_mails,
            f"{verdict.mails_missing - verdict.unknown_mails} mails are missing and nobody says so",
        ),
        (report.drained_s <= DRAINED_S, f"not drained after {report.drained_s:.0f} s"),
        (report.left_after_term == 0, f"{report.left_after_term} runs were interrupted by SIGTERM"),
    )
    return [words for held, words in promises if not held]


def late_promises(report: Report) -> list[str]:
    """In words; empty when all was done in time."""
    slowest = max((one.took_s - _away_s(one, report.faults) for one in report.take_overs), default=0.0)
    promises = (
        (slowest <= TAKEN_OVER_S, f"a take-over took {slowest:.1f} s with our database there"),
        (max(report.drains_s, default=0) <= TERM_ENDS_S, f"SIGTERM took {max(report.drains_s, default=0)} s"),
    )
    return [words for held, words in promises if not held]


async def _unbroken(tasks: list[asyncio.Task[None]], until: float) -> None:
    """Waits so long. Raises what one of them raised: a server that did not come back is no fault of the plan."""
    while any(not task.done() for task in tasks) and (left := until - now()) > 0:
        under_way = [task for task in tasks if not task.done()]
        await asyncio.wait(under_way, timeout=left, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            if task.done():
                task.result()
    await asyncio.sleep(max(0.0, until - now()))


def _away_s(one: TakeOver, faults: list[Done]) -> float:
    """For so long, during a take-over, our database could not be asked."""
    ended_s, away_s, until_s = one.began_s + one.took_s, 0.0, one.began_s
    for fault in sorted(faults, key=lambda fault: fault.began_s):
        if fault.kind in AWAY:
            began_s = max(fault.began_s, until_s)
            until_s = max(until_s, min(fault.ended_s, ended_s))
            away_s += max(0.0, until_s - began_s)
    return away_s


async def _drained(built: Machine, deadline: float) -> float:
    """When nothing was to come any more; past the deadline when that never came."""
    left, since = -1, now()

    async def end() -> float | None:
        nonlocal left, since
        with suppress(*TROUBLE):
            before, left = left, await unfinished(built)
            if left == 0:
                return now()
            if left != before:
                since = now()
            elif now() - since > STUCK_S:
                return deadline + now() - since
        return None

    try:
        return float(await until(end, what="the end", timeout_s=deadline - now(), pause_s=LOOK_S))
    except AssertionError:
        return deadline + 1


async def _lost_commits(built: Machine, load: Load) -> int:
    conn = await asyncpg.connect(built.oracle_url())
    try:
        kept = await conn.fetchval("select count(*) from public.marker where id = any($1)", load.certain)
        return len(load.certain) - int(kept)
    finally:
        await conn.close()


async def _tell(built: Machine, load: Load, inflictor: Inflictor, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(TELL_S)
        try:
            left = f"{await unfinished(built)} effects to come"
        except TROUBLE:
            left = "a database is away"
        say(f"{now() - inflictor.began:6.1f} s  {load.changes} of {load.events} changes, {left}")
