"""`ruleyard retry`, `settle`, `waiting` and `log … read-again`, on runs and changes that need somebody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.processes import Up, ruleyard
from support.published import change_rule
from support.waiting import until_now

RULE = "Runs that need care"
CITY = "Sokcho"
Tell = Callable[..., str]
Ended = Callable[[], list[int]]


@pytest.fixture(scope="module")
def tell(up: Up) -> Tell:
    def tell(*words: str, code: int = 0) -> str:
        done = ruleyard(*words, "--data", str(up.folder))
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return tell


@pytest.fixture(scope="module")
def sql(up: Up) -> Callable[..., None]:
    def sql(statement: str, *where: str) -> None:
        done = ruleyard(
            "psql", *where, "--data", str(up.folder), "--", "-v", "ON_ERROR_STOP=1", "-c", statement
        )
        assert done.returncode == 0, done.stderr

    return sql


@pytest.fixture(scope="module")
def runs(
    tell: Tell, sql: Callable[..., None], ended: Ended, tmp_path_factory: pytest.TempPathFactory
) -> list[int]:
    """Three runs of one rule that succeeded."""
    file: Path = tmp_path_factory.mktemp("care") / "rule.json"
    file.write_text(json.dumps(change_rule({"===": [{"var": "after.city"}, CITY]}, name=RULE)))
    tell("import", str(file), "--publish")
    sql(
        f"""insert into leads (first_name, last_name, city, source)
        select 'C', n, '{CITY}', 'web' from generate_series(1, 3) n"""
    )
    until_now(lambda: len(ended()) == 3, what="three runs")
    return ended()


@pytest.fixture(scope="module")
def ended(up: Up) -> Ended:
    """The runs that ended well, the oldest first."""
    headers = {"Authorization": f"Bearer {(up.folder / 'cli.key').read_text().strip()}"}

    def ended() -> list[int]:
        found = httpx.get(
            f"{up.url}/api/v1/runs?state=succeeded&limit=100", headers=headers, timeout=60
        ).json()["items"]
        return sorted(one["id"] for one in found if one["rule_name"] == RULE)

    return ended


def fail(sql: Callable[..., None], runs: list[int], code: str) -> None:
    ids = ", ".join(str(one) for one in runs)
    sql(
        f"""update app.step set state = 'failed' where run_id in ({ids}) and node_id = 'a';
        update app.run set state = 'failed', error = 'It did not work.',
          fault = jsonb_build_object('code', '{code}', 'message', 'It did not work.') where id in ({ids})""",
        "--own",
    )


def test_a_retry_is_looked_at_and_then_done(
    tell: Tell, sql: Callable[..., None], ended: Ended, runs: list[int]
) -> None:
    fail(sql, runs, "target-gone")
    seen = tell("retry", "--rule", RULE, "--fault", "target-gone", "--since", "2026-01-01")
    assert "3 failed runs would go on" in seen
    assert RULE in seen
    assert ended() == [], "looking did nothing"
    preview = json.loads(tell("retry", "--rule", RULE, "--json"))
    assert (preview["count"], preview["groups"][0]["node"]) == (3, "a")
    assert "No failed run fits." in tell("retry", "--rule", RULE, "--until", "2026-01-01", "--go")
    done = json.loads(tell("retry", "--rule", RULE, "--go", "--json"))
    assert (done["state"], done["done"], done["total"]) == ("finished", 3, 3)
    until_now(lambda: ended() == runs, what="the runs to end well")


def test_single_runs_go_on_and_others_are_named(
    tell: Tell, sql: Callable[..., None], ended: Ended, runs: list[int]
) -> None:
    fail(sql, runs[:1], "target-gone")
    first, second = (str(one) for one in runs[:2])
    said = tell("retry", first, second)
    assert f"run {first}: goes on" in said
    assert f"run {second}: left alone" in said
    assert "left alone" in tell("retry", second, code=1)
    until_now(lambda: ended() == runs, what="the run to end well")


def test_an_unknown_outcome_is_listed_and_settled(
    tell: Tell, sql: Callable[..., None], ended: Ended, runs: list[int]
) -> None:
    assert "Nothing to settle" in tell("settle")
    fail(sql, runs[:2], "outcome-unknown")
    assert "2 more are left out" in tell("retry", "--rule", RULE)
    first, second = (str(one) for one in runs[:2])
    listed = json.loads(tell("settle", "--json"))
    assert sorted(str(one["id"]) for one in listed) == [first, second]
    assert "--arrived or --resend" in tell("settle", first, code=1)
    assert f"run {first}: goes on" in tell("settle", first, "--arrived")
    assert f"run {second}: is sent again" in tell("settle", second, "--resend")
    assert "Nothing is unknown" in tell("settle", first, "--arrived", code=1)
    until_now(lambda: ended() == runs, what="the runs to end well")


def test_what_waits_is_listed_let_go_and_cancelled(
    tell: Tell, sql: Callable[..., None], tmp_path: Path
) -> None:
    paced = change_rule({"===": [{"var": "after.city"}, "Gangneung"]}, name="One an hour")
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({**paced, "policy": {"pace": {"at_most": 1, "per": "hour"}}}))
    tell("import", str(file), "--publish")
    sql(
        """insert into leads (first_name, last_name, city, source)
        select 'D', n, 'Gangneung', 'web' from generate_series(1, 30) n"""
    )

    def waiting() -> dict[str, Any]:
        return dict(json.loads(tell("waiting", "One an hour", "--json")))

    found = until_now(lambda: (seen := waiting())["count"] == 29 and seen, what="29 to wait")
    said = tell("waiting", "One an hour")
    assert "29 wait for their turn" in said
    assert "These are the oldest 25 of 29." in said
    first, second = (str(one["id"]) for one in found["items"][:2])
    assert "27 wait" in tell("waiting", "One an hour", "--release", "--run", first, "--run", second)
    tell("waiting", "One an hour", "--cancel")
    until_now(lambda: waiting()["count"] == 0, what="the others to be cancelled")


def test_changes_that_stood_aside_are_read_again(
    tell: Tell, sql: Callable[..., None], ended: Ended, runs: list[int]
) -> None:
    assert "No change stands aside." in tell("log", "crm", "read-again")
    sql(
        f"""insert into app.unreadable_event (log, event_id, lane, table_name, error)
        select log, event_id, 0, record_table, 'RecursionError' from app.run where id = {runs[0]}
        union all select log, 999999999, 0, record_table, 'RecursionError' from app.run where id = {runs[0]}""",
        "--own",
    )
    assert "--table goes with read-again" in tell("log", "crm", "--table", "leads", code=1)
    said = tell("log", "crm", "read-again", "--table", "leads")
    assert "public.leads: 1 read, 0 runs; 0 still stand aside." in said, "it had its run already"
    assert "1 are no longer in the log." in said
    assert json.loads(tell("log", "crm", "read-again", "--json")) == {}
