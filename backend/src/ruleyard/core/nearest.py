"""The nearest reason: the fewest comparisons that would have to come out otherwise for a rule to find something to do.

Each test of a condition or a choose is a tree of and/or/not/if over comparisons. A comparison flips as a whole and
independently of the others; where the same comparison stands twice it counts once. Knows nothing of databases, events'
logs or screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec

from ruleyard.core.deciding import deciding_in, left_over, tests_of
from ruleyard.core.graph import Deciding, End
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.tree import pointer
from ruleyard.core.logic.values import truthy
from ruleyard.core.plan import Plan
from ruleyard.core.types import JSON, Branch, JSONObject, NodeId
from ruleyard.core.words import logic_words, seen_words, value_words

OPPOSITE: Final = {
    "===": "!==", "!==": "===", "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_MOST: Final = 2_000


FlipKind: TypeAlias = Literal["compare", "already", "events", "columns", "off"]


class Flip(msgspec.Struct, frozen=True, omit_defaults=True):
    """One comparison that decided, with what it saw and what it would have needed.

    `path` is a JSON Pointer inside the condition's logic, at a choose inside the node. `needed` is a value where
    `relation` compares with one literal (`attempts` `>=` `3`), else None and `words` say it all. Both sides of a
    comparison are in `values`. `kind`: `already` where the old value was that already, `events` and `columns` for what
    a trigger listens to, `off` for a rule that was off; `compare` for all others.
    """

    node: NodeId
    path: str
    relation: str
    seen: JSON
    needed: JSON
    words: str
    values: tuple[JSON, ...] = ()
    kind: FlipKind = "compare"


@dataclass(frozen=True)
class Leaf:
    """One comparison (or any other expression that is not and/or/not/if)."""

    node: NodeId
    path: str
    logic: JSON
    compiled: Compiled
    fixed: bool
    text: str

    def truth(self, data: JSON) -> bool | None:
        """None where it cannot be decided."""
        outcome = self.compiled.evaluate(data)
        return None if outcome.error else truthy(outcome.value)


@dataclass(frozen=True)
class Every:
    """All parts hold."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Some:
    """At least one part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Not:
    part: Tree


Tree: TypeAlias = "Leaf | Every | Some | Not"
Wanted: TypeAlias = "tuple[tuple[Leaf, bool], ...]"
Ways: TypeAlias = "tuple[tuple[Branch, tuple[tuple[Tree, bool], ...]], ...]"
"""By way out of a node, in order: which tests must hold and which must not."""


class Nearest:
    """A plan's conditions as trees, ready for many events."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ways: Mapping[NodeId, Ways] = {node.id: ways_of(node) for node in deciding_in(plan.graph)}
        self._order = self._backwards()

    def wanted(self, data: JSONObject, most: int = _MOST) -> Wanted | None:
        """The fewest (comparison, truth) pairs that lead to something to do; None where no set of up to `most` does."""
        truths: dict[int, bool | None] = {}
        ways: dict[NodeId, Wanted | None] = {}
        for node_id in self._order:
            node = self._plan.nodes[node_id]
            if isinstance(node, End):
                ways[node_id] = None
            elif node_id not in self._ways:
                ways[node_id] = ()
            else:
                found: list[Wanted | None] = []
                for branch, asked in self._ways[node_id]:
                    target = self._plan.edges.get((node_id, branch))
                    rest = ways.get(target) if target is not None else None
                    if rest is not None:
                        found.append(_both(_all(asked, data, truths, most), rest, most))
                ways[node_id] = _fewest(found)
        first = self._plan.edges.get((self._plan.graph.trigger.id, None))
        return ways.get(first) if first is not None else None

    def flips(self, data: JSONObject) -> tuple[Flip, ...]:
        """The nearest reason in words and values; () where nothing leads to an action or nothing is needed."""
        return tuple(flip_of(leaf, truth, data) for leaf, truth in self.wanted(data) or ())

    def _backwards(self) -> list[NodeId]:
        """The conditions on the way and what they lead to, targets before their sources."""
        order: list[NodeId] = []
        seen: set[NodeId] = set()
        first = self._plan.edges.get((self._plan.graph.trigger.id, None))
        todo: list[tuple[NodeId, bool]] = [(first, False)] if first is not None else []
        while todo:
            node_id, done = todo.pop()
            if done:
                order.append(node_id)
                continue
            if node_id in seen:
                continue
            seen.add(node_id)
            todo.append((node_id, True))
            if node_id in self._ways:
                targets = [self._plan.edges.get((node_id, branch)) for branch, _ in self._ways[node_id]]
                todo.extend((target, False) for target in targets if target is not None)
        return order


