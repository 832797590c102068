"""Import of requests: connections of the right kind, our names at any depth of a body, samples as they are."""

from __future__ import annotations

from typing import Any

from ruleyard.core.incoming.walk import walked


class Renamed:
    """Every name gets `our_` before it; which kinds of connections were asked for is kept."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def connection(self, name: str, kind: str, where: Any) -> str:
        self.kinds.append(kind)
        return f"our_{name}"

    def table(self, table: Any, where: Any) -> tuple[str, str]:
        return f"our_{table[0]}", table[1]

    def field(self, table: Any, name: str, where: Any, literal: Any) -> str:
        return f"our_{name}"

    def related(self, table: Any, key: str, name: str, where: Any) -> str:
        return f"our_{name}"


def test_a_request_is_brought_into_our_names() -> None:
    trigger = {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": "public.leads",
        "events": ["insert"],
    }
    fields = {
        "connection": "shop",
        "url": {"cat": ["x/", {"var": "after.id"}]},
        "query": {"mail": {"var": "after.email"}},
        "body": {"a": [{"b": {"var": "after.email"}}], "kept": {"preserve": {"var": "after.email"}}, "n": 1},
        "answer": {"var": "after.email"},
    }
    text = {"connection": "texts", "to": {"var": "after.phone"}, "text": "Hi"}
    names = Renamed()
    document = walked(
        {
            "nodes": [
                trigger,
                {"id": "h", "kind": "action", "do": "http_request", "fields": fields},
                {"id": "s", "kind": "action", "do": "send_sms", "fields": text},
            ]
        },
        names,  # type: ignore[arg-type]
    )
    (_, ask, tell) = document["nodes"]  # type: ignore[misc]
    assert ask["fields"] == {  # type: ignore[call-overload, index]
        "connection": "our_shop",
        "url": {"cat": ["x/", {"var": "after.our_id"}]},
        "query": {"mail": {"var": "after.our_email"}},
        "body": {
            "a": [{"b": {"var": "after.our_email"}}],
            "kept": {"preserve": {"var": "after.email"}},
            "n": 1,
        },
        "answer": {"var": "after.email"},
    }
    assert tell["fields"]["to"] == {"var": "after.our_phone"}  # type: ignore[call-overload, index]
    assert names.kinds == ["postgres", "http", "sms"]
