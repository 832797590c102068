"""The demo's rules hold: no problem against the live tables, every kind of node, no loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.resources import files

import asyncpg
import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Action, ChangeTrigger, Graph, ManualTrigger, ScheduleTrigger
from ruleyard.core.model import Known, TableModel
from ruleyard.demo.rulebook import bank_rules, crm_rules
from ruleyard.demo.seed import TABLES
from ruleyard.intake.introspect import table_model
from support.cluster import Cluster

CATCHER = "http://127.0.0.1:8026"
DOCUMENTS = {str(d["name"]): d for d in (*crm_rules(CATCHER), *bank_rules())}


def graph_of(name: str) -> Graph:
    graph = parse(DOCUMENTS[name])
    assert isinstance(graph, Graph), graph
    return graph


@pytest.fixture
async def tables(cluster: Cluster) -> AsyncIterator[dict[str, TableModel]]:
    name = cluster.new_empty_database(owner="crm_owner")
    pool = await asyncpg.create_pool(cluster.owner_url(name), min_size=1, max_size=1)
    await pool.execute(files("ruleyard.demo").joinpath("schema.sql").read_text())
    models = {table: await table_model(pool, "crm", table) for table in (*TABLES, "public.bank_calls")}
    yield {table: model for table, model in models.items() if model is not None}
    await pool.close()
    cluster.drop_database(name)


async def test_no_rule_has_a_problem(tables: dict[str, TableModel]) -> None:
    known = Known(
        connections={"crm": "postgres", "mail": "smtp"}, watched={("crm", table) for table in tables}
    )
    problems = {
        name: check(graph_of(name), lambda connection, table: tables.get(table), known) for name in DOCUMENTS
    }
    assert problems == dict.fromkeys(DOCUMENTS, ())


def test_together_they_show_every_kind_of_node() -> None:
    nodes = [node for document in crm_rules(CATCHER) for node in graph_of(str(document["name"])).nodes]
    graphs = [graph_of(str(document["name"])) for document in crm_rules(CATCHER)]
    assert {type(graph.trigger) for graph in graphs} == {ChangeTrigger, ScheduleTrigger, ManualTrigger}
    assert {"Condition", "Wait", "End"} <= {type(node).__name__ for node in nodes}
    assert {node.do for node in nodes if isinstance(node, Action)} == {
        "update_record",
        "create_record",
        "send_email",
        "call_webhook",
        "notify",
    }


def test_no_rule_writes_what_another_listens_to() -> None:
    """What the demo's actions insert or set never sets a demo rule off, so there are no loops."""
    heard: set[tuple[str, str, str]] = set()
    for name in DOCUMENTS:
        trigger = graph_of(name).trigger
        if isinstance(trigger, ChangeTrigger):
            columns = trigger.columns or ("*",)
            heard |= {(trigger.table, event, column) for event in trigger.events for column in columns}
    for name in DOCUMENTS:
        graph = graph_of(name)
        for node in graph.nodes:
            if not isinstance(node, Action):
                continue
            if node.do == "create_record":
                assert (str(node.fields["table"]), "insert", "*") not in heard, name
            elif node.do == "update_record" and isinstance(graph.trigger, ChangeTrigger):
                written = node.fields["set"]
                assert isinstance(written, dict)
                for column in (*written, "*"):
                    assert (graph.trigger.table, "update", column) not in heard, name


def test_the_webhook_goes_to_the_catcher() -> None:
    assert any(f"{CATCHER}/hooks" in str(document) for document in DOCUMENTS.values())
