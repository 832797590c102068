"""A plan: one version, compiled, ready to evaluate. Everything that can be parsed was parsed when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ruleyard.core.action_fields import field_kind
from ruleyard.core.cut import columns_of
from ruleyard.core.deciding import Decider, decider_of, deciding_in
from ruleyard.core.graph import Action, ForEach, Graph, Node, WaitUntil
from ruleyard.core.html_field import HtmlField, html_field
from ruleyard.core.in_effect import Switchable, Way, in_effect, passed_over
from ruleyard.core.json_field import Way as Path
from ruleyard.core.json_field import expressions_in, filled
from ruleyard.core.logic.budget import LogicError
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.tree import pointer
from ruleyard.core.related import Leads, Read, leads_of, reads_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import FAILED, JSON, Branch, JSONObject, NodeId, RuleId, VersionId
from ruleyard.core.where import Where


@dataclass(frozen=True)
class CompiledFields:
    """An action's fields: where each expression stands, and the literals as they are."""

    expressions: tuple[tuple[tuple[str, ...], Compiled], ...]
    literals: tuple[tuple[str, JSON], ...]
    parts: tuple[tuple[str, Path, Compiled], ...] = ()
    """Expressions inside literals of any shape: the field, the way to the expression in it."""
    wheres: tuple[tuple[str, Where], ...] = ()
    """What is sought: only what the run knows is put in."""
    htmls: tuple[tuple[str, HtmlField], ...] = ()

    def resolve(self, data: JSON) -> JSONObject | StepError:
        """The fields with every expression evaluated, or why the first of them has no value."""
        resolved: JSONObject = dict(self.literals)
        for keys, compiled in self.expressions:
            outcome = compiled.evaluate(data)
            if outcome.error:
                path = pointer("", *keys) + outcome.error.path
                return StepError(outcome.error.reason, outcome.error.message, path=path)
            if len(keys) == 1:
                resolved[keys[0]] = outcome.value
            else:
                inner = resolved.setdefault(keys[0], {})
                if isinstance(inner, dict):
                    inner[keys[1]] = outcome.value
        shaped: dict[str, dict[Path, JSON]] = {}
        for name, way, compiled in self.parts:
            outcome = compiled.evaluate(data)
            if outcome.error:
                path = pointer("", name, *way) + outcome.error.path
                return StepError(outcome.error.reason, outcome.error.message, path=path)
            shaped.setdefault(name, {})[way] = outcome.value
        for name, values in shaped.items():
            resolved[name] = filled(resolved[name], values)
        for name, where in self.wheres:
            narrowed = where.resolve(data)
            if isinstance(narrowed, LogicError):
                return StepError(narrowed.reason, narrowed.message, path=pointer("", name) + narrowed.path)
            resolved[name] = narrowed
        for name, html in self.htmls:
            whole = html.resolve(data, pointer("", name))
            if isinstance(whole, StepError):
                return whole
            resolved[name] = whole
        return resolved


@dataclass(frozen=True)
class Plan:
    """A compiled version. Shared between tasks; holds no state.

    `related`: what the nodes that read related records read of them; `leads`: the same by foreign key, empty for most.
    `graph` is the version as it acts: without the steps that are switched off. `over`: those, by the way they stand on.
    `reads`: which columns of the changed record each node reads. `lists`: what each for_each goes through.
    """

    rule_id: RuleId
    version_id: VersionId
    graph: Graph
    nodes: Mapping[NodeId, Node] = field(repr=False, compare=False)
    edges: Mapping[Way, NodeId] = field(repr=False, compare=False)
    over: Mapping[Way, tuple[Switchable, ...]] = field(repr=False, compare=False)
    deciders: Mapping[NodeId, Decider] = field(repr=False, compare=False)
    actions: Mapping[NodeId, CompiledFields] = field(repr=False, compare=False)
    dates: Mapping[NodeId, Compiled] = field(repr=False, compare=False)
    related: Mapping[NodeId, frozenset[Read]] = field(repr=False, compare=False)
    leads: Leads = field(repr=False, compare=False)
    reads: Mapping[NodeId, frozenset[str]] = field(repr=False, compare=False)
    lists: Mapping[NodeId, Compiled] = field(repr=False, compare=False)

    def next(self, node_id: NodeId, branch: Branch | None = None) -> Node | None:
        """The node after this one, None at the end of the path."""
        target = self.edges.get((node_id, branch))
        return None if target is None else self.nodes[target]

    def handles(self, node_id: NodeId) -> bool:
        """Has the node a failed path?"""
        return (node_id, FAILED) in self.edges

    def tries(self, node_id: NodeId) -> int | None:
        """How often its action is tried; None: by the rule's policy."""
        node = self.nodes.get(node_id)
        return node.tries if isinstance(node, Action) else None


def compile_plan(rule_id: RuleId, version_id: VersionId, graph: Graph) -> Plan:
    """The plan of a graph that was parsed. Expressions over a limit become errors when they are reached."""
    over, graph = passed_over(graph), in_effect(graph)
    related = reads_of(graph)
    return Plan(
        rule_id,
        version_id,
        graph,
        nodes=MappingProxyType({node.id: node for node in graph.nodes}),
        edges=MappingProxyType({(edge.source, edge.branch): edge.target for edge in graph.edges}),
        over=over,
        deciders=MappingProxyType({node.id: decider_of(node) for node in deciding_in(graph)}),
        actions=MappingProxyType(
            {node.id: compile_fields(node) for node in graph.nodes if isinstance(node, Action)}
        ),
        dates=MappingProxyType(
            {node.id: compile_logic(node.until) for node in graph.nodes if isinstance(node, WaitUntil)}
        ),
        related=MappingProxyType(related),
        leads=leads_of(related),
        reads=columns_of(graph),
        lists=MappingProxyType(
            {node.id: compile_logic(node.over) for node in graph.nodes if isinstance(node, ForEach)}
        ),
    )


def compile_fields(action: Action) -> CompiledFields:
    """The fields of one action, by the levels that its kind defines (core/action_fields.py)."""
    expressions: list[tuple[tuple[str, ...], Compiled]] = []
    literals: list[tuple[str, JSON]] = []
    parts: list[tuple[str, Path, Compiled]] = []
    wheres: list[tuple[str, Where]] = []
    htmls: list[tuple[str, HtmlField]] = []
    for name, value in action.fields.items():
        kind = field_kind(action.do, name)
        if kind in ("named", "columns") and isinstance(value, dict):
            expressions.extend(((name, key), compile_logic(inner)) for key, inner in value.items())
            if not value:
                literals.append((name, {}))
        elif kind == "expression":
            expressions.append(((name,), compile_logic(value)))
        elif kind == "where":
            wheres.append((name, Where(value)))
        elif kind == "html":
            htmls.append((name, html_field(value)))
        else:
            literals.append((name, value))
            if kind == "json":
                parts.extend((name, way, compile_logic(inner)) for way, inner in expressions_in(value))
    return CompiledFields(
        tuple(expressions), tuple(literals), tuple(parts), wheres=tuple(wheres), htmls=tuple(htmls)
    )
