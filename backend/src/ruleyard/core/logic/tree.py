"""The expression tree: `jsonlogic`'s operators and registry, with our rules for what is an operator.

The package takes the first key of any object; here an object is an operator call only when it has exactly one key,
everything else is a literal that is never looked into. Nodes know their JSON Pointer in the logic as it was written.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from jsonlogic.registry import OperatorRegistry, UnknownOperator

from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NODES, Broken, Budget, LogicError
from ruleyard.core.types import JSON

if TYPE_CHECKING:

    class Operator:
        """The package's base class without the signatures that we give otherwise (its own contexts and types)."""

        operator: str

    from ruleyard.core.logic.typecheck import Scope, Type
else:
    from jsonlogic.core import Operator


Fn: TypeAlias = Callable[[JSON, Budget], JSON]
"""A compiled expression: (data, budget) → value. Raises Broken."""

Pair: TypeAlias = Callable[[JSON, JSON, Budget], JSON]
"""What two values come to. Raises Broken."""

Wrap: TypeAlias = "Callable[[Node], Fn] | None"
"""The closure of a node that is watched, when tracing; None compiles plainly."""


def pointer(path: str, *parts: str | int) -> str:
    """A JSON Pointer (RFC 6901) one or more levels deeper."""
    for part in parts:
        text = str(part)
        if "~" in text or "/" in text:
            text = text.replace("~", "~0").replace("/", "~1")
        path += "/" + text
    return path


class Node(Operator):
    """One operator call. Subclasses say how it is compiled and typed. `args` are nodes, in order."""

    path = ""
    single = False
    size = 1
    early = False
    """May it be computed early, where all below it is constant and it is `frugal`?"""
    constant = True
    settled: Node | None = None
    args: Sequence[Node] = ()

    def __init__(self, operator: str, args: Sequence[Node]) -> None:
        self.operator = operator
        self.args = args
        size, constant = 1, self.early and bool(args)
        for arg in args:
            size += arg.size
            constant = constant and arg.constant
        self.size, self.constant = size, constant

    @classmethod
    def from_expression(cls, operator: str, arguments: Sequence[Any]) -> Node:
        return cls(operator, arguments)

    def evaluate(self, context: object) -> NoReturn:
        raise NotImplementedError("Ruleyard evaluates compiled closures: use compile.compile_logic")

    @abstractmethod
    def compile(self, wrap: Wrap) -> Fn:
        """The closure that computes this node. With `wrap`, every child is wrapped and nothing is specialised."""

    @abstractmethod
    def typecheck(self, context: Scope) -> Type:
        """The type of the value; problems are added to the scope."""

    def frugal(self) -> bool:
        """Does it depend on its arguments alone, and take nothing from the budget? Then it may be computed early."""
        return False

    def pair(self) -> Pair | None:
        """What two arguments come to, where there are two and both are always computed."""
        return None

    def boolean(self) -> bool:
        """Is its value always true or false?"""
        return False

    def child(self, index: int, wrap: Wrap) -> Fn:
        """The argument's closure, wrapped where tracing."""
        return enclose(self.args[index], wrap)

    def children(self, wrap: Wrap) -> list[Fn]:
        return [enclose(arg, wrap) for arg in self.args]

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        yield self
        for arg in self.args:
            yield from arg.walk()

    def fail(self, reason: str, message: str) -> NoReturn:
        raise Broken(self.path, reason, message)


def enclose(node: Node, wrap: Wrap) -> Fn:
    """The node's closure: folded where it is constant; where tracing, as it was written."""
    return wrap(node) if wrap else folded(node).compile(None)


def folded(node: Node) -> Node:
    """The literal that a constant expression comes to; else the node. Errors and lists are left for later."""
    if not node.constant:
        return node
    if node.settled is None:
        node.settled = _settled(node)
    return node.settled


def _settled(node: Node) -> Node:
    if all(type(folded(arg)) is Literal for arg in node.args) and node.frugal():
        try:
            value = node.compile(None)(None, Budget())
        except Broken:
            return node
        if not isinstance(value, (list, dict)):
            return Literal(value, node.path)
    return node


