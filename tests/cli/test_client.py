"""The command line against a running instance with the demo."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from support.processes import Up, ruleyard
from support.waiting import until_now

RULE = {
    "dialect": 1,
    "name": "Won leads",
    "nodes": [
        {
            "id": "t",
            "kind": "trigger",
            "on": "change",
            "connection": "crm",
            "table": "public.leads",
            "events": ["update"],
            "columns": ["status"],
        },
        {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.status"}, "won"]}},
        {
            "id": "n",
            "kind": "action",
            "do": "notify",
            "fields": {"to": "everyone", "title": "A lead was won"},
        },
    ],
    "edges": [["t", "c"], ["c", "n", "yes"]],
    "policy": {"overlap": "queue", "on_error": "retry"},
}


def told(up: Up, *words: str) -> str:
    done = ruleyard(*words, "--data", str(up.folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_demo_has_its_rules_on(up: Up) -> None:
    rules = json.loads(told(up, "rules", "--json"))
    assert len(rules) >= 6
    assert all(rule["enabled"] for rule in rules)


def test_a_rule_imported_by_key_fires_on_a_plain_sql_change(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(RULE))
    key = told(up, "keys", "--create", "ci", "--role", "publisher").strip()
    address = ("--url", up.url, "--key", key)
    done = ruleyard("import", str(file), "--publish", *address)
    assert done.returncode == 0, done.stdout + done.stderr
    sql = (
        "update public.leads set status = 'new' where id = 1",
        "update public.leads set status = 'won' where id = 1",
    )
    for statement in sql:
        psql = ruleyard("psql", "--app", "--data", str(up.folder), "--", "-c", statement)
        assert psql.returncode == 0, psql.stderr

    def run() -> list[dict[str, object]]:
        runs = json.loads(ruleyard("runs", "--rule", "Won leads", "--json", *address).stdout)
        return [one for one in runs if one["state"] == "succeeded"]

    (one,) = until_now(run, what="the run")
    assert one["record_table"] == "public.leads"
    assert "n " in ruleyard("runs", "--show", str(one["id"]), *address).stdout
    assert "No rule holds runs." in ruleyard("held", *address).stdout
    held = ruleyard("held", "Won leads", *address).stdout
    assert held == "Won leads: 0 runs held, limit 1,000 runs an hour.\n"
    nothing = ruleyard("held", "Won leads", "--release", *address)
    assert (nothing.returncode, nothing.stderr) == (1, "ruleyard: Nothing is held any more.\n")
    why = ruleyard("why", "Won leads", "--table", "leads", "--record", "1", *address)
    assert "fired" in why.stdout, why.stderr
    then = ruleyard("why", "Won leads", "--record", "1", "--at", "2999-01-01T09:00", *address)
    assert "fired" in then.stdout, then.stderr
    never = ruleyard("why", "Won leads", "--record", "1", "--at", "noon", *address)
    assert never.returncode == 1
    assert "2026-11-22T09:00" in never.stderr
    assert json.loads(ruleyard("export", "Won leads", *address).stdout) == RULE
    assert "same" in ruleyard("import", str(file), "--dry-run", *address).stdout


def test_a_rule_that_does_not_hold_is_refused_with_its_problem(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(RULE | {"name": "Broken"}).replace("after.status", "after.statsu"))
    done = ruleyard("import", str(file), "--dry-run", "--data", str(up.folder))
    assert done.returncode == 1
    assert "statsu" in done.stdout + done.stderr


def test_two_versions_are_compared_in_words_with_a_record_that_separates_them(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "rule.json"
    document = RULE | {"name": "Compared leads"}
    file.write_text(json.dumps(document))
    told(up, "import", str(file), "--publish")
    rule = json.loads(told(up, "rules", "--search", "Compared leads", "--json"))[0]
    draft = json.loads(json.dumps(document).replace('"won"', '"lost"'))
    key = (up.folder / "cli.key").read_text().strip()
    at, headers = f"{up.url}/api/v1/rules/{rule['id']}", {"Authorization": f"Bearer {key}"}
    etag = httpx.get(at, headers=headers, timeout=60).json()["draft"]["etag"]
    saved = httpx.put(
        f"{at}/draft", json={"document": draft}, headers=headers | {"If-Match": etag}, timeout=60
    )
    assert saved.is_success, saved.text
    said = told(up, "diff", "Compared leads", "live", "draft", "--events")
    assert "Compared leads: version 1 → the draft" in said
    assert '~ The condition is now: status is "lost" (it was: status is "won").' in said
    assert "They differ, for example on a record with status" in said
    assert "the old one says yes, the new one no" in said
    assert "Looked at " in said
    answer = json.loads(told(up, "diff", "Compared leads", "1", "draft", "--json"))
    assert answer["verdict"]["after"]["status"] in ("won", "lost")
    assert "They are the same." in told(up, "diff", "Compared leads", "1", "1")
    for words, says in ((("1", "2"), "version 2"), (("1", "next"), "not 'next'")):
        done = ruleyard("diff", "Compared leads", *words, "--data", str(up.folder))
        assert done.returncode == 1
        assert says in done.stderr


def test_unwatch_and_watch(up: Up) -> None:
    assert "no longer watched" in told(up, "unwatch", "tasks")
    assert "public.tasks" not in told(up, "watch")
    assert "Watching public.tasks" in told(up, "watch", "tasks")


def test_a_wrong_key_is_one_clear_line(up: Up) -> None:
    done = ruleyard("rules", "--url", up.url, "--key", "ry_no_no")
    assert done.returncode == 1
    assert "API key" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_there_is_one_clear_line() -> None:
    done = ruleyard("rules", "--url", "http://127.0.0.1:1", "--key", "x")
    assert done.returncode == 1
    assert "No Ruleyard answers" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--url", "http://127.0.0.1:1", "--key", "ключ"), "API key"),
        (("--url", "http://[::", "--key", "ry_x"), "not the address of an instance"),
        (("--url", "nowhere", "--key", "ry_x"), "No Ruleyard answers"),
    ],
)
def test_an_odd_key_or_address_is_one_clear_line(words: tuple[str, ...], says: str) -> None:
    done = ruleyard("rules", *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_simulator_is_not_started(up: Up) -> None:
    assert not any("simulate" in command for command in up.family().values())


def test_the_first_administrator_signs_in_by_the_link_once(up: Up) -> None:
    token = up.setup_link().partition("token=")[2]
    body = {"token": token, "name": "Ada", "email": "ada@x.example", "password": "correct horse battery"}
    assert httpx.post(f"{up.url}/api/v1/setup", json=body, timeout=60).is_success
    assert httpx.post(
        f"{up.url}/api/v1/setup", json=body | {"email": "b@x.example"}, timeout=60
    ).is_client_error


def test_help_names_every_command() -> None:
    text = ruleyard("--help").stdout
    for name in (
        "up",
        "serve",
        "listen",
        "work",
        "migrate",
        "import",
        "export",
        "rules",
        "runs",
        "held",
        "why",
        "diff",
        "psql",
    ):
        assert f"\n  {name} " in text, name
