"""What a record must say before a rule can do anything: the tests of its conditions that an index can look up.

A gate that does not hold means that judging would certainly end without firing and without an error: only tests that
are evaluated before anything that can fail are taken, and what they need to know of a value's type goes with them as
guards. Knows the operators' meaning; knows nothing of how gates are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from ruleyard.core.deciding import tests_of
from ruleyard.core.event import Event
from ruleyard.core.graph import Choose, Condition, End, Graph
from ruleyard.core.logic.operators import compare, decide
from ruleyard.core.logic.operators.data import Var, fixed_keys
from ruleyard.core.logic.operators.fast import MIRRORED, plain_number
from ruleyard.core.logic.operators.text import Edge, In
from ruleyard.core.logic.registry import REGISTRY
from ruleyard.core.logic.tree import Literal as Constant
from ruleyard.core.logic.tree import Node, parse_logic
from ruleyard.core.related import reads_in
from ruleyard.core.types import JSON, OTHERWISE, Branch, NodeId

LONG_TEXT: Final = 2_048
"""Texts below cost too few of an evaluation's steps to run out of them (2,000 values × 32 steps < 100,000)."""
MOST_WAYS: Final = 200
"""Values that one rule is found by; a list of more is no gate."""

Path: TypeAlias = tuple[str, str]
"""`("after", "status")`: a column of the record before or after the change."""

Kind: TypeAlias = Literal["number", "text", "textual", "plain"]


class Guard(NamedTuple):
    """What a value must be, so that a test cannot fail. `number`: or null; `textual`: text or null; `text`: text."""

    path: Path
    kind: Kind


class Among(NamedTuple):
    """The value is one of these `key_of`s."""

    path: Path
    keys: frozenset[object]


class Between(NamedTuple):
    """The value's `place` is in these bounds; None is open. Wider than the test, never narrower."""

    path: Path
    kind: Literal["number", "text"]
    low: int | None
    high: int | None


Way: TypeAlias = Among | Between


class Gate(NamedTuple):
    """One of the ways must hold, once every guard does. Where a guard does not, the rule must be judged."""

    ways: tuple[Way, ...]
    guards: frozenset[Guard]


NO_GUARDS: Final[frozenset[Guard]] = frozenset()
_TRUE, _FALSE, _OTHER = object(), object(), object()


def key_of(value: JSON) -> object:
    """The same key for two plain values exactly when `===` says that they are the same."""
    kind = type(value)
    if kind is str or kind is int or kind is float or value is None:
        return value
    return _TRUE if value is True else _FALSE if value is False else _OTHER


