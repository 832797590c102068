"""shared-schemas/ is what the backend writes today, and the rule schema agrees with the parser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.schemas import rule_schema, schemas, write

SHARED = Path(__file__).parents[2] / "shared-schemas"
GRAPHS = json.loads((SHARED / "vectors" / "graphs" / "shape.json").read_text())["cases"]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_generated_file_is_fresh(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    fresh, kept = (tmp_path / name).read_text(), (SHARED / name).read_text()
    assert fresh == kept, (
        f"shared-schemas/{name} is old: run `python -m ruleyard.core.schemas ../shared-schemas`"
    )


@pytest.mark.parametrize("name", [n for n in sorted(schemas()) if n.endswith(".schema.json")])
def test_a_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("case", GRAPHS, ids=lambda case: case["name"])
def test_what_the_parser_takes_the_schema_takes(case: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(rule_schema())
    if isinstance(parse(case["document"]), Graph):
        validator.validate(case["document"])
