"""What the check says of reports and of mails with HTML and files; HTML whose values are text."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from core.test_check_words import VECTORS, action, rule
from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.html_field import html_field
from ruleyard.core.model import Known, TableModel
from ruleyard.core.trace import StepError

ANN = {"after": {"name": "<b>Ann</b>", "n": 3, "nothing": None}}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>Hi</p>", "<p>Hi</p>"),
        ({"var": "after.name"}, "&lt;b&gt;Ann&lt;/b&gt;"),
        ({"cat": ["<p>", {"var": "after.name"}, "</p>"]}, "<p>&lt;b&gt;Ann&lt;/b&gt;</p>"),
        ({"cat": ["<p>", {"cat": ["<i>", {"var": "after.n"}, "</i>"]}]}, "<p><i>3</i>"),
        ({"cat": ["a", {"if": [True, "<b>x</b>"]}, {"var": "after.nothing"}]}, "a&lt;b&gt;x&lt;/b&gt;"),
        (
            {"cat": ['<a title="', {"cat": [{"var": "after.name"}]}, '">']},
            '<a title="&lt;b&gt;Ann&lt;/b&gt;">',
        ),
        ({"cat": ["<p title='", {"preserve": "'\""}, "'>"]}, "<p title='&#x27;&quot;'>"),
    ],
)
def test_only_what_the_author_wrote_is_html(written: Any, read: str) -> None:
    assert html_field(written).resolve(ANN, "/html") == read


def test_an_expression_without_a_value_is_told_by_its_place() -> None:
    found = html_field({"cat": ["<p>", {"/": [1, 0]}]}).resolve(ANN, "/html")
    assert isinstance(found, StepError)
    assert found.path.startswith("/html/cat/1")


def problems_of(document: Any) -> list[Problem]:
    vectors = json.loads((VECTORS / "typecheck" / "check.json").read_text())
    tables = {table["name"]: msgspec.convert(table, TableModel) for table in vectors["tables"]}
    graph = parse(document)
    if not isinstance(graph, Graph):
        return list(graph)
    known = Known({"crm": "postgres", "mail": "smtp"}, {("crm", name) for name in tables})
    return list(check(graph, lambda _, table: tables.get(table), known))


def report(**fields: Any) -> dict[str, Any]:
    return action("make_report", **({"title": "T", "rows": [1, 2]} | fields))


def mail(**fields: Any) -> dict[str, Any]:
    return action("send_email", connection="mail", to="a@b.c", subject="x", **fields)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (report(), []),
        (report(columns=[{"key": "a", "label": "A"}, {"key": "b"}], zone="Asia/Seoul", format="pdf"), []),
        (report(rows="text"), [("not-a-list", "/fields/rows")]),
        (report(rows={"var": "after.first_name"}), [("not-a-list", "/fields/rows")]),
        (report(columns={"a": 1}), [("not-a-list", "/fields/columns")]),
        (
            report(columns=[{"key": ""}, 7, {"key": "a", "x": 1}]),
            [("bad-column", f"/fields/columns/{n}") for n in range(3)],
        ),
        (report(columns=[{"key": "a"}] * 21, format="pdf"), [("too-many-columns", "/fields/columns")]),
        (report(zone="Asia/Soul"), [("unknown-zone", "/fields/zone")]),
        (report(rows=""), [("missing-field", "/fields/rows")]),
        (report(where=True), [("two-sources", "/fields/rows")]),
        (report(rows="", where=True, limit=100_000, order={"column": "id"}), []),
        (report(rows="", where=True, limit=100_001), [("out-of-range", "/fields/limit")]),
        (report(rows="", where=True, columns=[{"key": "nme"}]), [("unknown-column", "/fields/columns/0")]),
        (report(rows="", where=True, table="public.none"), [("unknown-table", "/fields/table")]),
        (report(rows="", where={"===": [1, 1]}), [("where-without-record", "/fields/where")]),
        (report(format="doc"), [("unknown-word", "/fields/format")]),
        (report(title=""), [("missing-field", "/fields/title")]),
        (mail(html="<p>x</p>"), []),
        (mail(), [("missing-field", "/fields/body")]),
        (mail(body="x", attachments="report"), [("not-a-list", "/fields/attachments")]),
        (mail(body="x", attachments=[5]), [("not-a-report", "/fields/attachments/0")]),
        (
            mail(body="x", attachments=[{"var": "after.first_name"}]),
            [("not-a-report", "/fields/attachments/0")],
        ),
    ],
)
def test_what_is_wrong_with_a_report_or_a_mail_is_said_at_its_place(
    step: Any, found: list[tuple[str, str]]
) -> None:
    problems = problems_of(rule(step))
    assert [(one.code, one.path.removeprefix("/nodes/1")) for one in problems] == found
