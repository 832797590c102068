"""Secrets stay out of the logs, by name and by shape."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from ruleyard.logs import configure_logs, get_logger, redacted


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    configure_logs("info", stream=stream)
    yield stream
    root.handlers, root.level = before


def test_a_line_is_json_without_its_secrets(lines: io.StringIO) -> None:
    get_logger("ruleyard.cli").warning("signed in", email="ada@x.example", password="hunter2", record_key="7")
    line = json.loads(lines.getvalue())
    assert line["event"] == "signed in"
    assert (line["password"], line["record_key"]) == ("***", "7")


def test_a_librarys_line_is_redacted_too(lines: io.StringIO) -> None:
    logging.getLogger("somebody").error("cannot reach postgresql://me:hunter2@db/x with Bearer abc.def")
    assert "hunter2" not in lines.getvalue()
    assert "abc.def" not in lines.getvalue()


def test_an_exceptions_text_is_redacted_too(lines: io.StringIO) -> None:
    try:
        raise OSError("redis://:hunter2@127.0.0.1:1/0 refused")
    except OSError:
        get_logger("x").exception("no redis")
    assert "hunter2" not in lines.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("secret_key", "ab", "***"),
        ("csrf_token", "ab", "***"),
        ("Authorization", "Basic x", "***"),
        ("headers", {"authorization": "x", "accept": "y"}, {"authorization": "***", "accept": "y"}),
        ("note", "use ry_abc123_S3cr3t-x now", "use ry_*** now"),
        ("token", "", ""),
        ("monkey", "banana", "banana"),
    ],
)
def test_redaction_by_name_and_shape(name: str, value: object, shown: object) -> None:
    assert redacted(value, name) == shown
