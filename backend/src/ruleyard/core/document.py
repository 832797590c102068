"""From a rule document (JSON) to a Graph, or to every problem of its shape at once.

Shape only: what the words in it mean (columns, connections, actions) is for `check`. The format: docs/rule-format.md.
"""

from __future__ import annotations

from typing import Any, Final, get_args

import msgspec

from ruleyard.core.errors import Problem
from ruleyard.core.graph import (
    MOST_AN_HOUR,
    Edge,
    Graph,
    Node,
    OncePer,
    Overlap,
    Policy,
    RunLimit,
    Trigger,
    Unknown,
)
from ruleyard.core.hours_shape import read_hours
from ruleyard.core.limits import over_nodes, parse_bytes
from ruleyard.core.near import did_you_mean, suggested
from ruleyard.core.node_shapes import read_node
from ruleyard.core.shape_reader import Reader
from ruleyard.core.timing import read_batch, read_pace, read_settle
from ruleyard.core.types import JSON, JSONObject, NodeId
from ruleyard.core.wiring import wiring_problems

__all__ = ["document_of", "parse", "parse_bytes"]

_KEYS: Final = ("dialect", "name", "description", "nodes", "edges", "policy")


def parse(document: JSON) -> Graph | tuple[Problem, ...]:
    """The graph, or every problem of its shape. Warnings about the wiring come from `check`."""
    if (over := over_nodes(document)) is not None:
        return (over,)
    read = Reader()
    if not isinstance(document, dict):
        return (Problem("not-an-object", "", "A rule document is a JSON object."),)
    read.known_keys(document, _KEYS, "")
    if document.get("dialect", 1) != 1 or isinstance(document.get("dialect"), bool):
        read.add("unknown-dialect", "/dialect", "Only dialect 1 is known.")
    name = read.text(document, "name", "", required=True, longest=200)
    description = read.text(document, "description", "", longest=4_000)
    nodes = _nodes(read, document.get("nodes"))
    edges = _edges(read, document.get("edges", []), nodes)
    policy = _policy(read, document.get("policy", {}))
    if not read.problems:
        read.problems.extend(wiring_problems(tuple(node for _, node in nodes), tuple(edges)))
    if read.problems:
        return tuple(read.problems)
    trigger = next(node for _, node in nodes if isinstance(node, Trigger))
    return Graph(name, trigger, tuple(node for _, node in nodes), tuple(edges), policy, description)


def _nodes(read: Reader, raw: JSON) -> list[tuple[str, Node]]:
    if not isinstance(raw, list) or not raw:
        read.add("no-trigger", "/nodes", "A rule needs a trigger: the node that says when it runs.")
        return []
    nodes: list[tuple[str, Node]] = []
    ids: dict[str, int] = {}
    triggers = 0
    for index, item in enumerate(raw):
        path = f"/nodes/{index}"
        if not isinstance(item, dict):
            read.add("not-an-object", path, "A node is a JSON object.")
            continue
        node_id = read.text(item, "id", path, required=True, longest=40)
        if node_id and not read.is_id(node_id):
            read.add(
                "bad-id",
                f"{path}/id",
                "An id has letters, digits, - and _ and begins with a letter.",
                node_id,
            )
        if node_id and node_id in ids:
            read.add("duplicate-id", f"{path}/id", f'Two nodes have the id "{node_id}".', node_id, id=node_id)
        ids.setdefault(node_id, index)
        if item.get("kind") == "trigger":
            triggers += 1
            if triggers > 1:
                read.add("two-triggers", path, "A rule has one trigger; this is another one.", node_id)
        node = read_node(read, item, NodeId(node_id), path)
        nodes.append((node_id, node)) if node else None
        read.ids.add(node_id)
    if not triggers:
        read.add("no-trigger", "/nodes", "A rule needs a trigger: the node that says when it runs.")
    return nodes


def _edges(read: Reader, raw: JSON, nodes: list[tuple[str, Node]]) -> list[Edge]:
    if not isinstance(raw, list):
        read.add("not-a-list", "/edges", "Edges are a list of [from, to] or [from, to, branch].")
        return []
    edges: list[Edge] = []
    for index, item in enumerate(raw):
        path = f"/edges/{index}"
        if (
            not isinstance(item, list)
            or len(item) not in (2, 3)
            or not isinstance(item[0], str)
            or not isinstance(item[1], str)
        ):
            read.add("bad-edge", path, "An edge is [from, to] or [from, to, branch].")
            continue
        for place in (0, 1):
            if item[place] not in read.ids:
                words = f'There is no node "{item[place]}".{did_you_mean(str(item[place]), read.ids)}'
                args = suggested(item[place], read.ids)
                read.add("dangling-edge", f"{path}/{place}", words, None, **args | {"to": item[place]})
        branch = item[2] if len(item) == 3 else None
        if branch is not None and not isinstance(branch, str):
            read.add("bad-branch", f"{path}/2", "A branch is text.")
            continue
        edges.append(Edge(NodeId(item[0]), NodeId(item[1]), branch))
    return edges


def _policy(read: Reader, raw: JSON) -> Policy:
    if not isinstance(raw, dict):
        read.add("not-an-object", "/policy", "The policy is a JSON object.")
        return Policy()
    read.known_keys(raw, Policy.__struct_fields__, "/policy")
    overlap = read.word(raw, "overlap", "/policy", get_args(Overlap), "queue")
    on_error = read.word(raw, "on_error", "/policy", ("retry", "stop"), "retry")
    unknown = read.word(raw, "unknown", "/policy", get_args(Unknown), "ask")
    return Policy(
        overlap,  # type: ignore[arg-type]
        on_error,  # type: ignore[arg-type]
        unknown,  # type: ignore[arg-type]
        _limit(read, raw),
        read_pace(read, raw),
        read_settle(read, raw),
        read_batch(read, raw),
        read_hours(read, raw.get("hours"), "/policy/hours"),
        _once(read, raw),
    )


def _once(read: Reader, raw: JSONObject) -> OncePer | None:
    if "once" not in raw:
        return None
    return "day" if read.word(raw, "once", "/policy", get_args(OncePer), "record") == "day" else "record"


def _limit(read: Reader, raw: JSONObject) -> RunLimit:
    found = raw.get("limit", "auto")
    if found in ("auto", "off"):
        return "off" if found == "off" else "auto"
    if isinstance(found, str):
        read.word(raw, "limit", "/policy", ("auto", "off"), "auto")
        return "auto"
    return read.whole(raw, "limit", "/policy", 1, MOST_AN_HOUR) or "auto"


def document_of(graph: Graph) -> JSONObject:
    """The document of a graph: `parse(document_of(graph)) == graph`."""
    nodes: list[Any] = []
    for node in graph.nodes:
        value: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(node))
        if isinstance(node, Trigger):
            value = {"id": node.id, "kind": "trigger", "on": node.on} | value
        else:
            value = {"id": node.id, "kind": node.kind} | value
        nodes.append(value)
    document: dict[str, Any] = {"dialect": 1, "name": graph.name}
    if graph.description:
        document["description"] = graph.description
    edges = [[e.source, e.target, e.branch] if e.branch else [e.source, e.target] for e in graph.edges]
    document |= {"nodes": nodes, "edges": edges}
    if policy := msgspec.json.decode(msgspec.json.encode(graph.policy)):
        document["policy"] = policy
    return document
