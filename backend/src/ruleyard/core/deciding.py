"""Nodes that decide by which way a run goes on: a condition asks once, a choose asks way by way until one holds.

Both are a row of tests and what is left when none holds; whatever judges, proves or explains goes by that and knows no
difference. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ruleyard.core.action_fields import ways_of
from ruleyard.core.graph import Action, Choose, Condition, Deciding, End, ForEach, Graph, Node, WaitFor
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.values import truthy
from ruleyard.core.trace import Seen, StepError
from ruleyard.core.types import EACH, FAILED, JSON, LATE, OTHERWISE, Branch, NodeId


class Test(NamedTuple):
    """Holds it, the run goes by `branch`. `at`: a JSON Pointer from the node to `logic`. `seen`: what stands before
    the paths of what a trace saw of it: nothing at a condition, `at` where a node has several tests."""

    branch: Branch
    logic: JSON
    at: str
    seen: str


def tests_of(node: Deciding) -> tuple[Test, ...]:
    """In the order in which they are asked."""
    if isinstance(node, Condition):
        return (Test("yes", node.logic, "/logic", ""),)
    return tuple(
        Test(way.key, way.logic, at, at)
        for way, at in ((way, f"/ways/{index}/logic") for index, way in enumerate(node.ways))
    )


def left_over(node: Deciding) -> Branch:
    """The branch that is taken when no test holds."""
    return "no" if isinstance(node, Condition) else OTHERWISE


def branches_of(node: Node) -> tuple[Branch | None, ...]:
    """Every way out that a node can have; None is the plain one."""
    if isinstance(node, Deciding):
        return (*(test.branch for test in tests_of(node)), left_over(node))
    if isinstance(node, Action):
        return (None, *ways_of(node.do), FAILED)
    if isinstance(node, WaitFor):
        return (None, LATE)
    if isinstance(node, ForEach):
        return (None, EACH)
    return () if isinstance(node, End) else (None,)


def deciding_in(graph: Graph) -> Iterator[Deciding]:
    """In the order of the document."""
    return (node for node in graph.nodes if isinstance(node, Deciding))


def branch_words(node: Node, branch: Branch | None) -> str:
    """A branch as people call it: the name of a way where it has one."""
    named = {way.key: way.name for way in getattr(node, "ways", ())}
    return named.get(branch or "") or branch or ""


def way_names(graph: Graph) -> dict[tuple[NodeId, Branch], str]:
    """What the ways of every choose are called."""
    return {
        (node.id, way.key): way.name or way.key
        for node in graph.nodes
        if isinstance(node, Choose)
        for way in node.ways
    }


class Traced(NamedTuple):
    """`value` is what a condition came to; None for a choose."""

    taken: Branch | StepError
    seen: tuple[Seen, ...]
    value: JSON


@dataclass(frozen=True)
class Decider:
    """A deciding node, compiled. Holds no state."""

    tests: tuple[tuple[Branch, Compiled, str], ...]
    otherwise: Branch

    def decide(self, data: JSON) -> Branch | StepError:
        """The branch that is taken; an error where a test that is come to has no value."""
        for branch, compiled, seen in self.tests:
            outcome = compiled.evaluate(data)
            if outcome.error:
                error = outcome.error
                return StepError(error.reason, error.message, path=seen + error.path)
            if truthy(outcome.value):
                return branch
        return self.otherwise

    def trace(self, data: JSON) -> Traced:
        """The same, with what was seen; of tests that are not come to, nothing is."""
        found: list[Seen] = []
        value: JSON = None
        for branch, compiled, place in self.tests:
            outcome, seen = compiled.trace(data)
            found += seen if not place else (_below(place, one) for one in seen)
            value = None if place else outcome.value
            if outcome.error:
                error = outcome.error
                return Traced(
                    StepError(error.reason, error.message, path=place + error.path), tuple(found), value
                )
            if truthy(outcome.value):
                return Traced(branch, tuple(found), value)
        return Traced(self.otherwise, tuple(found), value)


def _below(place: str, seen: Seen) -> Seen:
    return Seen(place + seen.path, seen.operator, seen.truth, seen.value, seen.values)


def decider_of(node: Deciding) -> Decider:
    """Expressions over a limit become errors when they are come to."""
    return Decider(
        tuple((test.branch, compile_logic(test.logic), test.seen) for test in tests_of(node)), left_over(node)
    )
