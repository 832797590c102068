"""shared-schemas/openapi.json is what the code describes. `python -m ruleyard.api.schema FILE` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from ruleyard.api.schema import document_bytes

KEPT = Path(__file__).parents[2] / "shared-schemas" / "openapi.json"


def test_the_openapi_file_is_fresh() -> None:
    assert KEPT.read_bytes() == document_bytes(), "run: just schemas"


def test_the_same_code_gives_the_same_bytes() -> None:
    assert document_bytes() == document_bytes()


def test_every_operation_has_a_name_of_its_own_and_a_problem_answer() -> None:
    described = json.loads(KEPT.read_bytes())
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all("application/problem+json" in one["responses"]["default"]["content"] for one in operations)


def test_what_an_answer_leaves_out_is_not_promised() -> None:
    """openapi-typescript takes a field with a default for one that is always there."""
    schemas = json.loads(KEPT.read_bytes())["components"]["schemas"]
    severity = schemas["Problem"]["properties"]["severity"]
    assert "default" not in severity
    assert severity["description"] == 'Absent means "error".'
    assert "severity" not in schemas["Problem"]["required"]
