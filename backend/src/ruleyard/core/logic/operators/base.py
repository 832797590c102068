"""What all our operator classes share: the arity of the dialect's table, and a default type check from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruleyard.core.logic.budget import CHARACTERS_A_STEP
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.tree import Bad, Literal, Node, folded
from ruleyard.core.logic.typecheck import Scope, Type


class Known(Node):
    """An operator of the dialect."""

    @classmethod
    def from_expression(cls, operator: str, arguments: Sequence[Any]) -> Node:
        info = BY_NAME[operator]
        count = len(arguments)
        if count < info.min_args or (info.max_args is not None and count > info.max_args):
            most = info.max_args
            many = (
                str(info.min_args)
                if most == info.min_args
                else f"{info.min_args} to {most}"
                if most
                else f"at least {info.min_args}"
            )
            words = f'"{operator}" needs {many} argument{"" if many == "1" else "s"}, here are {count}.'
            return Bad(operator, arguments, "bad-arguments", words)
        return cls(operator, arguments)

    def typecheck(self, context: Scope) -> Type:
        """Every argument is checked against the table's words; the result is the table's."""
        return context.by_table(self, BY_NAME[self.operator])


class Pure(Known):
    """Depends on its arguments alone and takes nothing from the budget: folded where they are literals."""

    early = True

    def frugal(self) -> bool:
        return all(arg.frugal() for arg in self.args)


def long_text(node: Node) -> bool:
    """A text that it takes steps to look at."""
    found = folded(node)
    return type(found) is Literal and isinstance(found.value, str) and len(found.value) >= CHARACTERS_A_STEP


class Truth(Pure):
    """A pure operator that says true or false, nothing else."""

    def boolean(self) -> bool:
        return True
