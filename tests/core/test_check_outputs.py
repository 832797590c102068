"""What the check knows of the outputs of steps is told for every action there is."""

from __future__ import annotations

from ruleyard.core.action_fields import BY_NAME
from ruleyard.core.step_outputs import OUTPUTS


def test_every_action_tells_what_it_gives() -> None:
    assert set(OUTPUTS) == set(BY_NAME)
