"""`ruleyard why`: the sentence of each reason, of real changes in a running instance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from support.processes import Up, ruleyard
from support.waiting import until_now

Sql = Callable[[str], None]
Why = Callable[..., str]
TABLE = "public.why_orders"
WON = {"===": [{"var": "after.status"}, "won"]}
NOT_BEFORE = {"and": [{"!==": [{"var": "before.status"}, "won"]}, WON]}
MANUAL = {"id": "t", "kind": "trigger", "on": "manual", "connection": "crm", "table": "public.leads"}
NOBODY = "nobody@x.example"


def document(name: str, logic: Any, **trigger: Any) -> dict[str, Any]:
    start = {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": TABLE,
        "events": ["insert", "update"],
        "columns": ["status", "city", "story"],
    }
    told = {"id": "n", "kind": "action", "do": "notify", "fields": {"to": NOBODY, "title": "Won"}}
    nodes = [start | trigger, {"id": "c", "kind": "condition", "logic": logic}, told]
    return {"dialect": 1, "name": name, "nodes": nodes, "edges": [["t", "c"], ["c", "n", "yes"]]}


@pytest.fixture(scope="module")
def sql(up: Up) -> Sql:
    def perform(statement: str) -> None:
        done = ruleyard("psql", "--data", str(up.folder), "--", "-v", "ON_ERROR_STOP=1", "-c", statement)
        assert done.returncode == 0, done.stderr

    return perform


@pytest.fixture(scope="module")
def api(up: Up) -> Iterator[httpx.Client]:
    key = (up.folder / "cli.key").read_text().strip()
    with httpx.Client(
        base_url=f"{up.url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60
    ) as client:
        yield client


@pytest.fixture(scope="module")
def make(api: httpx.Client) -> Iterator[Callable[..., None]]:
    """Make a rule by its document; `publish` also switches it on."""
    made: list[int] = []

    def make(rule: dict[str, Any], *, publish: bool = True) -> None:
        answer = api.post("/rules", json={"document": rule})
        assert answer.is_success, answer.text
        made.append(answer.json()["id"])
        if publish:
            done = api.post(f"/rules/{made[-1]}/publish", json={"etag": answer.json()["draft"]["etag"]})
            assert done.is_success, done.text

    yield make
    for rule_id in made:
        assert api.delete(f"/rules/{rule_id}").is_success


@pytest.fixture(scope="module")
def why(up: Up, sql: Sql, make: Callable[..., None]) -> Iterator[Why]:
    """Ask about record (1, b) of a table with a key of two columns, on which everything has happened."""
    sql(
        f"""create table public.why_shops (id int primary key, tier text not null);
        create table {TABLE} (a int, b int, status text, city text, note text, story text,
          shop int references public.why_shops, primary key (a, b));
        insert into public.why_shops values (7, 'silver');"""
    )
    told(up, "watch", TABLE)
    row = f"insert into {TABLE} (a, b, status) values"
    sql(f"{row} (1, 1, 'won')")
    # What is judged late is judged by the rules of then: that one is not to meet a rule made after it.
    until_now(lambda: all_read(up), what="every change to be read")
    make(document("Why won", NOT_BEFORE))
    make(document("Why draft", WON), publish=False)
    make(document("Why leads", WON, table="public.leads", columns=["status"]))
    make(document("Why by hand", WON) | {"nodes": [MANUAL, *document("", WON)["nodes"][1:]]}, publish=False)
    make(document("Why long", {"starts_with": [{"var": "after.story"}, "x"]}))
    make(document("Why tier", {"===": [{"var": "related.shop.tier"}, "gold"]}))
    make(document("Why nothing", WON) | {"edges": []}, publish=False)
    sql(f"{row} (1, 2, 'won'), (1, 3, 'lost'), (1, 4, 'won'), (1, 5, 'new'), (1, 6, 'new')")
    sql(f"update {TABLE} set city = 'Seoul' where b = 4")
    sql(f"update {TABLE} set note = 'Rang twice' where b = 5")
    sql(f"delete from {TABLE} where b = 6")
    sql(f"insert into {TABLE} (a, b, story, shop) values (1, 8, repeat('x', 200000), 7)")
    told(up, "rules", "--off", "Why won")
    sql(f"{row} (1, 7, 'won')")

    def ask(rule: str, b: int, *words: str) -> str:
        return told(up, "why", rule, "--record", json.dumps({"a": 1, "b": b}), *words)

    yield ask
    told(up, "unwatch", TABLE)
    sql("drop table public.why_orders, public.why_shops")


def all_read(up: Up) -> bool:
    lag = httpx.get(f"{up.url}/health/lag", timeout=60)
    return all(log["unread"] == 0 for log in lag.raise_for_status().json()["logs"])


def told(up: Up, *words: str) -> str:
    done = ruleyard(*words, "--data", str(up.folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("rule", "b", "words", "says"),
    [
        ("Why won", 1, (), "The rule did not exist then: it was made at 20"),
        ("Why won", 2, (), "Every condition on the way holds. It comes to notify."),
        ("Why won", 3, (), 'It did not run because the rule needs that status is "won" (it was "lost").'),
        ("Why won", 4, (), 'status was already "won" before the change, which the rule does not want.'),
        ("Why won", 5, (), "The trigger listens to changes of status, city, story; changed was note."),
        ("Why won", 6, (), "The trigger does not listen to delete, only to insert, update."),
        ("Why won", 7, (), "The rule was off at that moment: it was switched off at 20"),
        ("Why draft", 2, (), "The rule was off at that moment: it has never been on. With the draft: Every"),
        ("Why leads", 2, ("--table", TABLE), f"does not listen to the table {TABLE}, only to public.leads."),
        ("Why by hand", 2, ("--table", TABLE), 'The trigger is "manual"; this event is "insert".'),
        ("Why long", 8, (), "This change was too large and is stored shortened: story is not whole"),
        ("Why long", 8, (), ": could not be decided."),
        ("Why tier", 8, (), "Related records are taken as they are now."),
        ("Why nothing", 2, (), "No path of the rule leads to an action."),
    ],
)
def test_why_prints_the_sentence_of_its_reason(
    why: Why, rule: str, b: int, words: tuple[str, ...], says: str
) -> None:
    assert says in why(rule, b, *words)


def test_why_says_what_the_log_cannot_know_since(up: Up, why: Why, sql: Sql) -> None:
    """Last in this file: afterwards every record has a gap."""
    told(up, "unwatch", TABLE)
    assert "is not watched any more: later changes are not known." in why("Why won", 2)
    told(up, "watch", TABLE)
    again = why("Why won", 2)
    assert f"After this change {TABLE} was not watched for a while, until 20" in again
    sql(f"insert into {TABLE} (a, b, status) values (1, 9, 'won')")
    assert "watched" not in why("Why won", 9)
    sql(f"truncate {TABLE}")
    assert f"After this change all records of {TABLE} were removed at once (TRUNCATE), at 20" in why(
        "Why won", 9
    )
