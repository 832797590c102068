"""Addresses and phone numbers that are written out are checked before the rule is on; those of fields are not."""

from __future__ import annotations

from typing import Any

import pytest

from core.test_check_words import action, rule
from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known

KNOWN = Known({"mail": "smtp", "texts": "sms"}, set())
EMAIL = {"var": "after.email"}


def problems_of(step: Any) -> list[Problem]:
    graph = parse(rule(step))
    assert isinstance(graph, Graph)
    return [
        one for one in check(graph, lambda _, __: None, KNOWN) if one.code in ("bad-address", "bad-phone")
    ]


def mail(**fields: Any) -> Any:
    return action(
        "send_email", **({"connection": "mail", "to": "a@b.kr", "subject": "x", "body": "y"} | fields)
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"to": "김민지"}, [("/to", "김민지")]),
        ({"to": "minji@exam ple"}, [("/to", "minji@exam ple")]),
        ({"to": "a@b.kr; lee"}, [("/to", "lee")]),
        ({"to": ["a@b.kr", "@b.kr", EMAIL]}, [("/to/1", "@b.kr")]),
        ({"cc": "all", "reply_to": "a@"}, [("/cc", "all"), ("/reply_to", "a@")]),
        ({"to": '"Kim, Minji" <a@b.kr>, 이@회사.한국;'}, []),
        ({"to": EMAIL, "cc": {"cat": [EMAIL, ", boss"]}}, []),
    ],
)
def test_what_is_no_address_is_said_before_the_rule_is_on(fields: Any, found: list[tuple[str, str]]) -> None:
    problems = problems_of(mail(**fields))
    assert [(one.path.removeprefix("/nodes/1/fields"), (one.args or {})["text"]) for one in problems] == found
    assert all(one.severity == "error" for one in problems)


@pytest.mark.parametrize("phone", ["번호 없음", "010-1234-5678, 010-1111-2222", "02-CALL-NOW"])
@pytest.mark.parametrize(
    ("do", "field", "more"),
    [("send_sms", "to", {"connection": "texts", "text": "x"}), ("queue_call", "phone", {"list": "x"})],
)
def test_what_is_no_phone_number_is_said_before_the_rule_is_on(
    do: str, field: str, more: Any, phone: str
) -> None:
    problems = problems_of(action(do, **more, **{field: phone}))
    assert [(one.code, one.path) for one in problems] == [("bad-phone", f"/nodes/1/fields/{field}")]


@pytest.mark.parametrize(
    "phone", ["010-1234-5678", "+82 10 1234 5678", "8 (912) 345-67-89", "+1", {"var": "after.phone"}]
)
def test_a_number_of_any_country_passes(phone: Any) -> None:
    assert problems_of(action("send_sms", connection="texts", to=phone, text="x")) == []


@pytest.mark.parametrize(
    ("countries", "fields", "missing"),
    [
        ({"texts": ""}, {"to": "010-1234-5678"}, True),
        ({"texts": ""}, {"to": "010-1234-5678", "connection": "texts"}, True),
        ({"texts": "82"}, {"to": "010-1234-5678"}, False),
        ({"texts": ""}, {"to": "+82 10 1234 5678"}, False),
        ({"texts": ""}, {"to": "0082 10 1234 5678"}, False),
        ({"texts": "", "more": "82"}, {"to": "010-1234-5678"}, False),
        ({}, {"to": "010-1234-5678", "connection": "texts"}, False),
    ],
)
def test_a_number_without_its_country_is_said_where_the_provider_has_none(
    countries: dict[str, str], fields: Any, missing: bool
) -> None:
    known = Known(dict.fromkeys(("texts", *countries), "sms"), set(), home_countries=countries)
    graph = parse(rule(action("send_sms", text="x", **fields)))
    assert isinstance(graph, Graph)
    found = [one for one in check(graph, lambda _, __: None, known) if one.code == "no-home-country"]
    assert [(one.path, one.args) for one in found] == (
        [("/nodes/1/fields/to", {"text": "010-1234-5678", "connection": "texts"})] if missing else []
    )


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"phone": "010-1234-5678"}, True),
        ({"phone": "010-1234-5678", "country": "82"}, False),
        ({"phone": "+82 10 1234 5678"}, False),
        ({"phone": {"var": "after.phone"}}, False),
    ],
)
def test_a_call_to_a_number_without_its_country_leads_to_the_home_country(fields: Any, missing: bool) -> None:
    graph = parse(rule(action("queue_call", list="x", **fields)))
    assert isinstance(graph, Graph)
    found = [one for one in check(graph, lambda _, __: None, KNOWN) if one.code == "no-home-country"]
    assert [(one.path, one.severity) for one in found] == (
        [("/nodes/1/fields/country", "error")] if missing else []
    )
