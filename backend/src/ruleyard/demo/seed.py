"""Fill the watched database `crm` and make the demo's connections, watches and rules.

Done again it changes nothing. Knows where things go; what they are is in generator.py and rulebook.py.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import asyncpg
import msgspec

from ruleyard.api.house import open_house
from ruleyard.clock import utc_now
from ruleyard.core.errors import Unavailable
from ruleyard.demo.generator import generate
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches, follow_catcher
from ruleyard.demo.rulebook import crm_rules
from ruleyard.settings import Settings

SEED: Final = 7
TABLES: Final = ("public.leads", "public.customers", "public.deals", "public.calls", "public.tasks")
"""What the demo watches at once; `public.bank_calls` follows with the first replay."""


class SeedReport(msgspec.Struct, frozen=True):
    """What was new: rows by table (empty when the rows were there already), rules by name."""

    rows: dict[str, int]
    rules: tuple[str, ...]


async def seed(
    settings: Settings, *, crm_owner_url: str, catcher_smtp: tuple[str, int], catcher_http: str
) -> SeedReport:
    """Tables and rows first, then watches, so that the invented past is no event. Unavailable when down."""
    rows = await fill(crm_owner_url)
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=crm_owner_url, smtp=catcher_smtp)
        await ensure_watches(house, crm, TABLES)
        documents = crm_rules(catcher_http)
        rules = await ensure_rules(house, documents)
        await follow_catcher(house, documents, catcher_http)
    return SeedReport(rows=rows, rules=tuple(rules))


async def make_tables(conn: asyncpg.Connection) -> None:
    """The CRM's tables, where they are missing."""
    await conn.execute(files("ruleyard.demo").joinpath("schema.sql").read_text(encoding="utf-8"))


async def fill(crm_owner_url: str) -> dict[str, int]:
    """The tables and, where there are no agents yet, all rows. Answers the new rows by table."""
    try:
        conn = await asyncpg.connect(crm_owner_url, timeout=20, command_timeout=60)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable(f"The demo's database does not answer: {error}") from error
    try:
        async with conn.transaction():
            await make_tables(conn)
            await conn.execute("lock table public.agents in share row exclusive mode")
            if await conn.fetchval("select exists (select from public.agents)"):
                return {}
            tables = generate(SEED, utc_now())
            for table in tables:
                await conn.copy_records_to_table(table.name, records=table.rows, columns=table.columns)
                await conn.execute(
                    "select setval(pg_get_serial_sequence($1, 'id'), $2)",
                    f"public.{table.name}",
                    len(table.rows),
                )
        for table in tables:
            await conn.execute(f"analyze public.{table.name}")
        return {table.name: len(table.rows) for table in tables}
    finally:
        await conn.close(timeout=5)
