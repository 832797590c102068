"""Every way a set of conditions can come out: one made-up record for each region that their comparisons cut out.

A column compared with constants only matters by which constant it equals or between which it lies, so a few values
stand for all. Comparisons that cannot be reasoned about (two columns in order, dates, arithmetic) become free facts,
true or false on their own: what holds for every point holds for every record. Pure; None where there are too many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Final

import msgspec

from ruleyard.core.deciding import deciding_in, left_over, tests_of
from ruleyard.core.graph import End, Graph
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import Column, TableModel
from ruleyard.core.nearest import parts_of
from ruleyard.core.types import JSON, Branch, JSONObject, NodeId

MOST_POINTS: Final = 20_000
FREE: Final = "?"
_EQUAL: Final = ("===", "!==", "==", "!=")
_ORDER: Final = ("<", "<=", ">", ">=")
_JOINTS: Final = ("and", "or", "!", "!!", "if", "?:")
OTHERS: Final = ("something else", "something different")
"""Texts that no constant is. Columns that are compared with each other need one for each of them."""


@dataclass
class Grid:
    """`conditions` in the order given, with free facts in place of what cannot be reasoned about."""

    conditions: list[Compiled]
    values: dict[str, list[JSON]]
    free: list[JSON]

    @property
    def size(self) -> int:
        return prod(len(values) for values in self.values.values()) << len(self.free)

    def points(self) -> Iterator[JSONObject]:
        """The data of each point: before, after and the free facts."""
        names = list(self.values)
        for chosen in product(*self.values.values()):
            for facts in product((False, True), repeat=len(self.free)):
                data: JSONObject = {"before": {}, "after": {}, FREE: dict(enumerate_text(facts))}
                for name, value in zip(names, chosen, strict=True):
                    root, _, column = name.partition(".")
                    part = data[root]
                    if isinstance(part, dict):
                        part[column] = value
                yield data


def example_of(data: JSONObject) -> dict[str, JSON]:
    """A point as an argument of a problem: `example` with the columns of before and after that matter, or nothing."""
    rows = {root: row for root in ("before", "after") if isinstance(row := data.get(root), dict) and row}
    return {"example": {**rows}} if rows else {}


def enumerate_text(facts: Sequence[bool]) -> Iterator[tuple[str, JSON]]:
    return ((f"f{index}", fact) for index, fact in enumerate(facts))


@dataclass
class _Reading:
    constants: dict[str, list[JSON]] = field(default_factory=dict)
    linked: dict[str, set[str]] = field(default_factory=dict)
    ordered: set[str] = field(default_factory=set)
    free: dict[str, tuple[int, JSON]] = field(default_factory=dict)

    def link(self, names: Sequence[str]) -> None:
        """Columns that are compared with each other, themselves included: one set, shared by all of them."""
        group = set(names).union(*(self.linked.get(name, ()) for name in names))
        self.linked.update((name, group) for name in group)


def grid(
    logics: Sequence[JSON],
    table: TableModel | None = None,
    *,
    fixed: Mapping[str, JSON] | None = None,
    absent: str = "",
    sometimes: Collection[str] = ("before",),
    most: int = MOST_POINTS,
) -> Grid | None:
    """`fixed` pins columns (`after.owner`) to one value; `absent` is "before" or "after" where there is no such row.

    `sometimes`: the rows that may be missing, so that their columns can be null whatever the table says.
    """
    reading = _Reading()
    rewritten = [_rewrite(logic, reading) for logic in logics]
    columns = {column.name: column for column in table.columns} if table else {}
    made: dict[str, list[JSON]] = {}
    for name, constants in reading.constants.items():
        root, _, column = name.partition(".")
        if fixed is not None and name in fixed:
            made[name] = [fixed[name]]
        elif root == absent:
            made[name] = [None]
        else:
            group = reading.linked.get(name, set())
            # What one of them is compared with tells the others apart, too.
            shared = [one for other in sorted(group) for one in _known(other, reading, columns, fixed)]
            may_be_gone = root in sometimes
            made[name] = _values([*constants, *shared], columns.get(column), may_be_gone, len(group))
    found = Grid([], made, [leaf for _, leaf in sorted(reading.free.values(), key=lambda one: one[0])])
    if found.size > most:
        return None
    found.conditions = [compile_logic(logic) for logic in rewritten]
    return found


def _known(
    name: str, reading: _Reading, columns: Mapping[str, Column], fixed: Mapping[str, JSON] | None
) -> Iterator[JSON]:
    """The constants of a column, its choices and the value that it is pinned to."""
    yield from reading.constants.get(name, ())
    column = columns.get(name.partition(".")[2])
    if column is not None:
        yield from column.choices
    if fixed is not None and name in fixed:
        yield fixed[name]


def _rewrite(logic: JSON, reading: _Reading) -> JSON:
    operator, args, _ = parts_of(logic, "")
    if not operator:
        return logic
    if operator in _JOINTS:
        return {operator: [_rewrite(arg, reading) for arg in args]}
    if _note(operator, args, reading):
        return logic
    key = msgspec.json.encode(logic).decode()
    index, _ = reading.free.setdefault(key, (len(reading.free), logic))
    return {"var": f"{FREE}.f{index}"}


def _note(operator: str, args: list[JSON], reading: _Reading) -> bool:
    """Notes what a comparison compares. False where it cannot be reasoned about."""
    if operator == "var":
        name = _column({"var": args[0]} if len(args) == 1 else None)
        if name is not None:
            reading.constants.setdefault(name, []).extend([0, 1, "", True, False])
        return name is not None
    if operator == "in" and len(args) == 2 and isinstance(args[1], list):
        name, items = _column(args[0]), args[1]
        if name is None or not all(_scalar(item) for item in items):
            return False
        reading.constants.setdefault(name, []).extend(items)
        return True
    names = [name for arg in args if (name := _column(arg)) is not None]
    literals = [arg for arg in args if _scalar(arg)]
    if operator not in (*_EQUAL, *_ORDER) or len(names) + len(literals) != len(args):
        return False
    if not names:
        return True
    if operator in _ORDER and not (literals and all(_number(one) for one in literals)):
        return False
    if len(names) > 1:
        if literals or operator not in ("===", "!=="):
            return False
        reading.link(names)
    if operator in ("==", "!=") and any(one is not None and isinstance(one, bool) for one in literals):
        return False
    for name in names:
        reading.constants.setdefault(name, []).extend(literals)
    return True


def _column(logic: JSON) -> str | None:
    """`after.status`; None for anything else."""
    if not isinstance(logic, dict) or len(logic) != 1 or "var" not in logic:
        return None
    body = logic["var"]
    name = body[0] if isinstance(body, list) and len(body) == 1 else body
    root, _, column = name.partition(".") if isinstance(name, str) else ("", "", "")
    return str(name) if root in ("before", "after") and column and "." not in column else None


def _scalar(value: JSON) -> bool:
    return value is None or isinstance(value, (bool, int, float, str))


def _number(value: JSON) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _values(constants: list[JSON], column: Column | None, may_be_gone: bool, linked: int) -> list[JSON]:
    """One value for each region: plain ones first. `linked`: how many columns it is compared with, itself included."""
    kind = column.type if column else None
    texts = [one for one in constants if isinstance(one, str)]
    numbers = sorted(
        {float(one) for one in constants if isinstance(one, (int, float)) and not isinstance(one, bool)}
    )
    flags = any(isinstance(one, bool) for one in constants)
    found: list[JSON] = []
    if column is not None and column.choices:
        found += list(column.choices)
    elif kind in (None, "text", "uuid", "date", "timestamp", "time", "json", "array", "other") and (
        texts or linked or kind is not None
    ):
        found += [*texts, *_others(linked)]
    if kind in (None, "integer", "number") and (numbers or (kind is not None)):
        found += [_plain(one) for one in numbers] or list(range(max(1, linked)))
        steps = [float(step) for step in range(1, max(1, linked) + 1)]
        for step in (
            *steps,
            *(() if kind == "integer" else (0.5**part for part in range(1, max(2, linked) + 1))),
        ):
            found += [_plain(one + sign * step) for one in numbers for sign in (-1, 1)]
    if kind == "boolean" or (kind is None and flags):
        found += [True, False]
    if column is None and not found:
        found += _others(linked)  # nothing is known of it, and it is asked only whether there is something
    if column is None or column.nullable or may_be_gone:
        found.append(None)
    unique: dict[str, JSON] = {}
    for one in found:
        unique.setdefault(repr(one), one)
    return list(unique.values()) or [None]


def _others(linked: int) -> tuple[str, ...]:
    return (*OTHERS[: max(1, linked)], *(f"something else {index}" for index in range(3, linked + 1)))


def _plain(number: float) -> JSON:
    return int(number) if number.is_integer() else number


Tests = tuple[tuple[tuple[Branch, Compiled], ...], Branch]
"""The tests of a deciding node as they stand in a grid, and its branch when none holds."""


class Walker:
    """Walks a graph by tests of a grid: which branches are taken and which steps are reached.

    Whether an action fails, what people answer and which items a list has is not up to the record: every way that is
    there is gone.
    """

    def __init__(self, graph: Graph, tests: Mapping[NodeId, Tests]) -> None:
        self._tests = tests
        self._nodes = {node.id: node for node in graph.nodes}
        self._edges = {(edge.source, edge.branch): edge.target for edge in graph.edges}
        self._start = graph.trigger.id
        self._beside: dict[NodeId, dict[Branch, NodeId]] = {}
        for edge in sorted(graph.edges, key=lambda one: one.branch or ""):
            if edge.branch is not None and edge.source not in tests:
                self._beside.setdefault(edge.source, {})[edge.branch] = edge.target

    def walk(self, data: JSONObject) -> tuple[list[tuple[NodeId, Branch]], list[NodeId], bool]:
        """The branches taken, the actions and waits reached (those of paths beside last), and whether a test broke."""
        taken: list[tuple[NodeId, Branch]] = []
        reached: list[NodeId] = []
        broke = False
        starts = [self._edges.get((self._start, None))]
        seen: set[NodeId] = set()
        for start in starts:
            at = start
            while at is not None and at not in seen and not isinstance(self._nodes[at], End):
                if self._beside:
                    seen.add(at)
                branch: Branch | None = None
                if at in self._tests:
                    branch = self._taken(at, data)
                    if branch is None:
                        broke = True
                        break
                    taken.append((at, branch))
                else:
                    reached.append(at)
                    starts += self._beside.get(at, {}).values()
                at = self._edges.get((at, branch))
        return taken, reached, broke

    def _taken(self, node: NodeId, data: JSONObject) -> Branch | None:
        """None where a test has no value."""
        tests, left = self._tests[node]
        for branch, compiled in tests:
            outcome = compiled.evaluate(data)
            if outcome.error:
                return None
            if truthy(outcome.value):
                return branch
        return left

    def course(self, data: JSONObject, content: Callable[[NodeId], Hashable], known: Courses) -> int:
        """A number for all that can come of a record: equal for two walkers exactly when the same actions and waits
        (by `content`) can follow each other in the same ways. `known` is shared by those that are compared."""
        found: dict[NodeId | None, int] = {None: 0}
        todo: list[NodeId] = [first] if (first := self._edges.get((self._start, None))) is not None else []
        while todo:
            at = todo[-1]
            acts, ahead = self._ahead(at, data)
            missing = [one for one in ahead if one not in found and one is not None]
            if missing:
                todo += missing
                continue
            ways = tuple(found[one] for one in ahead)
            if acts:
                found[at] = known.setdefault(
                    (content(at), ways, *self._beside.get(at, ())), len(known) + _FIRST
                )
            else:
                found[at] = ways[0] if ways else _BROKE
            todo.pop()
        return found[first]

    def _ahead(self, at: NodeId, data: JSONObject) -> tuple[bool, tuple[NodeId | None, ...]]:
        """Does the node do something, and where does it lead; nowhere where a test has no value."""
        if isinstance(self._nodes[at], End):
            return False, (None,)
        if at in self._tests:
            branch = self._taken(at, data)
            return False, () if branch is None else (self._edges.get((at, branch)),)
        ways: tuple[NodeId | None, ...] = (self._edges.get((at, None)),)
        return True, (*ways, *self._beside.get(at, {}).values())


Courses = dict[Hashable, int]
_BROKE: Final = 1
_FIRST: Final = 2


def logics_of(graph: Graph) -> list[JSON]:
    """The tests of all deciding nodes, in the order in which `walker` takes them from a grid."""
    return [test.logic for node in deciding_in(graph) for test in tests_of(node)]


def walker(graph: Graph, made: Grid, first: int = 0) -> Walker:
    """The graph with its tests as they stand in the grid, from place `first` on."""
    place = first
    tests: dict[NodeId, Tests] = {}
    for node in deciding_in(graph):
        row = tests_of(node)
        compiled = made.conditions[place : place + len(row)]
        place += len(row)
        tests[node.id] = (
            tuple((test.branch, one) for test, one in zip(row, compiled, strict=True)),
            left_over(node),
        )
    return Walker(graph, tests)
