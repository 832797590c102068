"""A search as one condition of a SQL statement: identifiers from the catalogue, values as parameters, nothing else.

It holds for exactly those records for which our own evaluator says so, but that a comparison which has no value there
(`NaN` or infinity in an order) does not hold. Negations are driven down to the tests, so that indexes serve.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.search_cells import Cell, as_json, as_number, as_text, finite
from ruleyard.actions.search_values import (
    Against,
    fits,
    is_uuid,
    moment_against,
    number_against,
    whole_against,
    writable,
)
from ruleyard.core.logic.budget import Broken
from ruleyard.core.logic.values import BLANKS, text_of
from ruleyard.core.search import (
    Compare,
    Edge,
    Either,
    Empty,
    Every,
    Fixed,
    Given,
    Negated,
    Search,
    Sought,
    Term,
    Test,
    Truthy,
    Within,
)
from ruleyard.core.types import JSON

MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NUMBERS: Final = ("integer", "number", "float")
TEXTS: Final = ("text", "textual", "date", "timestamp", "moment", "uuid")
_CASED: Final = [one for one in map(chr, range(128, 0x20000)) if len(one.lower()) == 1 and one.lower() != one]
_UPPER: Final = "".join(_CASED)
_LOWER: Final = "".join(one.lower() for one in _CASED)
_DOTTED: Final = "\u0130"
"""The one letter whose small form is two."""
_LETTERS: Final = "A-Za-z\u00aa-\u02ff\u0370-\u03ff\u0400-\u052f\u1e00-\u1fff"
_FINAL_SIGMA: Final = f"(?<=[{_LETTERS}])\u03a3(?![{_LETTERS}])"


class Cells(Protocol):
    """Where the columns that a search names are: of the table itself, or joined to it."""

    def of(self, path: str) -> tuple[Cell, str]:
        """The cell, and the dotted path that is left inside it. ActionFailed where it may not be read, or is not."""
        ...


@dataclass
class Condition:
    """Grows parameters while a search is written. `unicode`: the database's text is UTF-8."""

    cells: Cells
    unicode: bool = True
    values: list[object] = field(default_factory=list)

    def parameter(self, value: object, kind: str = "text") -> str:
        """`$3::text`, or the same cast to a type."""
        self.values.append(value)
        place = f"${len(self.values)}::{'text[]' if isinstance(value, list) else 'text'}"
        return place if kind in ("text", "text[]") else f"cast({place} as {kind})"

    def sql(self, search: Search, *, holds: bool = True) -> str:
        """True where the search holds (or, with `holds` false, where it does not), else false or null."""
        match search:
            case Fixed(truth):
                return "true" if truth is holds else "false"
            case Negated(part):
                return self.sql(part, holds=not holds)
            case Every(parts) | Either(parts):
                together = isinstance(search, Every) is holds
                written = [self.sql(part, holds=holds) for part in parts]
                if not written:
                    return "true" if together else "false"
                return f"({(' and ' if together else ' or ').join(written)})"
            case _:
                test = self._test(search)
                return test if holds else f"({test}) is not true"

    def _test(self, test: Test) -> str:
        match test:
            case Compare():
                return self._compare(test)
            case Within(needle, stack):
                return self._within(needle, stack)
            case Edge(starts, text, part):
                return self._edge(text, part, starts=starts)
            case Empty(term):
                return self._empty(term)
            case Truthy(term):
                return self._truthy(term)

    # equality and order

    def _compare(self, test: Compare) -> str:
        relation: str = test.relation
        left, right = test.left, test.right
        if relation in ("!==", "!="):
            equal = self._equal(left, right, loose=relation == "!=")
            return f"({equal}) is not true"
        if relation in ("===", "=="):
            return self._equal(left, right, loose=relation == "==")
        if isinstance(left, Given):
            relation, left, right = MIRRORED[relation], right, left
        assert isinstance(left, Sought)  # noqa: S101 - one side is
        if isinstance(right, Given):
            return self._order(relation, left, right.value)
        return self._order_of_two(relation, left, right)

    def _equal(self, left: Term, right: Term, *, loose: bool) -> str:
        if isinstance(left, Given):
            left, right = right, left
        assert isinstance(left, Sought)  # noqa: S101 - one side is
        cell = self._cell(left)
        if isinstance(right, Sought):
            return self._equal_cells(cell, self._cell(right))
        value = right.value
        if loose and value is not None:
            value = _loosened(cell, value)
        return self._equal_value(cell, value)

    def _equal_value(self, cell: Cell, value: JSON) -> str:
        if value is None:
            return (
                f"({cell.sql} is null or {as_json(cell)} = 'null')"
                if cell.kind == "mixed"
                else f"{cell.sql} is null"
            )
        if cell.kind == "mixed":
            return f"{as_json(cell)} = {self._json_value(value)}" if writable(value) else "false"
        if cell.kind == "boolean":
            return f"{cell.sql} = {str(value).lower()}" if isinstance(value, bool) else "false"
        if cell.kind in NUMBERS:
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return "false"
            return self._number(cell, "=", value)
        if not isinstance(value, str) or not fits(value):
            return "false"
        if cell.kind == "uuid":
            return f"{cell.sql} = {self.parameter(value, 'uuid')}" if is_uuid(value) else "false"
        if cell.kind in ("date", "timestamp", "moment"):
            against = moment_against(cell.kind, "=", value)
            if against is not None:
                return self._against(cell, against)
        return f"{as_text(cell)} = {self.parameter(value)}"

    def _equal_cells(self, left: Cell, right: Cell) -> str:
        kinds = {left.kind, right.kind}
        if kinds <= {*NUMBERS} or (
            len(kinds) == 1 and kinds <= {"text", "boolean", "uuid", "date", "timestamp", "moment"}
        ):
            return f"{as_number(left)} is not distinct from {as_number(right)}"
        if kinds <= {*TEXTS}:
            return f"{as_text(left)} is not distinct from {as_text(right)}"
        return f"coalesce({as_json(left)}, 'null') = coalesce({as_json(right)}, 'null')"

    def _order(self, relation: str, term: Sought, value: JSON) -> str:
        cell = self._cell(term)
        if cell.kind in NUMBERS:
            number = number_against(relation, value, what=cell.name)
            test = self._number(cell, relation, number)
            return f"({test} or {cell.sql} is null)" if _in_order(0, relation, number) else test
        if cell.kind not in TEXTS or not isinstance(value, str):
            raise _unordered(cell)
        if "\0" in value:  # no text in PostgreSQL has it; it comes before every other character
            value = value.partition("\0")[0]
            relation = "<=" if relation in ("<", "<=") else ">"
        elif not fits(value):
            raise _unordered(cell)
        if cell.kind in ("date", "timestamp", "moment"):
            against = moment_against(cell.kind, relation, value)
            if against is not None:
                return self._against(cell, against)
        return f"{self._ordered(as_text(cell))} {relation} {self._ordered(self.parameter(value))}"

    def _order_of_two(self, relation: str, left: Sought, right: Sought) -> str:
        a, b = self._cell(left), self._cell(right)
        if a.kind in NUMBERS and b.kind in NUMBERS:
            bounded = [finite(cell) for cell in (a, b) if cell.kind != "integer"]
            return " and ".join(
                [f"coalesce({as_number(a)}, 0) {relation} coalesce({as_number(b)}, 0)", *bounded]
            )
        if a.kind in TEXTS and b.kind in TEXTS:
            return f"{self._ordered(as_text(a))} {relation} {self._ordered(as_text(b))}"
        raise _unordered(a)

    def _number(self, cell: Cell, relation: str, value: float) -> str:
        if cell.kind == "integer":
            return self._against(cell, whole_against(relation, value))
        written = repr(value) if isinstance(value, float) else str(value)
        kind = "numeric" if cell.kind == "number" else "float8"
        test = f"{as_number(cell)} {relation} {self.parameter(written, kind)}"
        if relation in ("<", "<="):
            return f"({test} and {as_number(cell)} > '-Infinity')"
        return test if relation == "=" else f"({test} and {as_number(cell)} < 'Infinity')"

    def _against(self, cell: Cell, against: Against | bool) -> str:
        if isinstance(against, bool):
            return f"{cell.sql} is not null" if against else "false"
        return f"{cell.sql} {against.relation} {self.parameter(against.value, against.kind)}"

    def _ordered(self, text: str) -> str:
        """By Unicode characters, as UTF-8 sorts them."""
        return f'{text} collate "C"' if self.unicode else f"convert_to({text}, 'UTF8')"

    # text and lists

    def _within(self, needle: Term, stack: Term) -> str:
        if isinstance(stack, Sought):
            return self._within_cell(needle, self._cell(stack))
        assert isinstance(needle, Sought)  # noqa: S101 - one side is
        cell = self._cell(needle)
        if isinstance(stack.value, list):
            return self._among(cell, stack.value)
        if not isinstance(stack.value, str):
            return "false"
        return f"strpos({self._piece(stack.value)}, {self._text_of(cell)}) > 0"

    def _among(self, cell: Cell, values: list[JSON]) -> str:
        texts = [one for one in values if isinstance(one, str) and fits(one)]
        if cell.kind in ("text", "textual") and len(texts) > 1:
            rest = [self._equal_value(cell, None)] if None in values else []
            return f"({' or '.join([f'{as_text(cell)} = any({self.parameter(texts)})', *rest])})"
        tests = [self._equal_value(cell, one) for one in values]
        return f"({' or '.join(dict.fromkeys(tests))})" if tests else "false"

    def _within_cell(self, needle: Term, cell: Cell) -> str:
        if isinstance(needle, Sought):
            return f"strpos({self._text_of(cell)}, {self._text_of(self._cell(needle))}) > 0"
        value = needle.value
        listed = "false"
        if cell.kind == "mixed" and writable(value):
            listed = f"exists (select from jsonb_array_elements({as_json(cell)}) e where e = {self._json_value(value)})"
        piece = None if value is None or isinstance(value, (list, dict)) else text_of(value, "")
        if cell.kind != "mixed":
            if piece is None or not fits(piece):
                return "false"
            return f"strpos({self._text_of(cell)}, {self.parameter(piece)}) > 0"
        found = "false"
        if piece is not None and fits(piece):
            found = f"strpos({as_json(cell)} #>> '{{}}', {self.parameter(piece)}) > 0"
        kind = f"jsonb_typeof({as_json(cell)})"
        return f"case {kind} when 'array' then {listed} when 'string' then {found} else false end"

    def _edge(self, text: Term, part: Term, *, starts: bool) -> str:
        sides = []
        for term in (text, part):
            if isinstance(term, Sought):
                sides.append(self._text_of(self._cell(term)))
                continue
            if term.value is None:
                return "false"
            piece = _written(term.value)
            if not fits(piece) and term is part:
                return "false"
            sides.append(self._piece(piece))
        whole, piece_sql = sides
        if starts:
            return f"starts_with({whole}, {piece_sql})"
        return f"right({whole}, length({piece_sql})) = {piece_sql}"

    def _piece(self, text: str) -> str:
        """A text in which another one is looked for: what PostgreSQL cannot hold stands for nothing that it can."""
        return self.parameter(text.replace("\0", "\ufffd") if fits(text.replace("\0", "")) else "")

    def _text_of(self, cell: Cell) -> str:
        if cell.kind not in TEXTS:
            raise ActionFailed(
                f"“{cell.name}” holds no text to look into.", code="not-text", args={"column": cell.name}
            )
        return as_text(cell)

    # empty or not

    def _empty(self, term: Sought) -> str:
        cell = self._cell(term)
        if cell.kind in ("text", "textual"):
            return f"({cell.sql} is null or {self._blank(as_text(cell))})"
        if cell.kind != "mixed":
            return f"{cell.sql} is null"
        json = as_json(cell)
        blank = self._blank(f"{json} #>> '{{}}'")
        return f"(coalesce({json}, 'null') in ('null', '[]', '{{}}') or (jsonb_typeof({json}) = 'string' and {blank}))"

    def _blank(self, text: str) -> str:
        return f"btrim({text}, {self.parameter(BLANKS)}) = ''"

    def _truthy(self, term: Sought) -> str:
        cell = self._cell(term)
        if cell.kind == "boolean":
            return cell.sql
        if cell.kind in NUMBERS:
            return f"{cell.sql} <> 0"
        if cell.kind in TEXTS:
            return f"{as_text(cell)} <> ''" if cell.kind in ("text", "textual") else f"{cell.sql} is not null"
        return f"coalesce({as_json(cell)}, 'null') not in ('null', 'false', '0', '\"\"', '[]')"

    def _cell(self, term: Sought) -> Cell:
        cell, inside = self.cells.of(term.path)
        if inside:
            cell = self._inside(cell, inside)
        for made in term.made:
            text = self._text_of(cell)
            cell = Cell(cell.name, self._lower(text) if made == "lower" else self._trimmed(text), "text")
        return cell

    def _inside(self, cell: Cell, path: str) -> Cell:
        """A value inside a JSON column or a list: nothing where there is none."""
        if cell.kind != "mixed":
            raise ActionFailed(
                f"“{cell.name}” has nothing inside it.", code="cannot-search", args={"column": cell.name}
            )
        parts = path.split(".")
        if not all(map(fits, parts)) or any(map(_from_the_end, parts)):
            return Cell(f"{cell.name}.{path}", "null::jsonb", "mixed", json=True)
        sql = f"({as_json(cell)} #> {self.parameter(parts)})"
        return Cell(f"{cell.name}.{path}", sql, "mixed", json=True)

    def _trimmed(self, text: str) -> str:
        return f"btrim({text}, {self.parameter(BLANKS)})"

    def _lower(self, text: str) -> str:
        """Small letters by Unicode, whatever the database's locale knows of it."""
        if not self.unicode:
            return f"lower({text})"
        sigma = f"regexp_replace({text}, {self.parameter(_FINAL_SIGMA)}, {self.parameter('ς')}, 'g')"
        dotted = f"replace({sigma}, {self.parameter(_DOTTED)}, {self.parameter(_DOTTED.lower())})"
        wide = f'translate(lower({dotted} collate "C"), {self.parameter(_UPPER)}, {self.parameter(_LOWER)})'
        plain = f"octet_length({text}) = length({text})"
        return f'(case when {plain} then lower({text} collate "C") else {wide} end)'

    def _json_value(self, value: JSON) -> str:
        return self.parameter(msgspec.json.encode(value).decode(), "jsonb")


def _loosened(cell: Cell, value: JSON) -> JSON:
    """What `==` compares with as `===` does. ActionFailed where that is not known before the records are."""
    if cell.kind in NUMBERS and not isinstance(value, (list, dict)):
        return number_against("=", value, what=cell.name)
    if cell.kind == "boolean" and isinstance(value, bool):
        return value
    if cell.kind in TEXTS and isinstance(value, str):
        return value
    raise ActionFailed(
        f"“{cell.name}” cannot be compared loosely with a value of another kind: use ===.",
        code="cannot-compare",
        args={"column": cell.name},
    )


def _unordered(cell: Cell) -> ActionFailed:
    return ActionFailed(
        f"“{cell.name}” cannot be put in order with a value of another kind, or with none.",
        code="cannot-compare",
        args={"column": cell.name},
    )


def _in_order(left: float, relation: str, right: float) -> bool:
    match relation:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _from_the_end(part: str) -> bool:
    """PostgreSQL counts such a place from the end of a list; an expression finds nothing there."""
    return part.startswith(("-", "+")) or part != part.strip()


def _written(value: JSON) -> str:
    try:
        return text_of(value, "")
    except Broken as error:
        raise ActionFailed(error.error.message, code="not-text") from None
