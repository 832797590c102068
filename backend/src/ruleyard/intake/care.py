"""Care of the event logs: is every watched table still captured, how large is the log, what became of it?

Somebody may drop a table, remove or disable a trigger, restore a backup or let a disk fill. Every log is looked at
several times a minute; what is wrong is written down in words, for the Data screen and for health. What needs no
decision (a partition that was added) is mended at once; the rest has a button. Any number of `listen` may do this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import OWN_LOG, ConnectionId, LogId
from ruleyard.intake.troubles import (
    clock_differs,
    history,
    log_replaced,
    log_too_large,
    missed_changes,
    table_trouble,
)
from ruleyard.logs import get_logger
from ruleyard.settings import Settings
from ruleyard.stores.cursors import Cursor, know_server, list_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.log_health import (
    LogHealth,
    Trouble,
    close_gaps,
    keep_log_health,
    log_health,
    note_gap,
    open_gap,
)
from ruleyard.stores.watches import Watch, keep_watch, list_watches

log = get_logger(__name__)

CARE_S: Final = 15.0
ANSWER_WITHIN_S: Final = 10.0
CLOCK_S: Final = 60.0
"""Clocks that differ by more mislead whoever reads times."""

_SILENT: Final = (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

TABLES: Final = """
select w.name, c.oid is not null as there, f.oid is not null as captured,
  coalesce((select array_agg(a.attname::text order by k.i) from pg_index x
            cross join unnest(x.indkey::int2[]) with ordinality as k(attnum, i)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
            where x.indrelid = c.oid and x.indisprimary), '{}') as key,
  (select count(*) from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = f.oid) as triggers,
  exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = f.oid and t.tgenabled in ('D', 'R')) as off,
  exists (select from pg_partition_tree(c.oid) p join pg_class part on part.oid = p.relid
          where p.relid <> c.oid and part.relkind in ('r', 'p')
            and (pg_has_role(part.relowner, 'usage') or has_table_privilege(part.oid, 'trigger'))
            and not exists (select from pg_trigger t where t.tgrelid = part.oid and t.tgfoid = f.oid)) as new_part
