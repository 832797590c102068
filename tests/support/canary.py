"""Looks for a secret wherever it must not be: in every row of our own tables, in any of its usual spellings."""

from __future__ import annotations

import base64
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores.db import transaction


def spellings(secret: str) -> tuple[str, ...]:
    """As it is, in base64, in hexadecimal digits, as part of an address."""
    plain = secret.encode()
    return (secret, base64.b64encode(plain).decode().rstrip("="), plain.hex(), quote(secret, safe=""))


def found_in(told: str, *secrets: str) -> list[str]:
    """The spellings that stand in a text."""
    return [form for secret in secrets for form in spellings(secret) if form in told]


async def dump(engine: AsyncEngine) -> str:
    """Every row of every table of our own, as text."""
    async with transaction(engine) as conn:
        tables = await conn.scalars(
            text("""
                select format('%I.%I', table_schema, table_name) from information_schema.tables
                where table_schema in ('app', 'ruleyard') and table_type = 'BASE TABLE' order by 1
            """)
        )
        rows: list[str] = []
        for table in list(tables):
            rows += [f"{table} {row}" for row in await conn.scalars(text(f"select t::text from {table} t"))]
    return "\n".join(rows)
