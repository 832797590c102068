"""Bank calls replayed into a watched table: as many runs per rule as SQL counts, none failed."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from ruleyard.core.errors import Invalid
from ruleyard.demo.bank_calls import COLUMNS
from ruleyard.demo.replay import replay_file
from ruleyard.settings import Settings
from story.conftest import Demo
from support.house import running

REAL = Path(__file__).parents[3] / "shared" / "data" / "bank-calls.csv.gz"
GENERATED = 2_000


def write_calls(path: Path, count: int, *, seed: int = 5) -> None:
    """A file of the same shape as the real one."""
    chance = random.Random(seed)
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for _ in range(count):
            writer.writerow(
                (
                    chance.randint(18, 95),
                    chance.choice(("management", "technician", "blue-collar", "retired", "admin.")),
                    chance.choice(("married", "single", "divorced")),
                    chance.choice(("primary", "secondary", "tertiary", "unknown")),
                    chance.choice(("yes", "no")),
                    chance.randint(-900, 6000),
                    chance.choice(("yes", "no")),
                    chance.choice(("yes", "no")),
                    chance.choice(("cellular", "telephone", "unknown")),
                    chance.randint(1, 31),
                    chance.choice(months),
                    chance.randint(3, 1200),
                    chance.randint(1, 9),
                    chance.choice((-1, 90, 180)),
                    chance.randint(0, 4),
                    chance.choice(("success", "failure", "other", "unknown")),
                    chance.choice(("yes", "no", "no", "no")),
                )
            )


async def test_generated_calls_fire_as_often_as_sql_counts(
    settings: Settings, empty_demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "calls.csv"
    write_calls(path, GENERATED)
    async with running(settings):
        done = await replay_file(settings, path, owner_url=empty_demo.owner_url, app_url=empty_demo.app_url)
    assert (done.calls, [rule.failed for rule in done.rules]) == (GENERATED, [0, 0, 0])
    assert all(rule.expected > 50 for rule in done.rules)
    assert done.equal, done.rules


async def test_a_second_replay_counts_only_its_own(
    settings: Settings, empty_demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "calls.csv"
    write_calls(path, 100)
    async with running(settings):
        first, second = [
            await replay_file(settings, path, owner_url=empty_demo.owner_url, app_url=empty_demo.app_url)
            for _ in range(2)
        ]
    assert second.replay == first.replay + 1
    assert [rule.runs for rule in second.rules] == [rule.runs for rule in first.rules]
    assert second.equal


async def test_a_file_with_a_fault_changes_nothing(
    settings: Settings, empty_demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "calls.csv"
    write_calls(path, 3)
    path.write_text(path.read_text() + "oh,no\n")
    with pytest.raises(Invalid, match="Line 5"):
        await replay_file(settings, path, owner_url=empty_demo.owner_url, app_url=empty_demo.app_url)


@pytest.mark.timeout(2400)
@pytest.mark.skipif(
    not REAL.exists(), reason="the real calls (../shared/data/bank-calls.csv.gz) are not here"
)
async def test_the_real_calls_fire_as_often_as_sql_counts(settings: Settings, empty_demo: Demo) -> None:
    async with running(settings):
        done = await replay_file(settings, REAL, owner_url=empty_demo.owner_url, app_url=empty_demo.app_url)
    assert done.calls == 35_000
    assert [rule.expected for rule in done.rules] == [2362, 414, 177]
    assert done.equal, done.rules
