"""Text messages before they are sent: how many parts, which number, what a provider's template may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ruleyard.core.errors import Invalid
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.sms_parts import sms_parts
from ruleyard.core.sms_template import filled, read_template

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "sms"
OWN = {
    "url": "https://sms.example.com/send",
    "body": {"to": "{to}", "text": "{text}", "from": "{sender}"},
    "id_at": "id",
    "said_at": ["error.text"],
}


@pytest.mark.parametrize(
    "case",
    json.loads((VECTORS / "parts.json").read_text())["cases"],
    ids=lambda c: c["name"],
)
def test_parts_are_counted(case: dict[str, Any]) -> None:
    size = sms_parts(case["text"] * case.get("times", 1) + case.get("then", ""))
    assert vars(size) == case["is"]


@pytest.mark.parametrize(
    "case",
    json.loads((VECTORS / "phones.json").read_text())["cases"],
    ids=lambda c: c["text"],
)
def test_numbers_are_read(case: dict[str, Any]) -> None:
    phone = read_phone(case["text"], case.get("country", ""))
    if case["is"] is None:
        assert isinstance(phone, str)
    else:
        assert isinstance(phone, Phone)
        assert [phone.e164, phone.local] == case["is"]


def test_a_sender_that_is_empty_is_left_out() -> None:
    template = read_template(OWN)
    assert filled(template.body, {"to": "1", "text": "2", "sender": ""}) == {
        "to": "1",
        "text": "2",
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "ftp://x"}, "https://"),
        ({"url": "https://{user}.example.com/"}, "host without holes"),
        ({"url": "https://x.example/{secret}"}, "{user} and nothing else"),
        ({"body": {"to": "{to}", "text": "{text}", "x": "{nope}"}}, "{nope}"),
        ({"body": {"to": "{to}"}}, "{text}"),
        ({"body": {"text": "{text}"}}, "{to}"),
        ({"body": {"to": ["{to}"], "text": "{text}"}}, "plain values"),
        ({"body": "x"}, "object"),
        ({"sign_in": "header"}, "which header"),
        ({"method": "GET"}, "does not hold"),
        ({"strange": 1}, "does not hold"),
    ],
)
def test_a_template_that_cannot_be_one_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_template(OWN | change)
    assert words in refused.value.message
