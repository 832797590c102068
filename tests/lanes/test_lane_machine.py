"""The conveyor as a state machine: whatever order its processes' steps come in, nothing is lost, doubled or turned."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from lanes.lane_machine import machine_of
from lanes.lane_steps import Parts
from ruleyard.actions.records import Database
from ruleyard.core.types import LogId
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, create_connection
from ruleyard.stores.db import create_engine, transaction
from support.cluster import PASSWORDS, Cluster
from support.published import change_rule, publish

PROFILE = settings(
    max_examples=12,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def parts(cluster: Cluster, settings: Settings, crm_database: str) -> Iterator[Parts]:
    """On a loop of its own: the machine's steps are plain calls."""
    loop = asyncio.new_event_loop()

    async def build() -> tuple[Parts, Watched]:
        engine = create_engine(settings)
        async with transaction(engine) as conn:
            made = await create_connection(
                conn,
                settings,
                name="crm",
                kind="postgres",
                public={
                    "host": "127.0.0.1",
                    "port": cluster.postgres.port,
                    "database": crm_database,
                    "user": "ruleyard_crm",
                },
                secret={"password": PASSWORDS.watcher},
            )
        watched = Watched(engine, settings)
        await start_watch(engine, watched, connection_id=made.id, table="public.leads")
        rule_id, version_id = await publish(engine, change_rule({"===": [1, 1]}))
        pool = await watched.pool(made.id)
        identity = await pool.fetchval("select ruleyard.identity()")
        writers = [await asyncpg.connect(cluster.owner_url(crm_database)) for _ in range(3)]
        log = LogId(int(made.id))
        return (
            Parts(loop, engine, pool, Database(pool), log, identity, rule_id, version_id, writers),
            watched,
        )

    parts, watched = loop.run_until_complete(build())

    async def end() -> None:
        for writer in parts.writers:
            await writer.close()
        await watched.close()
        await parts.engine.dispose()

    yield parts
    loop.run_until_complete(end())
    loop.close()


def test_no_order_of_steps_loses_doubles_or_turns_anything(parts: Parts) -> None:
    run_state_machine_as_test(machine_of(parts), settings=PROFILE)
