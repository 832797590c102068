"""What is wrong with an expression before any data or schema is known: unknown operators, wrong arity, limits."""

from __future__ import annotations

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NODES, LogicError
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.registry import REGISTRY
from ruleyard.core.logic.tree import Bad, Node, parse_logic, pointer
from ruleyard.core.near import nearest
from ruleyard.core.types import JSON


def logic_problems(logic: JSON, path: str, node: str | None) -> list[Problem]:
    """Problems of one expression; `path` is where it stands in the document, `node` the node's id."""
    parsed = parse_logic(logic, REGISTRY)
    if isinstance(parsed, LogicError):
        most = MAX_NODES if parsed.reason == "too-big" else MAX_DEPTH
        return [Problem(parsed.reason, path, parsed.message, node=node, args={"most": most})]
    return [_of_bad(bad, logic, path, node) for bad in parsed.walk() if isinstance(bad, Bad)]


def _of_bad(bad: Bad, logic: JSON, path: str, node: str | None) -> Problem:
    message, fix = bad.message, None
    args: dict[str, JSON] = {"operator": bad.operator}
    if bad.reason == "unknown-operator":
        found = nearest(bad.operator, BY_NAME)
        body = at(logic, bad.path)
        if found and isinstance(body, dict):
            message += f' Did you mean "{found}"?'
            args["suggestion"] = found
            fix = Fix(f'Use "{found}"', path + bad.path, {found: body[bad.operator]})
        else:
            message += ' Write {"preserve": …} around an object that is meant as data.'
    where = path + (bad.path if bad.reason == "unknown-operator" else pointer(bad.path, bad.operator))
    return Problem(bad.reason, where, message, node=node, args=args, fix=fix)


def at(value: JSON, path: str) -> JSON:
    """What a JSON Pointer points at. KeyError or IndexError where there is nothing."""
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value[key]
        else:
            raise KeyError(path)
    return value


def root_of(logic: JSON) -> Node | None:
    """The tree, None where the logic is over a limit."""
    parsed = parse_logic(logic, REGISTRY)
    return None if isinstance(parsed, LogicError) else parsed
