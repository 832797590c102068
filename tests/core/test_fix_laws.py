"""Laws of problems, on random rules: each points at something that is there, and a fix removes its own problem."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_soundness import KNOWN, rule
from typed_rules import Writer
from typed_tables import table

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.logic.problems import at
from ruleyard.core.mend import put
from ruleyard.core.model import TableModel


def problems_of(document: Any, things: TableModel) -> tuple[Problem, ...]:
    graph = parse(document)
    return check(graph, lambda _, name: things, KNOWN) if isinstance(graph, Graph) else graph


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_a_problem_points_at_something_and_its_fix_removes_it(seed: int) -> None:
    rng = Random(seed)
    things = table(rng)
    events = rng.sample(["insert", "update", "delete"], rng.randint(1, 3))
    logic = Writer(rng, things, ("after", "before"), 0.12).write("boolean", rng.randint(1, 3))
    document: Any = rule(logic, events)
    found = problems_of(document, things)
    for problem in found:
        at(document, problem.path)
        if problem.fix:
            mended = put(json.loads(json.dumps(document)), problem.fix.path, problem.fix.value)
            left = problems_of(mended, things)
            same = [p for p in left if (p.code, p.path) == (problem.code, problem.path)]
            fewer = sum(p.code == problem.code for p in left) < sum(p.code == problem.code for p in found)
            assert fewer or not same, f"{problem} stays in {mended}"
