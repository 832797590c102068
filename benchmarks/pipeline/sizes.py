"""What things take: memory of each process, connections, log and history in bytes."""

from __future__ import annotations

from pipeline.bare import UPDATE, pgbench
from pipeline.bench import Bench
from pipeline.documents import never_matches, writes_a_record
from pipeline.figures import Figure
from pipeline.house import House, quiet
from pipeline.load import memory_mb

NAMES = {"listen": "listen", "work-1": "work", "serve": "serve"}


async def sizes(bench: Bench) -> list[Figure]:
    figures: list[Figure] = []
    async with House(bench.ground) as house:
        await house.publish(writes_a_record())
        house.run("serve", "serve")
        await house.start(workers=1)
        idle = {name: memory_mb(one.pid)[0] for name, one in house.processes.items()}
        since = await house.admin.fetchval("select pg_current_wal_insert_lsn()::text")
        await house.admin.execute("select pg_switch_wal()")
        await pgbench(
            house.crm_url,
            bench.ground.folder,
            UPDATE,
            clients=8,
            seconds=4,
            records=house.records,
            rate=500,
        )
        await house.admin.execute("update public.leads set attempts = attempts + 1")

        async def done() -> bool:
            events = await house.admin.fetchval("select count(*) from ruleyard.event")
            recorded = await house.own.fetchval("select count(*) from app.run")
            return bool(events == recorded) and await quiet(house.own)

        await house.until(done, what="every run to end")
        del since
        for name, process in house.processes.items():
            _, most = memory_mb(process.pid)
            figures.append(Figure("sizes", f"memory of {NAMES[name]}, idle", idle[name], "MB"))
            figures.append(Figure("sizes", f"memory of {NAMES[name]}, most under load", most, "MB"))
        figures += await _bytes(house)
        figures += await _connections(house)
        house.end()
        for number in range(200):
            await house.publish(never_matches(number))
    bench.loaded("sizes")
    return figures


async def _bytes(house: House) -> list[Figure]:
    events = await house.admin.fetchrow(
        """select (select count(*) from ruleyard.event) as count,
        (select sum(pg_total_relation_size(i.inhrelid)) from pg_inherits i
         where i.inhparent = 'ruleyard.event'::regclass) as bytes,
        (select avg(pg_column_size(l.*)) from public.leads l) as row"""
    )
    tables = {}
    for table in ("run", "step", "attempt"):
        tables[table] = await house.own.fetchval(
            """select sum(pg_total_relation_size(relid)) from pg_partition_tree($1::text::regclass) where isleaf""",
            f"app.{table}",
        )
    runs = await house.own.fetchval("select count(*) from app.run")
    applied = await house.admin.fetchval("select pg_total_relation_size('ruleyard.applied')")
    row = float(events["row"])
    return [
        Figure(
            "sizes",
            f"event log, a change of a row of {row:.0f} bytes",
            float(events["bytes"]) / events["count"],
            "bytes",
        ),
        Figure(
            "sizes",
            "history, a run with 3 steps",
            sum(float(size) for size in tables.values()) / runs,
            "bytes",
        ),
        Figure("sizes", "key of a record write, in the watched database", float(applied) / runs, "bytes"),
    ]


async def _connections(house: House) -> list[Figure]:
    rows = await house.own.fetch(
        """select case when application_name = 'ruleyard' then 'ours, all processes' else application_name end as name,
        count(*) as open from pg_stat_activity
        where datname in ($1, $2) and application_name like 'ruleyard%' group by 1 order by 1""",
        house.crm,
        house.settings.database_url.rsplit("/", 1)[1],
    )
    return [Figure("sizes", f"connections, {row['name']}", float(row["open"]), "open") for row in rows]
