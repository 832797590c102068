"""How many records each of several people has, in a table of a watched database.

Names come from the catalogue, values are always parameters, read as the column's own type so that its index helps.
"""

from __future__ import annotations

from collections.abc import Sequence

from ruleyard.actions import records
from ruleyard.core.turns import key_of
from ruleyard.core.types import JSON, JSONObject


async def count_by_person(
    database: records.Database,
    table: records.Table,
    *,
    column: str,
    people: Sequence[JSON],
    where: JSONObject,
    without: Sequence[JSONObject] = (),
) -> dict[str, int]:
    """By `turns.key_of`; people with none are left out. `where`: column → value, or a list of which any will do.
    `without`: keys of records that are not counted.
    """
    for name in (column, *where):
        records.refuse_missing(table, name)
    values: list[object] = [_each(column, list(people))]
    tests = [f"t.{table.columns[column]} = any({_array(table, column, 1)})"]
    for name, value in where.items():
        wanted = value if isinstance(value, list) else [value]
        values.append(_each(name, [one for one in wanted if one is not None]))
        test = f"t.{table.columns[name]} = any({_array(table, name, len(values))})"
        tests.append(f"({test} or t.{table.columns[name]} is null)" if None in wanted else test)
    if without and table.key:
        values.append(records.dumped([*without]))
        same = " and ".join(f"t.{table.columns[one]} = k.{table.columns[one]}" for one in table.key)
        listed = f"jsonb_populate_recordset(null::{table.sql}, ${len(values)}::text::jsonb) k"
        tests.append(f"not exists (select from {listed} where {same})")
    rows = await records.read(
        database,
        f"""
            select t.{table.columns[column]}::text as person, count(*) as records
            from {table.sql} t where {" and ".join(tests)} group by 1
        """,
        *values,
    )
    return {key_of(row["person"]): int(row["records"]) for row in rows}


def _each(column: str, values: Sequence[JSON]) -> str:
    return records.dumped([{column: value} for value in values])


def _array(table: records.Table, column: str, parameter: int) -> str:
    """Values of the column's own type out of a list of objects."""
    return (
        f"array(select v.{table.columns[column]} "
        f"from jsonb_populate_recordset(null::{table.sql}, ${parameter}::text::jsonb) v)"
    )
