"""What is written out in a step that goes out to the web or to people is looked at before it runs."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, read_url
from ruleyard.actions.headers import own_headers
from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known

FINE = ["https://x.example", "HTTP://x.example:8080/a b?c=d#e", " https://예시.한국/길 ", "http://[::1]:9/"]
BAD = [
    "x.example/orders",
    "ftp://x.example",
    "https://",
    "http:///orders",
    "https://ann:pw@x.example/",
    "http://x.example:99999/",
    "http://[::1/",
    "mailto:ann@example.com",
]


def problems(do: str, people: frozenset[str] | None = None, **fields: Any) -> list[tuple[str, str, str]]:
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "a", "kind": "action", "do": do, "fields": fields},
    ]
    graph = parse({"dialect": 1, "name": "r", "nodes": nodes, "edges": [["t", "a"]]})
    assert isinstance(graph, Graph), graph
    found = check(graph, lambda c, t: None, Known({"shop": "http"}, people=people))
    return [(one.code, one.path.removeprefix("/nodes/1/fields/"), one.severity) for one in found]


@pytest.mark.parametrize("do", ["call_webhook", "http_request"])
@pytest.mark.parametrize("url", [*FINE, *BAD])
def test_an_address_that_is_written_out_is_one_that_can_be_called(do: str, url: str) -> None:
    assert problems(do, url=url) == ([] if url in FINE else [("bad-url", "url", "error")])


@pytest.mark.parametrize("url", [*FINE, *BAD])
def test_the_check_and_the_guard_say_the_same(url: str) -> None:
    try:
        read_url(url.strip())
    except Blocked:
        assert url in BAD
    else:
        assert url in FINE


def test_a_path_below_a_connection_and_what_an_expression_gives_are_known_only_later() -> None:
    assert problems("http_request", url="orders", connection="shop") == []
    assert problems("call_webhook", url={"cat": ["orders/", {"var": "now"}]}) == []


NAMES = ["X-Order", "accept", "Host", "Content-Length", "Idempotency-Key", "X Order", "X:Order", "é"]


@pytest.mark.parametrize("name", NAMES)
def test_a_header_that_cannot_be_set_is_said_before_it_runs(name: str) -> None:
    bad = [] if name in NAMES[:2] else [("bad-header", f"headers/{name}", "error")]
    assert problems("http_request", url="https://x.example", headers={name: "1"}) == bad
    try:
        own_headers({name: "1"})
    except ActionFailed:
        assert bad
    else:
        assert not bad


@pytest.mark.parametrize(
    ("to", "severity"),
    [
        ("everyone", None),
        ("admin", None),
        ("Ann@example.com", None),
        ({"var": "now"}, None),
        ("", None),
        ("admins", "error"),
        ("ann@example.com, bob@example.com", "error"),
        ("new@example.com", "warning"),
    ],
)
def test_who_is_told_is_somebody(to: Any, severity: str | None) -> None:
    expected = [] if severity is None else [("unknown-person", "to", severity)]
    assert problems("notify", frozenset({"ann@example.com", "bob@example.com"}), title="x", to=to) == expected
    assert problems("notify", title="x", to=to) == []