def other_way(node: Deciding, branch: Branch, data: JSON) -> tuple[Flip, ...]:
    """The fewest comparisons that would have sent it another way; () where none can."""
    truths: dict[int, bool | None] = {}
    found = _fewest([_all(asked, data, truths, _MOST) for other, asked in ways_of(node) if other != branch])
    return tuple(flip_of(leaf, truth, data) for leaf, truth in found or ())


def ways_of(node: Deciding) -> Ways:
    """What each way out of it asks: every test before it does not hold, its own does."""
    trees = [(test.branch, tree_of(test.logic, node.id, test.seen)) for test in tests_of(node)]
    asked = [
        (branch, (*((before, False) for _, before in trees[:place]), (tree, True)))
        for place, (branch, tree) in enumerate(trees)
    ]
    return (*asked, (left_over(node), tuple((tree, False) for _, tree in trees)))


def _all(
    asked: tuple[tuple[Tree, bool], ...], data: JSON, truths: dict[int, bool | None], most: int
) -> Wanted | None:
    whole: Wanted | None = ()
    for tree, truth in asked:
        whole = _both(whole, _want(tree, truth, data, truths, most), most)
        if whole is None:
            return None
    return whole


def tree_of(logic: JSON, node: NodeId, path: str = "") -> Tree:
    """The tree of a condition. Joints with odd arguments stay whole, as one leaf."""
    operator, args, at = parts_of(logic, path)
    trees = (tree_of(arg, node, here) for arg, here in zip(args, at, strict=True))
    if operator == "and" and args:
        return Every(tuple(trees))
    if operator == "or" and args:
        return Some(tuple(trees))
    if operator in ("!", "!!") and len(args) == 1:
        return Not(next(trees)) if operator == "!" else next(trees)
    if operator in ("if", "?:") and len(args) >= 3 and len(args) % 2:
        return _choice(tuple(trees))
    return Leaf(node, path, logic, compile_logic(logic), not reads(logic), repr(logic))


def _choice(parts: tuple[Tree, ...]) -> Tree:
    """`if a then b else c` is (a and b) or (not a and c)."""
    *pairs, last = parts
    for test, value in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
        last = Some((Every((test, value)), Every((Not(test), last))))
    return last


def parts_of(logic: JSON, path: str) -> tuple[str, list[JSON], list[str]]:
    """The operator, its arguments and where they stand; "" where it is no call."""
    if not isinstance(logic, dict) or len(logic) != 1:
        return "", [], []
    [(operator, body)] = logic.items()
    base = pointer(path, operator)
    if isinstance(body, list):
        return operator, body, [pointer(base, index) for index in range(len(body))]
    return operator, [body], [base]


def reads(logic: JSON) -> bool:
    """Does it look at the data at all?"""
    if isinstance(logic, list):
        return any(reads(item) for item in logic)
    if not isinstance(logic, dict) or len(logic) != 1:
        return False
    [(operator, body)] = logic.items()
    return operator in ("var", "missing", "missing_some") or (operator != "preserve" and reads(body))


def _want(tree: Tree, truth: bool, data: JSON, truths: dict[int, bool | None], most: int) -> Wanted | None:
    kind = type(tree)
    if isinstance(tree, Leaf):
        place = id(tree)
        if place not in truths:
            truths[place] = tree.truth(data)
        if truths[place] is truth:
            return ()
        return None if tree.fixed else ((tree, truth),)
    if isinstance(tree, Not):
        return _want(tree.part, not truth, data, truths, most)
    if (kind is Every) is not truth:
        return _fewest([_want(part, truth, data, truths, most) for part in tree.parts])
    whole: Wanted | None = ()
    for part in tree.parts:
        one = _want(part, truth, data, truths, most)
        if one == ():
            continue
        whole = _both(whole, one, most)
        if whole is None:
            return None
    return whole


