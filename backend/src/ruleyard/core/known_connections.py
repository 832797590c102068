"""Is a connection there, and of the kind that is needed?"""

from __future__ import annotations

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.model import Known
from ruleyard.core.near import nearest
from ruleyard.core.types import JSON


def connection_problem(name: str, kind: str, known: Known, path: str, node: str) -> Problem | None:
    """The problem of a connection that is missing or of another kind."""
    actual = known.connections.get(name)
    if actual == kind:
        return None
    fitting = [other for other, its_kind in known.connections.items() if its_kind == kind]
    better = nearest(name, fitting) or (fitting[0] if len(fitting) == 1 else None)
    fix = Fix(f'Use "{better}"', path, better) if better else None
    args: dict[str, JSON] = {"connection": name, "needed": kind}
    if better:
        args["suggestion"] = better
    if actual is None:
        words = f'There is no connection "{name}".' + (
            f' Did you mean "{better}"?' if better else " Make it first."
        )
        return Problem("unknown-connection", path, words, node=node, args=args, fix=fix)
    words = f'The connection "{name}" is {actual}; {kind} is needed here.'
    args["actual"] = actual
    return Problem("wrong-connection", path, words, node=node, args=args, fix=fix)
