"""Settings: documented, refused with a sentence that names the variable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ruleyard.cli.instance import environment_of
from ruleyard.core.errors import Invalid
from ruleyard.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "RULEYARD_DATABASE_URL": "postgresql://ruleyard:pw@db.example/ruleyard",
    "RULEYARD_REDIS_URL": "redis://:pw@redis.example:6379/0",
    "RULEYARD_SECRET_KEY": "0f" * 32,
}


def test_every_setting_is_in_the_docs() -> None:
    used: set[str] = set()
    for file in (ROOT / "backend/src").rglob("*.py"):
        used |= set(re.findall(r"\bRULEYARD_[A-Z_]+\b", file.read_text()))
    docs = (ROOT / "docs/settings.md").read_text()
    assert sorted(name for name in used if f"`{name}`" not in docs) == ["RULEYARD_"] * ("RULEYARD_" in used)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RULEYARD_DATABASE_URL", "", "RULEYARD_DATABASE_URL is not set"),
        ("RULEYARD_DATABASE_URL", "mysql://x", "must start with postgresql://"),
        ("RULEYARD_REDIS_URL", "http://x", "must start with redis://"),
        ("RULEYARD_SECRET_KEY", "abc", "64 hex digits"),
        ("RULEYARD_PORT", "80a", "whole number from 1 to 65535"),
        ("RULEYARD_LOG_LEVEL", "loud", "debug, info, warning or error"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(name: str, value: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_settings({**GOOD, name: value})


def test_a_child_reads_the_very_settings_of_up() -> None:
    settings = read_settings(
        {**GOOD, "RULEYARD_OUTBOUND_ALLOW": "127.0.0.1:9,a.example:80", "RULEYARD_PORT": "81"}
    )
    assert read_settings(environment_of(settings)) == settings
