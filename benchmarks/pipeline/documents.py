"""The rules that the parts publish, each on changes of public.leads."""

from __future__ import annotations

from typing import Any

from _rules import rule

ALWAYS = {">=": [{"var": "after.attempts"}, 0]}
WRITE = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {
        "table": "public.tasks",
        "set": {"lead_id": {"var": "after.id"}, "title": {"cat": ["Call ", {"var": "after.first_name"}]}},
    },
}
NOTHING = {"id": "e", "kind": "end"}
SLEEP = {"id": "w", "kind": "wait", "amount": 1, "unit": "days"}


def writes_a_record() -> dict[str, Any]:
    return rule(ALWAYS, WRITE, name="Make a task")


def calls(url: str) -> dict[str, Any]:
    fields = {"url": url, "payload": {"record": {"var": "after.id"}, "attempts": {"var": "after.attempts"}}}
    return rule(ALWAYS, {"id": "a", "kind": "action", "do": "call_webhook", "fields": fields}, name="Tell")


def only_records_runs() -> dict[str, Any]:
    """The first run of each record waits for a day; each later change opens a run that rests at once as skipped."""
    return rule(ALWAYS, SLEEP, NOTHING, name="Record runs", policy={"overlap": "skip"})


def never_matches(number: int = 0) -> dict[str, Any]:
    """Ruled out by the index."""
    return rule({"===": [{"var": "after.owner"}, f"nobody {number}"]}, NOTHING, name=f"Never {number}")


def must_be_judged() -> dict[str, Any]:
    """No index helps: each event is judged, and none matches."""
    return rule({"===": [{"%": [{"var": "after.attempts"}, 7]}, 9]}, NOTHING, name="Judged")
