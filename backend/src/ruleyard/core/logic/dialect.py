"""Dialect 1: the one table of operators. Feeds both evaluators' arity checks, the palette, the docs and operators.json.

Types are words: any, text, number, boolean, date (a date or a moment as text), list, logic (evaluated per item), unit.
"""

from __future__ import annotations

from typing import Final

from ruleyard.core.logic import table_of_decisions, table_of_values
from ruleyard.core.logic.operator_info import DATE_PARTS, DATE_UNITS, OperatorInfo

__all__ = ["BY_NAME", "DATE_PARTS", "DATE_UNITS", "DIALECT", "OPERATORS", "OperatorInfo"]

DIALECT: Final = 1

OPERATORS: Final[tuple[OperatorInfo, ...]] = table_of_decisions.TABLE + table_of_values.TABLE

BY_NAME: Final = {info.name: info for info in OPERATORS}
