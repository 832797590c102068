"""Why a connection does not work is told by a code that has words in every language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aiosmtplib
import asyncpg
import pytest

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import NoAnswer
from ruleyard.actions.reaching import place_of, trouble_of
from ruleyard.core.errors import Unavailable
from ruleyard.core.trouble import Trouble

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "frontend" / "src" / "i18n"
GIVEN = re.compile(r"{{\s*(\w+)")
WHERE = "crm.example:5432"


def _slow() -> NoAnswer:
    error = NoAnswer("api.example did not answer within 5 s.", sent=False)
    error.__cause__ = TimeoutError()
    return error


ERRORS = [
    (TimeoutError(), "reach-timeout", ""),
    (_slow(), "reach-timeout", ""),
    (
        NoAnswer("api.example did not answer: reset", sent=True),
        "reach-away",
        "api.example did not answer: reset",
    ),
    (asyncpg.InvalidPasswordError("no"), "reach-password", ""),
    (
        asyncpg.InvalidAuthorizationSpecificationError("no pg_hba entry"),
        "reach-user",
        "no pg_hba entry.",
    ),
    (asyncpg.InvalidCatalogNameError("no db"), "reach-database", "no db."),
    (asyncpg.InsufficientPrivilegeError("denied"), "reach-rights", "denied."),
    (asyncpg.ClientConfigurationError("no"), "reach-unfit", "no."),
    (asyncpg.PostgresError("first line\nsecond"), "reach-refused", "first line."),
    (
        aiosmtplib.SMTPAuthenticationError(535, "5.7.8 wrong"),
        "reach-password",
        "5.7.8 wrong.",
    ),
    (aiosmtplib.SMTPConnectError("no"), "reach-mail", ""),
    (aiosmtplib.SMTPException("no TLS"), "reach-refused", "no TLS."),
    (
        ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 5432)"),
        "reach-nothing",
        "",
    ),
    (OSError(-2, "Name or service not known"), "reach-host", ""),
    (OSError(113, "No route to host"), "reach-away", "[Errno 113] No route to host."),
    (ValueError("sslmode"), "reach-unfit", "sslmode."),
    (KeyError(), "reach-away", "KeyError."),
]


@pytest.mark.parametrize(("error", "code", "detail"), ERRORS)
def test_every_failure_has_a_code_its_place_and_the_others_words(
    error: Exception, code: str, detail: str
) -> None:
    trouble = trouble_of(error, WHERE)
    assert (trouble.code, trouble.detail) == (code, detail)
    assert trouble.words == f"{trouble.message} {detail}".strip()
    assert trouble.message.endswith(".")
    missing = set(GIVEN.findall(_words("en")[code])) - trouble.args.keys()
    assert not missing, f"the words of {code} name {missing}"


def test_what_we_raise_ourselves_keeps_its_code() -> None:
    gone = trouble_of(Unavailable("Another log.", code="log-replaced"), WHERE)
    assert gone == Trouble("log-replaced", "Another log.")
    failed = ActionFailed("Refused.", "535 no", code="mail-sign-in", args={"server": "mail"})
    assert trouble_of(failed, WHERE) == Trouble("mail-sign-in", "Refused.", "535 no", {"server": "mail"})


def test_a_mail_server_that_was_not_reached_is_told_alike_by_a_check_and_by_a_test() -> None:
    cause = aiosmtplib.SMTPConnectError(
        "Error connecting to 127.0.0.1 on port 9: [Errno 111] Connection refused"
    )
    failed = ActionFailed("Silent.", str(cause), code="mail-silent", args={"server": "127.0.0.1:9"})
    failed.__cause__ = cause
    assert trouble_of(failed, "mail") == trouble_of(cause, "127.0.0.1:9")


def test_a_place_is_named_as_its_settings_say() -> None:
    assert place_of("postgres", {"host": "crm.example"}) == WHERE
    assert place_of("smtp", {"host": "mail", "port": 587}) == "mail:587"
    assert place_of("http", {"base_url": "https://api.example"}) == "https://api.example"


@pytest.mark.parametrize("language", ["en", "ko", "zh", "ru"])
def test_every_code_of_the_page_has_words(language: str) -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    section = page.split("\n## Connections that need attention\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE)) == _words(language).keys()


def _words(language: str) -> dict[str, Any]:
    return dict(json.loads((WORDS / language / "connections.json").read_text())["trouble"])
