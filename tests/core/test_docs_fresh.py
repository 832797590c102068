"""docs/rule-format.md and docs/errors.md say what the code says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ruleyard.core.docs import renewed
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


def test_the_operators_section_is_fresh() -> None:
    page = (ROOT / "docs" / "rule-format.md").read_text()
    assert renewed(page) == page, "run `python -m ruleyard.core.docs ../docs/rule-format.md`"


def test_every_code_in_core_is_in_the_errors_page() -> None:
    page = set(re.findall(r"`([a-z-]+)`", (ROOT / "docs" / "errors.md").read_text()))
    source = ROOT / "backend" / "src" / "ruleyard" / "core"
    codes = {code for path in source.rglob("*.py") for code in CODE.findall(path.read_text())}
    assert not codes - page
    vectors = ROOT / "shared-schemas" / "vectors"
    for path in (vectors / "graphs" / "shape.json", vectors / "typecheck" / "check.json"):
        for case in json.loads(path.read_text())["cases"]:
            assert {problem["code"] for problem in case["problems"]} <= page


def test_the_first_example_of_the_rule_format_parses() -> None:
    page = (ROOT / "docs" / "rule-format.md").read_text()
    example = page.split("```json\n")[1].split("```")[0]
    assert isinstance(parse(json.loads(example)), Graph)