def place(value: JSON) -> int:
    """Where a value that passed its guard stands: never the other way round than `<` says. Null counts as 0."""
    if type(value) is str:  # the bytes of UTF-8 stand in the order of the characters
        return int.from_bytes(value[:16].encode("utf-8", "surrogatepass")[:16].ljust(16, b"\0"), "big")
    return int(value * 1_048_576 // 1) if type(value) is int or type(value) is float else 0


def holds(kind: Kind, value: JSON) -> bool:
    """Is the value what a guard of this kind asks for?"""
    if kind == "number":
        return value is None or plain_number(value)
    if kind == "text":
        return type(value) is str
    if kind == "textual":
        return type(value) is str or value is None
    return len(value) < LONG_TEXT if isinstance(value, str) else not isinstance(value, (list, dict))


def gates_of(graph: Graph) -> tuple[Gate, ...] | None:
    """Each must hold for the rule to fire or err; () where nothing is known; None where it never does anything."""
    walk = _Walk()
    node = _after(graph, graph.trigger.id, None)
    while isinstance(node, Condition):
        yes, no = _after(graph, node.id, "yes"), _after(graph, node.id, "no")
        if (yes is None) is (no is None) or reads_in(node.logic):
            break
        root = parse_logic(node.logic, REGISTRY)
        if not isinstance(root, Node) or not walk.must(root, no is None) or not root.boolean():
            break
        node = yes if no is None else no
    if isinstance(node, Choose):
        _choose(graph, node, walk)
    return None if node is None else walk.found()


def _choose(graph: Graph, node: Choose, walk: _Walk) -> None:
    """What must hold at a choose: nothing of the ways before the first that leads on, and one of those behind them
    where nothing leads on when none holds. What the ways lead to is not looked at."""
    tests = tests_of(node)
    if reads_in([test.logic for test in tests]):
        return
    ahead = [_after(graph, node.id, test.branch) is not None for test in tests]
    first = ahead.index(True) if True in ahead else len(tests)
    for test in tests[:first]:
        root = parse_logic(test.logic, REGISTRY)
        if not isinstance(root, Node) or not walk.must(root, False):
            return
    if first < len(tests) and _after(graph, node.id, OTHERWISE) is None:
        root = parse_logic({"or": [test.logic for test in tests[first:]]}, REGISTRY)
        if isinstance(root, Node):
            walk.must(root, True)


def decided(logic: JSON, event: Event) -> bool:
    """Do the whole values of a shortened event decide a condition, whatever the others would have been?"""
    root = parse_logic(logic, REGISTRY)
    if not isinstance(root, Node) or reads_in(logic):
        return False
    for want in (True, False):
        walk = _Walk()
        walk.must(root, want)
        if any(_is_out(gate, event) for gate in walk.found()):
            return True
    return False


def _is_out(gate: Gate, event: Event) -> bool:
    """Does the gate certainly not hold? Never so where it asks for a value that is not whole."""
    needs = (*gate.ways, *gate.guards)
    return (
        not any(one.path[1] in event.cut_columns for one in needs)
        and all(holds(guard.kind, _value(guard.path, event)) for guard in gate.guards)
        and not any(stands(way, _value(way.path, event)) for way in gate.ways)
    )


def _value(path: Path, event: Event) -> JSON:
    return ((event.after if path[0] == "after" else event.before) or {}).get(path[1])


def stands(way: Way, value: JSON) -> bool:
    """May the value be what a way asks for? Once its guards hold, False means certainly not."""
    if isinstance(way, Among):
        return key_of(value) in way.keys
    at = place(value)
    return (way.low is None or way.low <= at) and (way.high is None or at <= way.high)


def _after(graph: Graph, source: NodeId, branch: Branch | None) -> object:
    """The next node that does or decides something; None at the end."""
    target = graph.next(source, branch)
    node = None if target is None else graph.node(target)
    return None if isinstance(node, End) else node


class _Walk:
    """Along the tests in the order in which they are evaluated."""

    def __init__(self) -> None:
        self._gates: list[Gate] = []
        self._guards = NO_GUARDS

    def must(self, node: Node, want: bool) -> bool:
        """Note that `node` must be truthy (or falsy). False where it may fail: nothing after it counts."""
        if type(node) is (decide.And if want else decide.Or):
            return all(self.must(arg, want) for arg in node.args)
        if type(node) in (decide.Not, decide.NotNot) and node.args:
            return self.must(node.args[0], want is (type(node) is decide.NotNot))
        needs = _safe(node)
        if needs is None:
            return False
        self._guards |= needs
        ways = _ways(node, want)
        if ways and sum(len(way.keys) if isinstance(way, Among) else 1 for way in ways) <= MOST_WAYS:
            self._gates.append(Gate(tuple(ways), self._guards))
        return True

    def found(self) -> tuple[Gate, ...]:
        """With the bounds of one value put together, where several tests say them."""
        bounds: dict[tuple[Path, str], Between] = {}
        joined: dict[tuple[Path, str], Gate] = {}
        for gate in self._gates:
            way = gate.ways[0]
            if len(gate.ways) == 1 and isinstance(way, Between):
                place_of = (way.path, way.kind)
                if (known := bounds.get(place_of)) is not None:
                    way = _narrower(known, way)
                    joined[place_of] = Gate((way,), gate.guards)
                bounds[place_of] = way
        return (*self._gates, *joined.values())


def _narrower(one: Between, other: Between) -> Between:
    lows = [bound for bound in (one.low, other.low) if bound is not None]
    highs = [bound for bound in (one.high, other.high) if bound is not None]
    return Between(one.path, one.kind, max(lows, default=None), min(highs, default=None))


def _safe(node: Node) -> frozenset[Guard] | None:
    """What values must be so that the expression certainly has a value; None where it may fail all the same."""
    match node:
        case Constant():
            return NO_GUARDS if _short(node.value) else None
        case Var():
            return NO_GUARDS if fixed_keys(node) is not None else None
        case decide.And() | decide.Or() | decide.Not() | decide.NotNot():
            return _all_safe(node.args)
        case compare.Same() if len(node.args) == 2:
            return _same_safe(*node.args)
        case compare.Alike() if len(node.args) == 2:
            return _alike_safe(*node.args)
        case compare.Order():
            return _order_safe(node.args)
        case In():
            stack = node.args[1]
            plain = (
                isinstance(stack, Constant)
                and isinstance(stack.value, list)
                and all(map(_short, stack.value))
            )
            return NO_GUARDS if plain and fixed_keys(node.args[0]) is not None else None
        case decide.IsEmpty():
            return _guarded(node.args[0], "plain")
        case Edge():
            part = node.args[1]
            short = isinstance(part, Constant) and isinstance(part.value, str) and _short(part.value)
            return _guarded(node.args[0], "plain") if short else None
        case _:
            return None


def _all_safe(args: Iterable[Node]) -> frozenset[Guard] | None:
    needs = NO_GUARDS
    for arg in args:
        found = _safe(arg)
        if found is None:
            return None
        needs |= found
    return needs


def _short(value: JSON) -> bool:
    return not isinstance(value, (list, dict)) and not (isinstance(value, str) and len(value) >= LONG_TEXT)


def _column(node: Node) -> Path | None:
    keys = fixed_keys(node)
    return (keys[0], keys[1]) if keys and len(keys) == 2 and keys[0] in ("before", "after") else None


def _guarded(node: Node, kind: Kind) -> frozenset[Guard] | None:
    path = _column(node)
    return None if path is None else frozenset((Guard(path, kind),))


def _same_safe(left: Node, right: Node) -> frozenset[Guard] | None:
    """A plain literal is compared with anything; two columns where one of them is plain."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant):
            safe = _short(one.value) and (isinstance(other, Constant) or fixed_keys(other) is not None)
            return NO_GUARDS if safe else None
    return _guarded(left, "plain") if fixed_keys(right) is not None else None


def _alike_safe(left: Node, right: Node) -> frozenset[Guard] | None:
    one, other = (left, right) if isinstance(left, Constant) else (right, left)
    if not isinstance(one, Constant) or not _short(one.value):
        return None
    if one.value is None:
        return NO_GUARDS if fixed_keys(other) is not None else None
    if isinstance(one.value, str):
        return _guarded(other, "textual")
    return _guarded(other, "number") if plain_number(one.value) else None


def _order_safe(args: Sequence[Node]) -> frozenset[Guard] | None:
    """One column and literals of one kind."""
    columns = [arg for arg in args if not isinstance(arg, Constant)]
    values = [arg.value for arg in args if isinstance(arg, Constant)]
    if len(columns) != 1 or not values:
        return None
    if all(plain_number(value) for value in values):
        return _guarded(columns[0], "number")
    if all(isinstance(value, str) and _short(value) for value in values):
        return _guarded(columns[0], "text")
    return None


def _ways(node: Node, want: bool) -> list[Way]:
    """Of an expression that has a value: one of these holds when it is truthy (or falsy); [] where none is known."""
    match node:
        case decide.And() | decide.Or():
            found = [_ways(arg, want) for arg in node.args]
            if isinstance(node, decide.And) is want:
                return min(filter(None, found), key=_breadth, default=[])
            return [way for ways in found for way in ways] if all(found) else []
        case decide.Not() | decide.NotNot() if node.args:
            return _ways(node.args[0], want is isinstance(node, decide.NotNot))
        case compare.Same() | compare.Alike() if len(node.args) == 2 and (node.operator[0] == "=") is want:
            return _among(node.args, lambda value: [value])
        case In() if want:
            return _among(node.args, lambda value: value if isinstance(value, list) else [])
        case compare.Order():
            return _bounds(node, want)
        case _:
            return []


def _breadth(ways: Sequence[Way]) -> tuple[bool, int]:
    return any(isinstance(way, Between) for way in ways), len(ways)


def _among(args: Sequence[Node], values: Callable[[JSON], Iterable[JSON]]) -> list[Way]:
    for one, other in ((args[0], args[1]), (args[1], args[0])):
        path = _column(one)
        if path is not None and isinstance(other, Constant):
            return [Among(path, frozenset(key_of(value) for value in values(other.value)))]
    return []


def _bounds(node: compare.Order, want: bool) -> list[Way]:
    """Every pair of neighbours is a bound. That none may hold says something of two arguments only."""
    if not want and len(node.args) != 2:
        return []
    found: Between | None = None
    for left, right in zip(node.args, node.args[1:], strict=False):
        path, literal, operator = _column(left), right, node.operator
        if path is None:
            path, literal, operator = _column(right), left, MIRRORED[operator]
        if path is None or not isinstance(literal, Constant):
            continue
        at = place(literal.value)
        kind: Literal["number", "text"] = "text" if isinstance(literal.value, str) else "number"
        below = (operator[0] == "<") is want
        bound = Between(path, kind, None if below else at, at if below else None)
        found = bound if found is None else _narrower(found, bound)
    return [] if found is None else [found]
