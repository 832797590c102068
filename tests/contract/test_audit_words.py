"""The browser has words for everything that the audit log can say; vitest holds the other languages to English."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from ruleyard.stores.audit import Act

WORDS = Path(__file__).parents[2] / "frontend" / "src" / "i18n" / "en" / "audit.json"


def test_every_act_has_words_and_no_other() -> None:
    assert {act.replace(" ", "-") for act in get_args(Act)} == set(json.loads(WORDS.read_text()))
