"""Fields of actions: what they may hold, how they are shown, what a mail header may carry."""

from __future__ import annotations

import time
from contextlib import nullcontext

import msgspec
import pytest

from ruleyard.actions.call_webhook import CallWebhook, CallWebhookFields
from ruleyard.actions.covering import without_secrets
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, Outbound, read_url
from ruleyard.actions.kind import ActionContext, as_text, redacted
from ruleyard.actions.mail import addresses, build, one_line
from ruleyard.actions.registry import KINDS, preview
from ruleyard.core.action_fields import ACTIONS
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, JSONObject, LogId, NodeId, RuleId, RunId

EVENT = Event(
    log=LogId(1),
    id=EventId(1),
    lane=0,
    table="public.leads",
    op="update",
    key={"id": 41},
    at="2026-05-01T09:00:00+00:00",
)


def test_every_kind_takes_the_fields_that_core_describes() -> None:
    described = {info.name: {field.name for field in info.fields} for info in ACTIONS}
    performed = {kind.name: set(kind.fields.__struct_fields__) for kind in KINDS}
    assert performed == described


@pytest.mark.parametrize(
    ("do", "fields", "summary"),
    [
        ("update_record", {"set": {"owner": "senior"}}, "Set owner = senior on public.leads 41"),
        (
            "create_record",
            {"table": "public.tasks", "set": {"title": "Call", "due_on": None}},
            "Create a record in public.tasks: title = Call, due_on = empty",
        ),
        (
            "send_email",
            {"to": "ann@example.com", "subject": "Hi\nthere"},
            "Send a mail to ann@example.com: Hi there",
        ),
        ("send_email", {"to": None, "subject": "Hi"}, "Nobody would get this mail: “to” is empty."),
        ("call_webhook", {"url": "https://example.com/in"}, "POST to https://example.com/in"),
        ("notify", {"title": "Hot lead"}, "Notify everyone: Hot lead"),
        ("teleport", {}, "There is no action 'teleport'."),
    ],
)
def test_a_preview_is_one_sentence(do: str, fields: dict, summary: str) -> None:
    assert preview(do, fields, EVENT)["summary"] == summary


def test_headers_that_sign_in_are_covered() -> None:
    shown = redacted({"url": "u", "headers": {"Authorization": "Bearer x", "X-Api-Key": "k", "X-Trace": "1"}})
    assert shown["headers"] == {"Authorization": "•••", "X-Api-Key": "•••", "X-Trace": "1"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.eu/a?token=abc&b=1", "https://x.eu/a?token=•••&b=1"),
        ("https://x.eu/a?b=1&Api_Key=abc#top", "https://x.eu/a?b=1&Api_Key=•••#top"),
        ("https://x.eu/a?key=abc", "https://x.eu/a?key=•••"),
        ("https://x.eu/a?monkey=abc&access_token=x", "https://x.eu/a?monkey=abc&access_token=•••"),
        ("https://x.eu/token=abc", "https://x.eu/token=abc"),
    ],
)
def test_what_signs_in_within_an_address_is_covered(url: str, shown: str) -> None:
    assert redacted({"url": url})["url"] == shown
    assert redacted({"url": "u", "query": {"api_key": "k", "page": 2}})["query"] == {
        "api_key": "•••",
        "page": 2,
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (3, "3"), (3.0, "3"), (2.5, "2.5"), ("x", "x"), ([1, "a"], '[1,"a"]')],
)
def test_values_read_as_people_write_them(value: object, text: str) -> None:
    assert as_text(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ann@example.com", ["ann@example.com"]),
        (" Ann Lee <ann@example.com> ", ["ann@example.com"]),
        ("a@example.com, b@example.com; a@example.com", ["a@example.com", "b@example.com"]),
        (["a@example.com", None, "b@example.com"], ["a@example.com", "b@example.com"]),
        ('"Lee, Ann" <ann@example.com>', ["ann@example.com"]),
        ("이나@예시.한국", ["이나@xn--vv4bx5b.xn--3e0b707e"]),
        (None, []),
        ("", []),
    ],
)
def test_addresses_are_read(value: object, expected: list[str]) -> None:
    found = [address.addr_spec for address in addresses("to", value)]  # type: ignore[arg-type]
    assert found == expected or (len(found) == 1 and found[0].startswith("이나@xn--"))


