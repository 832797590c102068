"""Random requests made from the API's own description: never a 5xx, and every answer has the shape it promises.

Small on purpose (a few requests per operation). Left out: the endless stream, and what would call strange hosts.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import uvicorn
from schemathesis.specs.openapi.checks import response_schema_conformance

from api.conftest import key_of
from ruleyard.api.app import create_app
from ruleyard.api.schema import document
from ruleyard.settings import Settings
from ruleyard.stores.db import create_engine
from support.cluster import Cluster
from support.waiting import until_now

SCHEMA = (
    schemathesis.openapi.from_dict(document())
    .exclude(path_regex="/stream$|/health/")
    .exclude(path_regex="^/api/v1/connections(/check)?$", method="POST")
)


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a served app and an administrator's key."""
    listening = socket.create_server(("127.0.0.1", 0))
    name = cluster.new_own_database()
    folder: Path = tmp_path_factory.mktemp("caught")
    settings = Settings(
        cluster.own_url(name),
        cluster.new_redis_url(),
        "00" * 32,
        port=listening.getsockname()[1],
        catcher_dir=folder,
    )

    async def make_key() -> str:
        engine = create_engine(settings)
        try:
            return await key_of(engine, "admin")
        finally:
            await engine.dispose()

    key = asyncio.run(make_key())
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, ws="none", loop="asyncio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until_now(lambda: server.started, what="the server to start")
    yield settings.base_url, key
    server.should_exit = True
    thread.join(60)
    cluster.drop_database(name)


OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_breaks_the_api(operation: Any, served: tuple[str, str]) -> None:
    address, key = served
    headers = {"Authorization": f"Bearer {key}"}

    @hypothesis.settings(
        max_examples=4,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call(base_url=address, headers=headers, timeout=120)
        assert answer.status_code < 500 or answer.json()["code"] == "unavailable", answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0].startswith("application/problem+json")
            assert answer.json()["detail"]
        elif answer.status_code != 204:
            case.validate_response(answer, checks=[response_schema_conformance])

    ask()