class Literal(Node):
    """A value that stands for itself."""

    operator = ""

    def __init__(self, value: JSON, path: str = "") -> None:
        self.settled = self
        self.value = value
        self.path = path
        if type(value) is list or type(value) is dict:
            self.size = _count(value)

    def frugal(self) -> bool:
        return True

    def boolean(self) -> bool:
        return isinstance(self.value, bool)

    def compile(self, wrap: Wrap) -> Fn:
        value = self.value
        return lambda data, budget: value

    def typecheck(self, context: Scope) -> Type:
        return context.literal(self)


def _is_container(value: JSON) -> bool:
    return type(value) is dict or type(value) is list


def _count(value: JSON) -> int:
    """JSON values in a value; its depth is within the limit."""
    if isinstance(value, (list, dict)):
        return 1 + sum([_count(item) for item in (value.values() if isinstance(value, dict) else value)])
    return 1


class ListOf(Node):
    """A list with expressions inside: each is evaluated."""

    def __init__(self, args: Sequence[Node]) -> None:
        super().__init__("", args)

    def compile(self, wrap: Wrap) -> Fn:
        items = self.children(wrap)
        path, cost = self.path, 8 * len(items)

        def run(data: JSON, budget: Budget) -> JSON:
            budget.produce(cost, path)
            return [item(data, budget) for item in items]

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.list_of([arg.typecheck(context) for arg in self.args])


class Bad(Node):
    """An unknown operator, or a known one with too few or too many arguments: an error when it is reached."""

    def __init__(self, operator: str, args: Sequence[Node], reason: str, message: str) -> None:
        super().__init__(operator, args)
        self.reason, self.message = reason, message

    def compile(self, wrap: Wrap) -> Fn:
        def run(data: JSON, budget: Budget) -> NoReturn:
            self.fail(self.reason, self.message)

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.anything()


def _node(json: JSON, path: str, registry: OperatorRegistry) -> Node:
    """The node of a value and of all below it, each knowing where it stands in the logic as it was written."""
    if type(json) is dict and len(json) == 1:
        [(operator, body)] = json.items()
        return _call(operator, body, path, registry)
    if type(json) is not list or not any(map(_is_container, json)):
        return Literal(json, path)
    items = [_node(item, f"{path}/{index}", registry) for index, item in enumerate(json)]
    node = ListOf(items)
    if all(type(item) is Literal for item in items):
        return Literal(json, path)
    node.path = path
    return node


def _call(operator: str, body: JSON, path: str, registry: OperatorRegistry) -> Node:
    base = pointer(path, operator)
    single = True
    args: list[Node]
    if operator == "preserve":
        args = [Literal(body, base)]
    elif type(body) is list:
        args, single = [], False
        for index, item in enumerate(body):
            kind, at = type(item), f"{base}/{index}"
            plain = kind is not dict and kind is not list
            args.append(Literal(item, at) if plain else _node(item, at, registry))
    else:
        args = [_node(body, base, registry)]
    try:
        node: Node = registry.get(operator).from_expression(operator, args)  # type: ignore[arg-type, assignment]
    except UnknownOperator:
        node = Bad(operator, args, "unknown-operator", f'There is no operator "{operator}".')
    node.single, node.path = single, path
    return node


def over_limit(value: JSON) -> LogicError | None:
    """Why a JSON value is too deep or too large to be logic; None where it is not. Does not recurse."""
    level = [value] if isinstance(value, (list, dict)) else []
    count, depth = 1, 1
    while level:
        if depth > MAX_DEPTH:
            return LogicError("", "too-deep", f"This is nested more than {MAX_DEPTH} levels deep.")
        below: list[list[JSON] | dict[str, JSON]] = []
        for item in level:
            count += len(item)
            if count > MAX_NODES:
                return LogicError("", "too-big", f"This has more than {MAX_NODES:,} values.")
            for child in item.values() if type(item) is dict else item:
                if type(child) is dict or type(child) is list:
                    below.append(child)
        level, depth = below, depth + 1
    return None


def parse_logic(logic: JSON, registry: OperatorRegistry) -> Node | LogicError:
    """The tree of a JSON Logic value, or why it is over a limit. Unknown operators become Bad nodes."""
    return over_limit(logic) or _node(logic, "", registry)
