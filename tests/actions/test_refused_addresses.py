"""Every spelling of an address inside is refused before a socket is opened: 0 escapes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from actions.tools import lent
from ruleyard.actions.call_webhook import CallWebhook, CallWebhookFields
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, NoAnswer, Outbound
from ruleyard.actions.http_request import HttpRequest, HttpRequestFields
from support.servers import Answer, http_receiver

FILE = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "outbound" / "refused.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text())["cases"]


def test_there_are_enough_forms() -> None:
    assert len({case["url"] for case in CASES}) == len(CASES) >= 60


def numeric(host: str, port: int) -> Sequence[str]:
    """As the system reads numbers in every spelling, and this machine's own names; no other name is asked for."""
    if "localhost" in host.lower() or host.startswith("ip6-"):
        return ["127.0.0.1", "::1"]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


async def test_no_form_escapes() -> None:
    """One receiver for all: it must hear nothing, and no refusal may come from a connection that was tried."""
    escaped = []
    now: dict[str, Any] = {}

    async def told(host: str, port: int) -> Sequence[str]:
        return now["resolves"] if "resolves" in now else numeric(host, port)

    client = Outbound(timeout_s=5, resolve_host=told)
    async with http_receiver() as receiver:
        for now in CASES:
            try:
                url = now["url"].replace("{port}", str(receiver.port))
                answer = await client.send("GET", url, headers={}, body=b"")
            except Blocked:
                continue
            except NoAnswer as error:
                if error.sent or not (
                    "cannot be found" in error.message or "has no address" in error.message
                ):
                    escaped.append((now, error.message))
            else:
                escaped.append((now, str(answer.status)))
        assert receiver.received == []
    await client.close()
    assert escaped == []


async def test_an_address_that_changes_after_the_check_is_not_asked_for_again() -> None:
    asked = 0

    async with http_receiver() as receiver:

        async def rebinding(host: str, port: int) -> Sequence[str]:
            nonlocal asked
            asked += 1
            return ["203.0.113.7"] if asked > 1 else ["127.0.0.1"]

        allow = (f"rebind.example:{receiver.port}",)
        client = Outbound(allow, resolve_host=rebinding)
        answer = await client.send("GET", f"http://rebind.example:{receiver.port}/", headers={}, body=b"")
        await client.close()
        assert (answer.status, asked, len(receiver.received)) == (200, 1, 1)


@pytest.mark.parametrize("do", ["http_request", "call_webhook"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_not_followed(do: str, status: int) -> None:
    async with http_receiver() as inside:
        async with (
            http_receiver(Answer(status, headers={"location": inside.url})) as receiver,
            lent(receiver.address, inside.address) as context,
        ):
            asking = (
                HttpRequest().perform(HttpRequestFields(url=receiver.url), context)
                if do == "http_request"
                else CallWebhook().perform(CallWebhookFields(url=receiver.url), context)
            )
            with pytest.raises(ActionFailed) as moved:
                await asking
        await asyncio.sleep(0)
        assert (moved.value.code, inside.received) == ("webhook-moved", [])
