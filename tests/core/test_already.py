"""Which rules ask about records that already match, and as which change such a record is judged."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.already import NoQuestion, as_change, columns_judged, no_question
from ruleyard.core.cause import cause_of
from ruleyard.core.document import parse
from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.types import JSON, EventId, LogId
from support.published import change_rule, tick_rule

NEW: JSON = {"===": [{"var": "before.status"}, "new"]}
WON: JSON = {"===": [{"var": "after.status"}, "won"]}
KEEN: JSON = {">": [{"var": "after.attempts"}, 3]}


def graph_of(document: dict[str, Any]) -> Graph:
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return graph


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (change_rule(WON), None),
        (change_rule({"and": [WON, {"!==": [{"var": "before.status"}, "won"]}]}, columns=("status",)), None),
        (change_rule({"and": [NEW, WON]}, columns=("status",)), "before"),
        (change_rule({"and": [NEW, WON]}, columns=("attempts",)), None),
        (change_rule({"and": [NEW, WON]}, events=("insert",)), "before"),
        (change_rule({"or": [NEW, WON]}, columns=("status",)), None),
        (change_rule({"===": [{"var": "before.status"}, None]}, columns=("status",)), None),
        (change_rule({"and": [KEEN, NEW]}, columns=("status",)), None),
        (change_rule(WON, events=("delete",)), "deletes"),
        (tick_rule({"repeat": "day", "at": "09:00"}), "schedule"),
    ],
    ids=[
        "of the record as it is",
        "became won, from anything",
        "from new to won",
        "status was new, and is not what is watched",
        "a new record that was new before",
        "or",
        "from nothing",
        "after a test that may fail",
        "deletes",
        "schedule",
    ],
)
def test_a_rule_that_needs_a_value_from_before_asks_nothing(
    document: dict[str, Any], expected: NoQuestion | None
) -> None:
    assert no_question(graph_of(document)) == expected


def change_of(record: dict[str, JSON], **trigger: Any) -> Event | None:
    made = graph_of(change_rule(WON, **trigger)).trigger
    assert isinstance(made, ChangeTrigger)
    return as_change(
        made,
        record,
        key={"id": 7},
        log=LogId(1),
        event_id=EventId(-1),
        lane=3,
        at="2026-11-23T07:00:00+00:00",
        cause="already:5",
        actor="Ann",
    )


def test_what_is_watched_had_no_value_before() -> None:
    event = change_of({"id": 7, "status": "won", "owner": "Bo"}, columns=("status", "gone"))
    assert event is not None
    assert (event.op, event.changed) == ("update", ("status",))
    assert event.before == {"id": 7, "status": None, "owner": "Bo"}
    assert (event.record_key, event.cause, cause_of(event)) == ("7", "already:5", None)


def test_of_updates_of_any_column_all_but_the_key_had_none() -> None:
    event = change_of({"id": 7, "status": "won", "owner": None}, events=("update",))
    assert event is not None
    assert (event.before, event.changed) == ({"id": 7, "status": None, "owner": None}, ("status",))


def test_where_new_records_count_the_record_is_new() -> None:
    event = change_of({"id": 7, "status": "won"})
    assert event is not None
    assert (event.op, event.before, event.changed) == ("insert", None, ())


def test_a_record_in_which_nothing_watched_has_a_value_is_no_change() -> None:
    assert change_of({"id": 7, "status": None}, columns=("status",)) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (change_rule(WON), {"status"}),
        (change_rule({"and": [NEW, KEEN]}, columns=("source",)), {"status", "attempts", "source"}),
        (
            change_rule({"===": [{"var": ["after.note.text", {"var": "before.email"}]}, "x"]}),
            {"note", "email"},
        ),
        (change_rule({"missing": ["after.status", "after.email"]}), {"status", "email"}),
        (change_rule({"missing_some": [1, ["after.status", "after.email"]]}), {"status", "email"}),
        (change_rule({"===": [{"var": "related.owner_id.name"}, "Ann"]}), {"owner_id"}),
        (change_rule({"!": [{"var": "after"}]}), None),
        (change_rule({"!": [{"var": "after."}]}), None),
        (change_rule({"!": [{"var": [{"cat": ["after.", "status"]}]}]}), None),
        (change_rule({"missing": {"merge": [["after.status"]]}}), None),
        (change_rule({"in": ["status", {"var": "changed"}]}), None),
        (change_rule({"!": [{"var": ""}]}), None),
        (change_rule({"!": [{"var": []}]}), None),
    ],
)
def test_a_record_is_judged_by_these_columns(document: dict[str, Any], expected: set[str] | None) -> None:
    assert columns_judged(graph_of(document)) == expected


def test_a_record_of_which_a_part_was_read_is_judged_as_the_whole() -> None:
    trigger = graph_of(change_rule(WON, events=("update",))).trigger
    assert isinstance(trigger, ChangeTrigger)

    def judged(*, more: bool) -> Event | None:
        part = {"id": 7, "status": None}
        return as_change(
            trigger, part, key={"id": 7}, log=LogId(1), event_id=EventId(0), lane=0, at="now", more=more
        )

    assert judged(more=False) is None
    whole = judged(more=True)
    assert whole is not None
    assert (whole.op, whole.before, whole.after) == (
        "update",
        {"id": 7, "status": None},
        {"id": 7, "status": None},
    )
