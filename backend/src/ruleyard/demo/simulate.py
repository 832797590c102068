"""The live simulator: agents at work, a few plausible changes a second, until told to stop.

An ordinary client of the CRM: knows its tables and nothing of Ruleyard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final, TypeAlias

import asyncpg

from ruleyard.demo.generator import lead_fields
from ruleyard.demo.words import LANGUAGES, person, words

Client: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Change: TypeAlias = Callable[[Client, Random], Awaitable[None]]

_PICK: Final = """
    (select id from public.{table} where {where} order by md5(id::text || $1::text) limit 1)
"""
"""One row of those, by the throw `$1` of the dice."""

_MAY_BE_CALLED: Final = """
    status in ('new', 'contacted', 'callback') and consent
    and (last_call_at is null or last_call_at < now() - interval '15 minutes')
"""
"""Nobody is rung up twice in a quarter of an hour."""


async def simulate(
    crm_url: str, *, per_second: float, stop: asyncio.Event, seed: int | None = None, limit: int | None = None
) -> int:
    """Changes rows until `stop` is set or `limit` is reached; answers how many. Outlives a lost database."""
    random = Random(seed)  # noqa: S311 - invented rows, not secrets
    done = 0
    patience_s = 1.0
    while not stop.is_set() and (limit is None or done < limit):
        try:
            conn = await asyncpg.connect(crm_url, timeout=10, command_timeout=30)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            await _pause(stop, patience_s)
            patience_s = min(patience_s * 2, 30.0)
            continue
        patience_s = 1.0
        try:
            agents = [
                row["name"]
                for row in await conn.fetch("select name from public.agents where active order by id")
            ]
            while not stop.is_set() and (limit is None or done < limit):
                await conn.execute(
                    "select set_config('application_name', $1, false)", random.choice(agents or ["crm"])[:60]
                )
                change = random.choices(CHANGES, WEIGHTS)[0]
                async with conn.transaction():
                    await change(conn, random)
                done += 1
                if per_second > 0:
                    await _pause(stop, random.uniform(0.5, 1.5) / per_second)
        except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
            await _pause(stop, patience_s)
        finally:
            conn.terminate()
    return done


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def new_lead(conn: Client, random: Random) -> None:
    """Somebody writes through the web site, seldom by another way."""
    language = random.choices(LANGUAGES, (46, 22, 18, 14))[0]
    known = lead_fields(random, language, person(random, language), random.randrange(10_000, 99_999))
    source = random.choices(("web", "referral", "event"), (80, 15, 5))[0]
    columns = ", ".join(known)
    places = ", ".join(f"${n}" for n in range(2, len(known) + 2))
    await conn.execute(
        f"insert into public.leads (source, {columns}) values ($1, {places})", source, *known.values()
    )


async def call_starts(conn: Client, random: Random) -> None:
    """An agent rings a lead that is still open; the call has no outcome yet."""
    pick = _PICK.format(table="leads", where=_MAY_BE_CALLED)
    agent = _PICK.format(table="agents", where="active")
    await conn.execute(
        f"""insert into public.calls (lead_id, agent_id)
            select id, coalesce(owner_id, {agent}) from public.leads where id = {pick}""",
        _dice(random),
    )


async def call_ends(conn: Client, random: Random) -> None:
    """The oldest open call ends; the lead moves on by what came of it."""
    outcome = random.choices(
        ("reached", "no_answer", "voicemail", "callback", "wrong_number"), (42, 28, 12, 15, 3)
    )[0]
    talked = outcome in ("reached", "callback")
    duration_s = round(random.lognormvariate(5.2, 0.8)) if talked else random.randint(5, 40)
    note = random.choice(words("en").call_notes) if talked else None
    lead = await conn.fetchval(
        """update public.calls set outcome = $1, duration_s = $2, note = $3
           where id = (select min(id) from public.calls where outcome is null) returning lead_id""",
        outcome,
        duration_s,
        note,
    )
    if lead is None:
        await call_starts(conn, random)
        return
    status = {"callback": "callback", "wrong_number": "lost"}.get(outcome)
    if outcome == "reached":
        status = random.choices(("contacted", "won", "lost"), (65, 20, 15))[0]
    await conn.execute(
        """update public.leads set attempts = attempts + 1, last_call_at = now(),
             status = coalesce($2, status),
             next_call_at = case when $2 = 'callback' then now() + interval '1 day' end
           where id = $1 and status in ('new', 'contacted', 'callback')""",
        lead,
        status,
    )


async def deal_moves(conn: Client, random: Random) -> None:
    """A deal goes one stage on, or is lost."""
    pick = _PICK.format(table="deals", where="stage in ('open', 'proposal', 'negotiation')")
    await conn.execute(
        f"""update public.deals set
              stage = case when $2 then 'lost' when stage = 'open' then 'proposal'
                           when stage = 'proposal' then 'negotiation' else 'won' end,
              closed_at = case when $2 or stage = 'negotiation' then now() end
            where id = {pick}""",
        _dice(random),
        random.random() < 0.2,
    )


async def deal_grows(conn: Client, random: Random) -> None:
    """The sum is negotiated; now and then it becomes a large one."""
    pick = _PICK.format(table="deals", where="stage in ('open', 'proposal', 'negotiation')")
    large = random.random() < 0.25
    await conn.execute(
        f"update public.deals set amount = round(least(amount * $2 + $3, 900000), -1) where id = {pick}",
        _dice(random),
        random.uniform(0.9, 1.3),
        float(random.randint(500_000, 800_000)) if large else 0.0,
    )


async def deal_opens(conn: Client, random: Random) -> None:
    """A customer asks for an offer."""
    pick = _PICK.format(table="customers", where="true")
    await conn.execute(
        f"""insert into public.deals (title, customer_id, lead_id, amount, expected_on)
            select $2 || ': ' || name, id, lead_id, $3::int, current_date + 30
            from public.customers where id = {pick}""",
        _dice(random),
        random.choice(words("en").deal_titles),
        random.randint(10, 900) * 100,
    )


async def task_done(conn: Client, random: Random) -> None:
    """Somebody ticks a task off."""
    pick = _PICK.format(table="tasks", where="not done")
    await conn.execute(
        f"update public.tasks set done = true, done_at = now() where id = {pick}", _dice(random)
    )


def _dice(random: Random) -> str:
    return str(random.random())


CHANGES: Final[tuple[Change, ...]] = (
    new_lead,
    call_starts,
    call_ends,
    deal_moves,
    deal_grows,
    deal_opens,
    task_done,
)
WEIGHTS: Final = (5, 38, 36, 5, 3, 4, 9)
"""How often each, of 100: at two changes a second some ten runs a minute."""
