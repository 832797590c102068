"""How many rules use each connection: asked once, whatever the number of connections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import JSON
from ruleyard.settings import Settings
from ruleyard.stores.connections import create_connection
from ruleyard.stores.db import transaction
from ruleyard.stores.rule_documents import rules_naming
from ruleyard.stores.rules import create_rule
from support.published import change_rule, publish


def mailing(*connections: Any) -> dict[str, Any]:
    document = change_rule({"===": [1, 1]})
    document["nodes"] += [
        {"id": f"m{at}", "kind": "action", "do": "send_email", "fields": {"connection": name}}
        for at, name in enumerate(connections)
    ]
    return document


async def test_a_mail_that_names_no_server_uses_the_oldest_one(
    engine: AsyncEngine, settings: Settings
) -> None:
    async with transaction(engine) as conn:
        for name, kind in (("crm", "postgres"), ("post", "smtp"), ("other", "smtp")):
            public: dict[str, JSON] = {"host": "localhost", "database": "x", "user": "x"}
            await create_connection(
                conn,
                settings,
                name=name,
                kind=kind,
                public=public if kind == "postgres" else {"host": "localhost"},
                secret={},
            )
        await create_rule(conn, name="plain", document=mailing(None), layout={}, by=None)
        found = await rules_naming(conn, ["post", "other"])
    assert {name: [rule for _, rule in using] for name, using in found.items()} == {
        "post": ["plain"],
        "other": [],
    }


async def test_rules_are_counted_once_for_each_connection_that_their_draft_or_live_version_names(
    engine: AsyncEngine,
) -> None:
    async with transaction(engine) as conn:
        both = await create_rule(conn, name="both", document=mailing("other", "other"), layout={}, by=None)
        await create_rule(
            conn, name="r", document=mailing("other", {"var": "after.post"}), layout={}, by=None
        )
        gone = await create_rule(conn, name="gone", document=mailing("post"), layout={}, by=None)
        await conn.execute(text("update app.rule set archived_at = now() where id = :id"), {"id": gone})
        await create_rule(conn, name="odd", document={"nodes": "none"}, layout={}, by=None)
    await publish(engine, mailing("post", "post"), rule_id=both)
    asked: list[str] = []
    async with transaction(engine) as conn:
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        found = await rules_naming(conn, ["crm", "other", "post", "unused"])
    assert {name: len(using) for name, using in found.items()} == {
        "crm": 2,
        "other": 2,
        "post": 1,
        "unused": 0,
    }
    assert [name for _, name in found["crm"]] == ["both", "r"]
    assert len([one for one in asked if "app.rule" in one]) == 1
