"""The expression tree: `jsonlogic`'s expression, operator and registry, with our rules for what is an operator.

The package takes the first key of any object; here an object is an operator call only when it has exactly one key,
everything else is a literal that is never looked into. Nodes know their JSON Pointer in the logic as it was written.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from jsonlogic.core import JSONLogicExpression
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

Wrap: TypeAlias = "Callable[[Node, Fn], Fn] | None"
"""Put around each operator's closure when tracing; None compiles plainly."""


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

    def __init__(self, operator: str, args: list[Node]) -> None:
        self.operator = operator
        self.args = args
        self.path = ""
        self.single = False
        self.size = 1
        for arg in args:
            self.size += arg.size
        self.settled: Node | None = None

    @classmethod
    def from_expression(cls, operator: str, arguments: list[Any]) -> Node:
        return cls(operator, arguments)

    def evaluate(self, context: object) -> NoReturn:
        raise NotImplementedError("Ruleyard evaluates compiled closures: use compile.compile_logic")

    @abstractmethod
    def compile(self, wrap: Wrap) -> Fn:
        """The closure that computes this node. With `wrap`, every child is wrapped and nothing is specialised."""

    def typecheck(self, context: Scope) -> Type:
        """The type of the value; problems are added to the scope."""
        raise NotImplementedError

    def frugal(self) -> bool:
        """Does it depend on its arguments alone, and take nothing from the budget? Then it may be computed early."""
        return False

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
    """The node's closure: folded where it is constant, or, where tracing, as it was written and wrapped."""
    if wrap is None:
        return folded(node).compile(None)
    fn = node.compile(wrap)
    return fn if type(node) in (Literal, ListOf) else wrap(node, fn)


def folded(node: Node) -> Node:
    """The literal that a constant expression comes to; else the node. Errors and lists are left for later."""
    if node.settled is None:
        node.settled = node
        if node.args and all(type(folded(arg)) is Literal for arg in node.args) and node.frugal():
            try:
                value = node.compile(None)(None, Budget())
            except Broken:
                return node
            if not isinstance(value, (list, dict)):
                node.settled = Literal(value)
                node.settled.path = node.path
    return node.settled


class Literal(Node):
    """A value that stands for itself."""

    def __init__(self, value: JSON) -> None:
        self.operator = self.path = ""
        self.args = []
        self.single = False
        self.settled = self
        self.value = value
        self.size = _count(value) if isinstance(value, (list, dict)) else 1

    def frugal(self) -> bool:
        return True

    def boolean(self) -> bool:
        return isinstance(self.value, bool)

    def compile(self, wrap: Wrap) -> Fn:
        value = self.value
        return lambda data, budget: value

    def typecheck(self, context: Scope) -> Type:
        return context.literal(self.value)


def _count(value: JSON) -> int:
    """JSON values in a value; its depth is within the limit."""
    if isinstance(value, (list, dict)):
        return 1 + sum([_count(item) for item in (value.values() if isinstance(value, dict) else value)])
    return 1


class ListOf(Node):
    """A list with expressions inside: each is evaluated."""

    def __init__(self, args: list[Node]) -> None:
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

    def __init__(self, operator: str, args: list[Node], reason: str, message: str) -> None:
        super().__init__(operator, args)
        self.reason, self.message = reason, message

    def compile(self, wrap: Wrap) -> Fn:
        def run(data: JSON, budget: Budget) -> NoReturn:
            self.fail(self.reason, self.message)

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.anything()


class Expression(JSONLogicExpression):
    """The package's parsed expression, remembering whether its arguments were written as a list."""

    single = False

    @classmethod
    def parse(cls, json: JSON) -> Any:
        """An Expression for a one-key object, a Literal for other objects and scalars, a list for lists."""
        if type(json) is list:
            return [cls.parse(item) for item in json]
        if type(json) is not dict or len(json) != 1:
            return Literal(json)
        [(operator, body)] = json.items()
        if operator == "preserve":
            arguments: Any = [Literal(body)]
        else:
            arguments = [cls.parse(item) for item in body] if type(body) is list else [cls.parse(body)]
        expression = cls({operator: arguments})
        expression.single = operator == "preserve" or type(body) is not list
        return expression

    def as_node(self, registry: OperatorRegistry, path: str) -> Node:
        """The node of the registered class, or a Bad node; the package's `as_operator_tree` in our types."""
        [(operator, arguments)] = self.expression.items()
        base = pointer(path, operator)
        if self.single:
            args = [as_node(arguments[0], registry, base)]
        else:
            args = [as_node(arg, registry, f"{base}/{index}") for index, arg in enumerate(arguments)]
        try:
            node: Node = registry.get(operator).from_expression(operator, args)  # type: ignore[arg-type, assignment]
        except UnknownOperator:
            node = Bad(operator, args, "unknown-operator", f'There is no operator "{operator}".')
        node.single, node.path = self.single, path
        return node


def as_node(parsed: Any, registry: OperatorRegistry, path: str) -> Node:
    """The node of what was parsed, and of all below it, each knowing where it stands in the logic as it was written."""
    if type(parsed) is Expression:
        return parsed.as_node(registry, path)
    node: Node = parsed
    if type(parsed) is list:
        items = [as_node(item, registry, f"{path}/{index}") for index, item in enumerate(parsed)]
        values = [item.value for item in items if type(item) is Literal]
        node = Literal(values) if len(values) == len(items) else ListOf(items)
    node.path = path
    return node


def over_limit(value: JSON) -> LogicError | None:
    """Why a JSON value is too deep or too large to be logic; None where it is not. Does not recurse."""
    stack: list[tuple[list[JSON] | dict[str, JSON], int]] = []
    if isinstance(value, (list, dict)):
        stack.append((value, 1))
    count = 1
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            return LogicError("", "too-deep", f"This is nested more than {MAX_DEPTH} levels deep.")
        count += len(item)
        if count > MAX_NODES:
            return LogicError("", "too-big", f"This has more than {MAX_NODES:,} values.")
        for child in item.values() if isinstance(item, dict) else item:
            if isinstance(child, (list, dict)):
                stack.append((child, depth + 1))
    return None


def parse_logic(logic: JSON, registry: OperatorRegistry) -> Node | LogicError:
    """The tree of a JSON Logic value, or why it is over a limit. Unknown operators become Bad nodes."""
    error = over_limit(logic)
    return error if error else as_node(Expression.parse(logic), registry, "")