@pytest.mark.parametrize(
    "value",
    [
        "ann",
        "@example.com",
        "ann@",
        "ann@exa mple.com",
        "ann@example.com\nBcc: all@example.com",
        "ann@example.com\r\nX: y",
        "a@b@example.com",
        7,
        {"a": 1},
        [["a@example.com"]],
        ", ".join(f"a{n}@example.com" for n in range(51)),
    ],
)
def test_what_is_no_address_is_refused_by_the_fields_name(value: object) -> None:
    with pytest.raises(ActionFailed, match="“to”"):
        addresses("to", value)  # type: ignore[arg-type]


def test_a_long_text_of_commas_and_quotes_holds_nobody_up() -> None:
    """As long as a record's text can be: what takes its square would take minutes."""
    begun = time.process_time()
    for text in ("," * 65_536, '"' * 65_535 + ",", ',"' * 32_768, "a@example.com," * 4_000):
        with pytest.raises(ActionFailed) if "a" in text or '"' in text else nullcontext():
            addresses("to", text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", ["a\nBcc: x@example.com", "a\r\n\r\nbody", "a\u2028b", "a\x00b", "a\x85b"])
def test_a_header_never_carries_a_line_break(text: str) -> None:
    [to] = addresses("to", "ann@example.com")
    message = build(sender=to, to=[to], cc=[], subject=text, body="x", message_id="<1.m@example.com>")
    head = message.as_bytes().split(b"\r\n\r\n")[0].decode()
    assert not [line for line in head.split("\r\n") if line.startswith(("Bcc", "body"))]
    assert "\n" not in one_line(text)


def test_text_of_any_script_survives_the_mail() -> None:
    [to] = addresses("to", "ann@example.com")
    message = build(
        sender=to, to=[to], cc=[], subject="안녕 你好 привет", body="안녕", message_id="<1.m@example.com>"
    )
    assert message.as_bytes().isascii()
    assert str(message["Subject"]) == "안녕 你好 привет"
    assert message.get_content().strip() == "안녕"


class NoTools:
    """Nothing may be reached."""

    http = Outbound()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "internal"},
        {"X\r\nY": "1"},
        {"X\n": "1"},
        {"X": "a\r\nY: b"},
        {"Content-Length": "0"},
        {"webhook-id": "1"},
    ],
)
async def test_headers_that_could_lie_are_refused(headers: dict) -> None:
    context = ActionContext(
        run_id=RunId(1),
        rule_id=RuleId(1),
        rule_name="r",
        node_id=NodeId("h"),
        event=EVENT,
        connection="crm",
        table="public.leads",
        tools=NoTools(),  # type: ignore[arg-type]
    )
    with pytest.raises(ActionFailed) as refused:
        await CallWebhook().perform(CallWebhookFields(url="http://127.0.0.1:9/", headers=headers), context)
    assert refused.value.code == "bad-header"


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("http_request", {"url": "https://x.eu/a?page=2", "query": {"access_token": "canary"}}),
        ("http_request", {"url": "https://x.eu/a?api_key=canary&page=2"}),
        ("call_webhook", {"url": "https://x.eu/a?page=2&KEY=canary#x"}),
    ],
)
def test_a_dry_run_covers_what_signs_in(do: str, fields: JSONObject) -> None:
    told = preview(do, fields, EVENT)
    assert "canary" not in msgspec.json.encode(told).decode()
    assert "page=2" in msgspec.json.encode(told).decode()
    assert "•••" in str(told["summary"])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.eu/a?token=b#c", "https://x.eu/a?token=•••#c"),
        ("https://x.eu/a?b=c?d&My-Secret-2=e=f?g&monkey=h", "https://x.eu/a?b=c?d&My-Secret-2=•••&monkey=h"),
        ("https://x.eu/a?b=c?token=d&e=f", "https://x.eu/a?b=c?token=•••&e=f"),
        ("https://x.eu/token=a", "https://x.eu/token=a"),
        ("https://x.eu/a?token", "https://x.eu/a?token"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_signs_in(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_a_long_address_holds_nobody_up() -> None:
    begun = time.process_time()
    for part in ("key", "?", "&token", "?key=", "="):
        without_secrets("https://x.eu/?" + part * (1_000_000 // len(part)))
    assert time.process_time() - begun < 10


def test_a_refused_address_is_told_shortly_and_without_what_signs_in() -> None:
    for url in ("ftp://x.eu/?token=canary&a=" + "a" * 1_000, "http://x.eu:a/?token=canary"):
        with pytest.raises(Blocked) as refused:
            read_url(url)
        assert "canary" not in refused.value.message
        assert len(refused.value.message) < 400


def test_fields_of_the_wrong_shape_are_said() -> None:
    assert "do not fit" in str(preview("update_record", {"set": 7}, EVENT)["summary"])
    assert msgspec.json.encode(preview("notify", {"title": 5}, EVENT))
