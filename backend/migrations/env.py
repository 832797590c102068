"""Alembic on asyncpg: every migration in its own transaction, the version kept in schema `app`.

The address comes from `config.attributes["database_url"]` or RULEYARD_DATABASE_URL. In code that has a
running loop? Call `alembic.command.upgrade` in a thread (`asyncio.to_thread`).
"""

from __future__ import annotations

import asyncio
import os

import asyncpg
from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

config = context.config


def database_url() -> str:
    url = config.attributes.get("database_url") or os.environ.get("RULEYARD_DATABASE_URL", "")
    if not url:
        raise SystemExit("RULEYARD_DATABASE_URL is not set (docs/settings.md).")
    scheme, _, rest = str(url).partition("://")
    return f"postgresql://{rest}" if scheme.startswith("postgres") else str(url)


def run(connection: Connection) -> None:
    # Two processes that start at the same time must not migrate at the same time; nor does anybody wait for ever.
    connection.execute(text("select set_config('lock_timeout', '120s', false)"))
    connection.execute(text("select pg_advisory_lock(hashtext('ruleyard.migrate'))"))
    connection.execute(text("create schema if not exists app"))
    connection.commit()
    context.configure(connection=connection, version_table_schema="app", transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    url = database_url()
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(
            url, timeout=10, server_settings={"application_name": "ruleyard migrate"}
        ),
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
