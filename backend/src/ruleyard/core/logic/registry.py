"""Our operator classes in the package's registry: every name of the dialect has one."""

from __future__ import annotations

from jsonlogic.registry import OperatorRegistry

from ruleyard.core.logic.operators import compare, data, dates, decide, lists, numbers, text
from ruleyard.core.logic.tree import Node

CLASSES: tuple[tuple[str, type[Node]], ...] = (
    ("var", data.Var),
    ("missing", data.Missing),
    ("missing_some", data.MissingSome),
    ("preserve", data.Preserve),
    ("===", compare.Same),
    ("!==", compare.Same),
    ("==", compare.Alike),
    ("!=", compare.Alike),
    ("<", compare.Order),
    ("<=", compare.Order),
    (">", compare.Order),
    (">=", compare.Order),
    ("!", decide.Not),
    ("!!", decide.NotNot),
    ("and", decide.And),
    ("or", decide.Or),
    ("if", decide.If),
    ("?:", decide.If),
    ("is_empty", decide.IsEmpty),
    ("+", numbers.Arithmetic),
    ("-", numbers.Arithmetic),
    ("*", numbers.Arithmetic),
    ("/", numbers.Arithmetic),
    ("%", numbers.Arithmetic),
    ("min", numbers.Arithmetic),
    ("max", numbers.Arithmetic),
    ("cat", text.Cat),
    ("substr", text.Substr),
    ("in", text.In),
    ("lower", text.OneText),
    ("trim", text.OneText),
    ("starts_with", text.Edge),
    ("ends_with", text.Edge),
    ("length", text.Length),
    ("merge", lists.Merge),
    ("map", lists.Map),
    ("filter", lists.Filter),
    ("reduce", lists.Reduce),
    ("all", lists.Quantifier),
    ("some", lists.Quantifier),
    ("none", lists.Quantifier),
    ("date_add", dates.DateAdd),
    ("date_diff", dates.DateDiff),
    ("date_part", dates.DatePart),
)


def build_registry() -> OperatorRegistry:
    """A registry of dialect 1."""
    registry = OperatorRegistry()
    for name, operator in CLASSES:
        registry.register(name, operator)  # type: ignore[type-var]
    return registry


REGISTRY = build_registry()
"""Never changed after import."""
