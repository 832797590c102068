"""http_request at the socket: where it may go, and what it makes of answers, good and bad."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from actions.tools import EVENT, lent
from ruleyard.actions.call_webhook import CallWebhook, CallWebhookFields
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.http_request import HttpRequest, HttpRequestFields
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.registry import preview
from support.servers import Answer, HttpReceiver, http_receiver

JSON_TYPE = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://127.0.0.1:9/v2/other",
        "../admin",
        "a/../../admin",
        "a/%2e%2e/%2e%2e/admin",
        "a/%252e%252e/admin",
        "..\\admin",
        "a#b",
        "a b",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
async def test_a_connection_never_leads_elsewhere(path: str) -> None:
    async with http_receiver() as receiver:
        place = HttpPlace("shop", f"{receiver.url}/v2", "bearer", token="canary-1")
        async with lent(receiver.address, "127.0.0.1:9", place=place) as context:
            with pytest.raises(ActionFailed) as refused:
                await HttpRequest().perform(HttpRequestFields(connection="shop", url=path), context)
        assert receiver.received == []
    assert refused.value.code == "outside-connection"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("orders", "/v2/orders"),
        ("/orders/", "/v2/orders/"),
        ("orders?x=1", "/v2/orders?x=1"),
        ("", None),
        ("/", "/v2/"),
        ("{base}/orders", "/v2/orders"),
        ("a:b", None),
        ("./a", "/v2/a"),
        ("이름", "/v2/%EC%9D%B4%EB%A6%84"),
    ],
)
async def test_a_path_stands_below_the_base_address(path: str, asked: str | None) -> None:
    async with http_receiver() as receiver:
        base = f"{receiver.url}/v2/"
        place = HttpPlace("shop", base)
        fields = HttpRequestFields(connection="shop", url=path.replace("{base}", base.rstrip("/")))
        async with lent(receiver.address, place=place) as context:
            try:
                await HttpRequest().perform(fields, context)
            except ActionFailed:
                assert asked is None
        assert [one.path for one in receiver.received] == ([] if asked is None else [asked])


@pytest.mark.parametrize(
    ("answer", "fields", "said"),
    [
        (
            Answer(404, b'{"why": "gone"}', JSON_TYPE),
            {"accept": "refusals"},
            {"why": "gone"},
        ),
        (Answer(404, b'{"why": "gone"}', JSON_TYPE), {}, "webhook-refused"),
        (Answer(429, b"{}", JSON_TYPE), {"accept": "refusals"}, "webhook-refused"),
        (Answer(200, b"<html>hi", JSON_TYPE), {}, "answer-not-json"),
        (Answer(200, b"<html>hi", {"content-type": "text/html"}), {}, "<html>hi"),
        (
            Answer(200, b"<html>hi", {"content-type": "text/html"}),
            {"answer": {"a": 1}},
            "answer-not-json",
        ),
        (Answer(200, b'{"a": 1}', {"content-type": "text/plain"}), {}, {"a": 1}),
        (Answer(200, b'\xef\xbb\xbf{"a": 1}', JSON_TYPE), {}, {"a": 1}),
        (Answer(200, b'{"a": ', JSON_TYPE), {}, "answer-not-json"),
        (Answer(200, b"[" * 50_000, JSON_TYPE), {}, "answer-too-deep"),
        (Answer(200, b'"' + b"x" * 300_000 + b'"', JSON_TYPE), {}, "answer-too-large"),
        (Answer(200, b'{"a": NaN}', JSON_TYPE), {}, "answer-not-json"),
        (Answer(200, b"\xff\xfe{", JSON_TYPE), {}, "answer-not-json"),
        (Answer(204, b""), {"answer": {"a": 1}}, None),
        (
            Answer(302, b"", {"location": "http://127.0.0.1:1/"}),
            {"accept": "refusals"},
            "webhook-moved",
        ),
    ],
)
async def test_what_comes_back_is_judged(answer: Answer, fields: dict, said: object) -> None:
    async with http_receiver(answer) as receiver, lent(receiver.address) as context:
        try:
            output = await HttpRequest().perform(HttpRequestFields(url=receiver.url, **fields), context)
        except ActionFailed as error:
            output = error.code
        assert len(receiver.received) == 1
    assert output == (said if isinstance(output, str) else {"status": answer.status, "body": said})


@pytest.mark.parametrize("do", ["http_request", "call_webhook"])
@pytest.mark.parametrize(
    ("answer", "retry", "after_s", "away"),
    [
        (Answer(500, b"oops"), True, None, "refused"),
        (Answer(503, b"", {"retry-after": "120"}), True, 120, "refused"),
        (Answer(429, b"", {"retry-after": "17"}), True, 17, ""),
        (Answer(400, b"no"), False, None, ""),
        (Answer(301, b"", {"location": "http://127.0.0.1:1/"}), False, None, ""),
        (Answer(close=True), True, None, "silent"),
    ],
)
async def test_a_bad_answer_is_tried_again_where_that_may_help(
    do: str, answer: Answer, retry: bool, after_s: float | None, away: str
) -> None:
    async with http_receiver(answer) as receiver, lent(receiver.address) as context:
        with pytest.raises(ActionFailed) as failed:
            await _perform(do, receiver, context)
        assert len(receiver.received) == 1
    assert (failed.value.retry, failed.value.retry_after_s, failed.value.away) == (
        retry,
        after_s,
        away,
    )


@pytest.mark.parametrize("do", ["http_request", "call_webhook"])
@pytest.mark.parametrize("how", ["hangs", "drips", "half", "endless"])
async def test_an_answer_that_never_ends_is_given_up(do: str, how: str) -> None:
    """A gigabyte is offered where it is endless: a thousandth of it is read."""
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        length = {"half": 1000, "endless": 1_000_000_000}.get(how, 10_000)
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        try:
            if how == "hangs":
                await reader.read()
                return
            writer.write(head.encode() + b'{"a": "')
            if how == "half":
                await writer.drain()
                return
            while sent < length:
                piece = b"x" if how == "drips" else b"x" * 65_536
                writer.write(piece)
                sent += len(piece)
                await writer.drain()
                if how == "drips":
                    await asyncio.sleep(0.02)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        server,
        lent(f"127.0.0.1:{port}", timeout_s=1 if how != "endless" else 10) as context,
    ):
        began = time.monotonic()
        try:
            output = await _perform_at(do, f"http://127.0.0.1:{port}/", context)
        except ActionFailed as error:
            output = (error.code, error.retry)
        assert time.monotonic() - began < 60
    if how != "endless":
        assert output == ("unavailable", True)
    elif do == "http_request":
        assert output == ("answer-too-large", False)
    else:
        assert len(str(output)) < 10_000
    assert sent < 20_000_000


async def _perform(do: str, receiver: HttpReceiver, context: object) -> object:
    return await _perform_at(do, receiver.url, context)


async def _perform_at(do: str, url: str, context: object) -> object:
    if do == "http_request":
        return await HttpRequest().perform(HttpRequestFields(url=url), context)  # type: ignore[arg-type]
    return await CallWebhook().perform(CallWebhookFields(url=url), context)  # type: ignore[arg-type]


def test_a_sample_is_no_part_of_what_is_sent_or_shown() -> None:
    fields = {"url": "https://x.example", "answer": {"name": "Lee"}}
    assert preview("http_request", fields, EVENT)["fields"] == {"url": "https://x.example"}


def test_the_dry_run_says_what_would_be_asked() -> None:
    fields = HttpRequestFields(
        connection="shop",
        method="POST",
        url="orders",
        query={"notify": True},
        body={"sku": "a", "n": 2},
    )
    summary = HttpRequest().preview(fields, EVENT)
    assert summary == 'POST orders?notify=true through shop, sending {"sku":"a","n":2}'
    assert json.loads(summary.partition("sending ")[2]) == {"sku": "a", "n": 2}


@pytest.mark.parametrize("token", ["canary-secret\n2", "canary-secret\x0b", "canary-secret\r\nX: y"])
@pytest.mark.parametrize("do", ["http_request", "call_webhook"])
async def test_a_secret_that_no_header_carries_is_not_told(do: str, token: str) -> None:
    """It was pasted with more than it is; the words of the library would show it."""
    async with http_receiver() as receiver:
        place = HttpPlace("shop", receiver.url, "bearer", token=token)
        async with lent(receiver.address, place=place) as context:
            asking = (
                HttpRequest().perform(HttpRequestFields(connection="shop", url="a"), context)
                if do == "http_request"
                else CallWebhook().perform(CallWebhookFields(connection="shop", url="a"), context)
            )
            with pytest.raises(ActionFailed) as refused:
                await asking
        assert receiver.received == []
    assert (refused.value.code, refused.value.retry) == ("bad-header", False)
    assert "canary" not in f"{refused.value.message} {refused.value.detail}"


async def test_what_was_sent_and_comes_back_as_no_http_is_not_told() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(next(line for line in head.split(b"\r\n") if b"canary" in line) + b"\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        place = HttpPlace("shop", f"http://{address}", "bearer", token="canary-secret")
        async with lent(address, place=place) as context:
            with pytest.raises(ActionFailed) as broken:
                await HttpRequest().perform(HttpRequestFields(connection="shop", url="a"), context)
    assert broken.value.message == "127.0.0.1 did not answer: illegal status line"
    assert "canary" not in f"{broken.value.message} {broken.value.detail}"


async def test_blanks_around_the_value_of_a_header_are_left_out() -> None:
    """A record's text may end with one; no header does."""
    async with http_receiver() as receiver, lent(receiver.address) as context:
        fields = HttpRequestFields(url=receiver.url, headers={"x-name": " Ann Lee ", "x-none": " "})
        await HttpRequest().perform(fields, context)
        assert [receiver.received[0].headers[name] for name in ("x-name", "x-none")] == ["Ann Lee", ""]


