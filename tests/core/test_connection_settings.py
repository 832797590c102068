"""What a connection is made of: which settings hold, which secrets are missing, what leads a secret elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.connection_settings import leads_elsewhere, missing_secrets, refuse_unfit
from ruleyard.core.errors import Invalid

OWN = {"url": "https://sms.example.com/", "body": {"to": "{to}", "text": "{text}", "key": "{secret}"}}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"base_url": "ftp://x"}, "base address"),
        ({"base_url": "https://a:b@example.com"}, "base address"),
        ({"base_url": "https://example.com/x?key=1"}, "base address"),
        ({"base_url": "https://example.com", "sign_in": "magic"}, "sign_in"),
        ({"base_url": "https://example.com", "sign_in": "header"}, "which header"),
        ({"base_url": "https://example.com", "sign_in": "header", "header": "Host"}, "cannot carry"),
        ({"base_url": "https://example.com", "sign_in": "header", "header": "X:\r\nY"}, "which header"),
        ({"base_url": "https://example.com", "sign_in": "header", "header": "X-Key\n"}, "which header"),
        ({"base_url": "https://example.com", "sign_in": "basic"}, "user name"),
        ({"base_url": "https://example.com", "token": "x"}, "no setting token"),
        ({}, "needs base_url"),
    ],
)
def test_what_cannot_be_a_system_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_unfit("http", settings)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"provider": "pigeon"}, "no SMS provider"),
        ({"provider": "twilio", "user": "AC1"}, "sender"),
        ({"provider": "twilio", "sender": "+1"}, "account"),
        ({"provider": "yunpian", "country": "+86"}, "calling code"),
        ({"provider": "yunpian", "template": OWN}, "custom"),
        ({"provider": "custom"}, "does not hold"),
        ({"provider": "custom", "template": {**OWN, "url": "https://{secret}/"}}, "without holes"),
        ({"provider": "yunpian", "sender": "a\nb"}, "sender"),
    ],
)
def test_what_cannot_be_a_provider_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_unfit("sms", settings)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("kind", "settings", "kept", "missing"),
    [
        ("http", {"base_url": "https://x.example"}, (), ()),
        ("http", {"base_url": "https://x.example", "sign_in": "bearer"}, ("password",), ("token",)),
        ("http", {"base_url": "https://x.example", "sign_in": "basic"}, (), ("password",)),
        ("sms", {"provider": "yunpian"}, (), ("token",)),
        ("sms", {"provider": "custom", "template": OWN}, ("token",), ()),
        ("smtp", {"host": "x"}, (), ()),
    ],
)
def test_a_secret_that_is_missing_is_named(
    kind: str, settings: dict[str, Any], kept: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert missing_secrets(kind, settings, kept) == missing


def test_a_secret_would_lead_elsewhere_with_its_place_or_its_template() -> None:
    own = {"provider": "custom", "template": OWN}
    assert leads_elsewhere("sms", own, {**own, "template": {**OWN, "url": "https://evil.example/"}})
    assert not leads_elsewhere("sms", own, {**own, "sender": "Shop", "country": "82"})
    base = {"base_url": "https://x.example"}
    assert leads_elsewhere("http", base, {"base_url": "https://y.example"})
    assert leads_elsewhere("http", base, {**base, "sign_in": "bearer"})
