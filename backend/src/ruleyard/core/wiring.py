"""What is wrong with the edges between nodes: cycles, branches, too many ways out; and what cannot be reached."""

from __future__ import annotations

from ruleyard.core.action_fields import ways_of
from ruleyard.core.deciding import branches_of
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action, Choose, Condition, Edge, End, ForEach, Graph, Node, Trigger
from ruleyard.core.in_effect import in_effect
from ruleyard.core.items import bodies_of
from ruleyard.core.near import did_you_mean, suggested
from ruleyard.core.types import EACH, FAILED, JSON, LATE, REFUSED, JSONObject, NodeId


def wiring_problems(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> list[Problem]:
    """Errors of the wiring. Every edge ends at a known node (checked before)."""
    by_id = {node.id: node for node in nodes}
    found: list[Problem] = []
    taken: set[tuple[NodeId, str | None]] = set()
    for index, edge in enumerate(edges):
        path, source = f"/edges/{index}", by_id[edge.source]
        if isinstance(by_id[edge.target], Trigger):
            found.append(
                Problem("edge-into-trigger", path, "Nothing can lead into the trigger.", node=edge.target)
            )
        found.extend(_branch_problem(edge, source, path))
        if isinstance(source, End):
            found.append(Problem("edge-out-of-end", path, "Nothing comes after an end.", node=edge.source))
        if (edge.source, edge.branch) in taken:
            way = f'the branch "{edge.branch}" of "{edge.source}"' if edge.branch else f'"{edge.source}"'
            found.append(
                Problem("two-ways-out", path, f"Two edges leave {way}; only one can.", node=edge.source)
            )
        taken.add((edge.source, edge.branch))
    found.extend(_body_problems(nodes, edges))
    cycle = find_cycle(edges)
    if cycle:
        index = next(i for i, e in enumerate(edges) if e.source == cycle[-1] and e.target == cycle[0])
        words = "These steps lead in a circle: " + " → ".join([*cycle, cycle[0]]) + "."
        found.append(Problem("cycle", f"/edges/{index}", words, node=cycle[0], args={"nodes": list(cycle)}))
    return found


def _branch_problem(edge: Edge, source: Node, path: str) -> list[Problem]:
    """Of an edge that says no way out of its node."""
    branches = branches_of(source)
    if edge.branch in branches or isinstance(source, End):
        return []
    choices: list[JSON] = [branch for branch in branches if branch is not None]
    if edge.branch is None:
        named = ", ".join(f'"{one}"' for one in choices)
        words = (
            'An edge out of a condition says "yes" or "no".'
            if isinstance(source, Condition)
            else f"An edge out of a choose says which way: {named}."
        )
        return [Problem("missing-branch", path, words, node=edge.source, args={"choices": choices})]
    args: JSONObject = {"branch": edge.branch, "step": edge.source}
    if isinstance(source, Choose):
        words = f'"{edge.source}" has no way "{edge.branch}".{did_you_mean(edge.branch, [str(one) for one in choices])}'
        args |= {"choices": choices, **suggested(edge.branch, [str(one) for one in choices])}
        return [Problem("unknown-way", f"{path}/2", words, node=edge.source, args=args)]
    if isinstance(source, Condition):
        words = 'A branch of a condition is "yes" or "no".'
        return [Problem("bad-branch", f"{path}/2", words, node=edge.source, args=args)]
    if edge.branch == LATE:
        words = f'Only a wait for an event or the record, or a question, can go on by "late"; "{edge.source}" is none.'
        return [Problem("late-without-wait", path, words, node=edge.source, args=args)]
    if edge.branch == REFUSED:
        words = f'Only a question for approval can go on by "{edge.branch}"; "{edge.source}" is none.'
        return [Problem("answer-without-question", path, words, node=edge.source, args=args)]
    words = (
        f'Only an action can go on by "failed"; "{edge.source}" is none.'
        if edge.branch == FAILED
        else f'Only a condition has "{edge.branch}"; "{edge.source}" is none.'
    )
    if edge.branch == EACH:
        words = f'Only a for_each has "each"; "{edge.source}" is none.'
        return [Problem("each-without-list", path, words, node=edge.source, args=args)]
    code = "failed-without-action" if edge.branch == FAILED else "branch-without-condition"
    return [Problem(code, path, words, node=edge.source, args=args)]


def _body_problems(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> list[Problem]:
    """What is done for every item stands apart: nothing else leads into it, it leads nowhere else, and no list is in a
    list."""
    found: list[Problem] = []
    lists = {node.id for node in nodes if isinstance(node, ForEach)}
    bodies = bodies_of(nodes, edges)
    for index, edge in enumerate(edges):
        home = bodies.get(edge.target)
        if home is None or (edge.source == home.id and edge.branch == EACH):
            continue
        if bodies.get(edge.source) is not home:
            words = f'"{edge.target}" is done for every item of "{home.id}": nothing else can lead there.'
            args: JSONObject = {"step": home.id}
            found.append(Problem("joins-items", f"/edges/{index}", words, node=edge.source, args=args))
    for index, node in enumerate(nodes):
        if node.id in lists and node.id in bodies:
            words = "A list inside of another list cannot be gone through: let the inner steps be a rule of their own."
            found.append(Problem("list-in-list", f"/nodes/{index}", words, node=node.id))
    return found


def find_cycle(edges: tuple[Edge, ...]) -> tuple[NodeId, ...]:
    """The nodes of one cycle in order, () where there is none. Does not recurse."""
    after: dict[NodeId, list[NodeId]] = {}
    for edge in edges:
        after.setdefault(edge.source, []).append(edge.target)
    finished: set[NodeId] = set()
    for start in after:
        if start in finished:
            continue
        way: list[NodeId] = [start]
        stack = [iter(after[start])]
        while stack:
            target = next(stack[-1], None)
            if target is None:
                stack.pop()
                finished.add(way.pop())
            elif target in way:
                return tuple(way[way.index(target) :])
            elif target not in finished:
                way.append(target)
                stack.append(iter(after.get(target, ())))
    return ()


def reachable(graph: Graph) -> set[NodeId]:
    """The nodes that a run can come to."""
    seen: set[NodeId] = set()
    todo = [graph.trigger.id]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(edge.target for edge in graph.edges if edge.source == node)
    return seen


def wiring_warnings(graph: Graph) -> list[Problem]:
    """Nodes that no run comes to, and rules that do nothing."""
    acting = in_effect(graph)
    seen = reachable(acting)
    there = {node.id for node in acting.nodes}
    found = [
        Problem(
            "unreachable-node",
            f"/nodes/{index}",
            "No path leads here, so it never happens.",
            "warning",
            node.id,
        )
        for index, node in enumerate(graph.nodes)
        if node.id in there and node.id not in seen
    ]
    found += [
        Problem(
            "answer-unused",
            f"/nodes/{index}",
            "Nothing follows whatever is answered: the answer is only kept.",
            "warning",
            node.id,
        )
        for index, node in enumerate(graph.nodes)
        if isinstance(node, Action) and ways_of(node.do) and node.id in seen
        if not any(edge.source == node.id and edge.branch != FAILED for edge in acting.edges)
    ]
    if not any(isinstance(node, Action) and node.id in seen for node in acting.nodes):
        found.append(
            Problem("nothing-to-do", "/nodes", "This rule does nothing yet: add an action.", "warning")
        )
    return found