@pytest.mark.parametrize("name", ["http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
async def test_no_proxy_of_the_environment_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with http_receiver() as proxy, http_receiver() as receiver:
        monkeypatch.setenv(name, proxy.url)
        async with lent(receiver.address) as context:
            await HttpRequest().perform(HttpRequestFields(url=receiver.url), context)
        assert (len(receiver.received), proxy.received) == (1, [])


async def test_an_address_that_it_points_to_shows_nothing_that_signs_in() -> None:
    """A login page that gets the token handed on, and a rule's own header that is echoed."""
    moved = Answer(302, headers={"location": "https://x.example/login?token=s3cret-abc&next=1"})
    async with http_receiver(moved) as receiver, lent(receiver.address) as context:
        with pytest.raises(ActionFailed) as failed:
            await CallWebhook().perform(CallWebhookFields(url=receiver.url), context)
    assert failed.value.named["to"] == "https://x.example/login?token=•••&next=1"
    assert "s3cret-abc" not in f"{failed.value.message} {failed.value.detail} {failed.value.named}"


@pytest.mark.parametrize("do", ["call_webhook", "http_request"])
async def test_a_secret_header_of_a_rule_that_is_echoed_is_covered(do: str) -> None:
    headers = {"X-Api-Key": "rule-key-12345", "X-Order": "order-77777"}
    answer = Answer(400, b"bad rule-key-12345 for order-77777")
    async with http_receiver(answer) as receiver, lent(receiver.address) as context:
        asking = (
            CallWebhook().perform(CallWebhookFields(url=receiver.url, headers=headers), context)
            if do == "call_webhook"
            else HttpRequest().perform(HttpRequestFields(url=receiver.url, headers=headers), context)
        )
        with pytest.raises(ActionFailed) as failed:
            await asking
    assert failed.value.detail == "bad ••• for order-77777"


@pytest.mark.parametrize("do", ["call_webhook", "http_request"])
async def test_what_signs_in_within_the_address_is_covered_where_it_is_echoed(do: str) -> None:
    """Many a server says which address it does not know."""
    answer = Answer(404, b"no /in?order=77777&token=s3cret%2Dabc, nor s3cret-abc")
    async with http_receiver(answer) as receiver, lent(receiver.address) as context:
        url = f"{receiver.url}/in?order=77777&token=s3cret%2Dabc"
        asking = (
            CallWebhook().perform(CallWebhookFields(url=url), context)
            if do == "call_webhook"
            else HttpRequest().perform(HttpRequestFields(url=url), context)
        )
        with pytest.raises(ActionFailed) as failed:
            await asking
    assert failed.value.detail == "no /in?order=77777&token=•••, nor •••"


async def test_an_answer_that_cannot_be_read_shows_nothing_that_signs_in() -> None:
    answer = Answer(200, b"hello rule-key-12345, no JSON here", headers={"content-type": "application/json"})
    async with http_receiver(answer) as receiver, lent(receiver.address) as context:
        fields = HttpRequestFields(url=receiver.url, headers={"X-Api-Key": "rule-key-12345"})
        with pytest.raises(ActionFailed) as failed:
            await HttpRequest().perform(fields, context)
    assert failed.value.code == "answer-not-json"
    assert failed.value.detail == "hello •••, no JSON here"