def _both(left: Wanted | None, right: Wanted | None, most: int) -> Wanted | None:
    """Both sets together; None where one is impossible, or they want opposite things of one comparison."""
    if left is None or right is None:
        return None
    if not left or not right:
        return left or right
    kept = {(leaf.node, leaf.path): truth for leaf, truth in left}
    alike = {(leaf.node, leaf.text): truth for leaf, truth in left}
    added: list[tuple[Leaf, bool]] = []
    for leaf, truth in right:
        known = kept.get((leaf.node, leaf.path), alike.get((leaf.node, leaf.text)))
        if known is (not truth):
            return None
        if known is None:
            added.append((leaf, truth))
    return (*left, *added) if len(left) + len(added) <= most else None


def _fewest(found: Iterable[Wanted | None]) -> Wanted | None:
    best: Wanted | None = None
    for one in found:
        if one is not None and (best is None or len(one) < len(best)):
            best = one
            if not one:
                break
    return best


def flip_of(leaf: Leaf, truth: bool, data: JSON) -> Flip:
    """One comparison with what it saw and needs, and the words for it."""
    operator, args, _ = parts_of(leaf.logic, leaf.path)
    values = tuple(compile_logic(arg).evaluate(data).value for arg in args)
    relation = operator if truth else OPPOSITE.get(operator, f"not {operator}")
    seen, needed = (leaf.compiled.evaluate(data).value, None)
    words = logic_words(leaf.logic) if truth else f"it is not so that {logic_words(leaf.logic)}"
    if operator == "var":
        words = f"{logic_words(leaf.logic)} is {'not ' if truth else ''}empty, zero or no"
        return Flip(
            leaf.node,
            leaf.path,
            "is set" if truth else "is not set",
            seen,
            None,
            f"{words} (it was {value_words(seen)})",
        )
    if len(args) == 2 and operator in OPPOSITE:
        left, right = args
        at = 0
        shown: JSON = {relation: [left, right]}
        if not reads(left) and reads(right):
            at, shown = 1, {_MIRRORED.get(relation, relation): [right, left]}
        seen = values[at]
        if not (reads(left) and reads(right)):
            needed = values[1 - at]
        words = logic_words(shown)
        relation = parts_of(shown, "")[0]
        name = args[at]
        if relation in ("!==", "!=") and _is_before(name) and seen == needed:
            words = f"{logic_words(_after(name))} was already {value_words(seen)} before the change"
            return Flip(leaf.node, leaf.path, relation, seen, needed, words, values, "already")
    elif operator == "in" and len(args) == 2:
        seen, needed = values[0], values[1]
    elif values:
        seen = values[0]
    read = [seen_words(arg, value) for arg, value in zip(args, values, strict=True) if reads(arg)]
    return Flip(leaf.node, leaf.path, relation, seen, needed, f"{words} (it was {', '.join(read)})", values)


def _is_before(name: JSON) -> bool:
    return isinstance(name, dict) and str(name.get("var", "")).startswith("before.")


def _after(name: JSON) -> JSON:
    return {"var": "after." + str(name["var"]).removeprefix("before.")} if isinstance(name, dict) else name


def because(flips: tuple[Flip, ...]) -> str:
    """The sentence: what would have to be otherwise. "" where nothing is known."""
    if not flips:
        return ""
    already = [one.words for one in flips if one.kind == "already"]
    needs = [one.words for one in flips if one.kind != "already"]
    parts = []
    if already:
        parts.append(f"{' and '.join(already)}, which the rule does not want")
    if needs:
        parts.append(f"the rule needs that {'; and that '.join(needs)}")
    words = "; and ".join(parts)
    return f"It did not run because {words}."
