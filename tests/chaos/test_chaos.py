"""A small chaos in the suite; the big one is `just chaos`."""

from __future__ import annotations

from chaos.plan import KINDS, plan_faults
from chaos.run import Wishes, chaos


def test_a_plan_is_the_seeds_and_a_long_one_has_every_kind() -> None:
    assert plan_faults(5, 50, gap_s=8) == plan_faults(5, 50, gap_s=8) != plan_faults(6, 50, gap_s=8)
    for seed in range(20):
        faults = plan_faults(seed, 50, gap_s=8)
        assert len(faults) == 50
        assert {fault.kind for fault in faults} == set(KINDS)
        assert [fault.at_s for fault in faults] == sorted(fault.at_s for fault in faults)


async def test_six_faults_lose_nothing_and_repeat_nothing() -> None:
    said: list[str] = []
    report = await chaos(Wishes(events=1500, faults=6, seed=7, gap_s=1.8), said.append)
    assert report.broken == [], (report.as_json(), said)
    assert report.verdict.events >= 1500
    assert sum(one.found for one in report.verdict.tallies.values()) > 1000