from unnest($1::text[]) as w(name)
left join lateral (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where n.nspname || '.' || c.relname = w.name and c.relkind in ('r', 'p')) c on true
left join lateral (select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                   where n.nspname = 'ruleyard' and p.proname = 'capture_' || left(md5(w.name), 16)) f on true
"""

HIDDEN: Final = """
select a.attname::text as name, a.attnum = any(ruleyard.left_out_numbers(c.oid, f.oid)) as left_out
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_proc f on f.pronamespace = 'ruleyard'::regnamespace and f.proname = 'capture_' || left(md5($1), 16)
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p')
"""

SIZE: Final = """
select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as size_bytes,
  (max(pg_total_relation_size(c.oid)) filter (
    where c.relname = 'event_' || to_char((now() at time zone 'UTC')::date - 1, 'YYYYMMDD')))::bigint as growth_bytes,
  to_char(to_date(min(right(c.relname, 8)) filter (where c.relname ~ '^event_\\d{8}$'), 'YYYYMMDD'), 'YYYY-MM-DD')
    as oldest_on
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'ruleyard.event'::regclass
"""

MISSED: Final = "select case when is_called then last_value + 1 else 0 end from ruleyard.missed"


class Care:
    """One process's look at every log."""

    def __init__(self, settings: Settings, engine: AsyncEngine, pools: LogPools, bells: Bells) -> None:
        self._settings = settings
        self._engine = engine
        self._pools = pools
        self._bells = bells

    async def look(self) -> None:
        """Every log that is read. One that does not answer is left as it was: its connection says so."""
        async with transaction(self._engine) as conn:
            cursors = await list_cursors(conn)
            watches = await list_watches(conn)
        for log_id, held in groupby(cursors, key=lambda one: one.log):
            mine = [one for one in watches if int(one.connection_id) == int(log_id)]
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await self.look_at(log_id, list(held), mine)
            except _SILENT as error:
                log.info("a log could not be looked at", log_id=log_id, reason=str(error))

    async def look_at(self, log_id: LogId, cursors: Sequence[Cursor], watches: Sequence[Watch]) -> None:
        pool = await self._pools.pool(log_id)
        async with transaction(self._engine) as own:
            before = await log_health(own, log_id)
        there = await pool.fetchval("select to_regclass('ruleyard.event') is not null")
        found = await self._tables(pool, watches) if watches else []
        size: dict[str, Any] = dict(await pool.fetchrow(SIZE)) if there else {"size_bytes": 0}
        missed = await self._missed(pool, before.missed) if there else before.missed
        told = await history(pool, cursors) if there else None
        if told is not None and (replaced := log_replaced(told)):
            found.append(replaced)
        found += await self._log_troubles(pool, int(size["size_bytes"]), missed, before)
        health = LogHealth(**size, missed=missed, troubles=tuple(found))
        async with transaction(self._engine) as own:
            await keep_log_health(own, log_id, health)
            if told is not None and told["same"]:
                await know_server(own, log_id, told["server"], told["read_to"])
            for one in found:
                if one.table:
                    await open_gap(own, log_id, one.table, "broken", before.checked_at)
            ill = {one.table for one in found}
            await close_gaps(own, log_id, [one.table for one in watches if one.table not in ill])
            if missed > before.missed and before.checked_at is not None:
                await note_gap(own, log_id, "", "missed", before.checked_at)
        if log_id != OWN_LOG and before.troubles != health.troubles:
            await self._bells.publish_live("watch", {"connection_id": ConnectionId(int(log_id))})

    async def _tables(self, pool: asyncpg.Pool, watches: Sequence[Watch]) -> list[Trouble]:
        rows = {row["name"]: row for row in await pool.fetch(TABLES, [one.table for one in watches])}
        found: list[Trouble] = []
        for watch in watches:
            trouble = table_trouble(watch, rows[watch.table])
            if trouble is None and rows[watch.table]["new_part"]:
                await self._capture_again(pool, watch)
                log.info("a new partition is captured", table=watch.table)
            if trouble is None and watch.excluded:
                await self._follow_names(pool, watch)
            if trouble is not None:
                found.append(trouble)
        return found

    async def _follow_names(self, pool: asyncpg.Pool, watch: Watch) -> None:
        """Has a column that is left out another name? Capture leaves it out by itself; the watch is to say so, too."""
        if not await pool.fetchval(
            "select to_regprocedure('ruleyard.left_out_numbers(oid, oid)') is not null"
        ):
            return
        columns = {row["name"]: row["left_out"] for row in await pool.fetch(HIDDEN, watch.table)}
        hidden = tuple(
            sorted(name for name, left_out in columns.items() if left_out or name in watch.excluded)
        )
        if set(hidden) <= set(watch.excluded):
            return
        now = msgspec.structs.replace(watch, excluded=hidden)
        await self._capture_again(pool, now)
        async with transaction(self._engine) as own:
            await keep_watch(
                own, connection_id=now.connection_id, table=now.table, key=now.key, excluded=now.excluded
            )
        log.info("a column that is left out was renamed", table=watch.table, left_out=list(hidden))

    async def _capture_again(self, pool: asyncpg.Pool, watch: Watch) -> None:
        """Partitions that were added, too: statements that name them are captured as those on their parent are."""
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("select set_config('lock_timeout', '2s', true)")
            await conn.execute(
                """select ruleyard.watch(c.oid, $2, $3) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname || '.' || c.relname = $1""",
                watch.table,
                list(watch.key),
                list(watch.excluded),
            )

    async def _missed(self, pool: asyncpg.Pool, before: int) -> int:
        if await pool.fetchval("select to_regclass('ruleyard.missed') is null"):
            return before
        return int(await pool.fetchval(MISSED))

    async def _log_troubles(
        self, pool: asyncpg.Pool, size_bytes: int, missed: int, before: LogHealth
    ) -> list[Trouble]:
        found: list[Trouble] = []
        most = self._settings.log_max_gb
        if most and size_bytes > most * 2**30:
            found.append(log_too_large(size_bytes, most))
        known = next((one for one in before.troubles if one.code == "changes-missed"), None)
        if missed > before.missed:
            known = missed_changes(missed - before.missed, datetime.now(UTC))
        if known is not None and not _older_than_a_day(known):
            found.append(known)
        asked_at = datetime.now(UTC)
        there = await pool.fetchval("select clock_timestamp()")
        apart_s = (there - asked_at).total_seconds()
        if abs(apart_s) > CLOCK_S:
            found.append(clock_differs(apart_s))
        return found


def _older_than_a_day(trouble: Trouble) -> bool:
    at = datetime.fromisoformat(str(trouble.args["at"]))
    return (datetime.now(UTC) - at).total_seconds() > 86_400
