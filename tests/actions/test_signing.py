"""Webhooks are signed as Standard Webhooks says, below a connection's address, at every try anew."""

from __future__ import annotations

import base64

import pytest

from actions.tools import EVENT, lent
from ruleyard.actions.answers import covered
from ruleyard.actions.call_webhook import CallWebhook, CallWebhookFields
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Answer as Guarded
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.signing import key_of, signature
from support.servers import Answer, http_receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_published_example_is_met() -> None:
    """Source: the test vector of the reference libraries of Standard Webhooks (and of Svix, which it comes from)."""
    key = key_of(SECRET)
    assert key is not None
    signed = signature(
        key,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_%%%",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "geheim",
    ],
)
def test_what_is_no_secret_signs_nothing(secret: str) -> None:
    assert key_of(secret) is None


async def test_a_webhook_through_a_connection_is_signed_and_signed_in() -> None:
    async with http_receiver(Answer(500), Answer(200, f"thanks, {SECRET}".encode())) as receiver:
        place = HttpPlace(
            "shop",
            f"{receiver.url}/hooks",
            "bearer",
            token="canary-1",
            signing_secret=SECRET,
        )
        fields = CallWebhookFields(connection="shop", url="leads", payload={"name": "안"})
        async with lent(receiver.address, place=place) as context:
            with pytest.raises(ActionFailed):
                await CallWebhook().perform(fields, context)
            output = await CallWebhook().perform(fields, context)
        first, second = receiver.received
    key = key_of(SECRET)
    assert key is not None
    for request in (first, second):
        assert (request.path, request.headers["authorization"]) == (
            "/hooks/leads",
            "Bearer canary-1",
        )
        assert request.headers["webhook-id"] == "1:h"
        stamp = int(request.headers["webhook-timestamp"])
        signed = signature(key, message_id="1:h", timestamp=stamp, body=request.body)
        assert request.headers["webhook-signature"] == signed
    assert output == {"status": 200, "body": "thanks, •••"}
    assert CallWebhook().preview(fields, EVENT) == "POST to leads, signed by shop"


async def test_a_webhook_with_a_secret_that_is_none_is_not_sent() -> None:
    async with http_receiver() as receiver:
        place = HttpPlace("shop", receiver.url, signing_secret="whsec_short")
        async with lent(receiver.address, place=place) as context:
            with pytest.raises(ActionFailed) as refused:
                await CallWebhook().perform(CallWebhookFields(connection="shop", url="x"), context)
        assert receiver.received == []
    assert refused.value.code == "bad-signing-secret"
    assert "whsec_short" not in refused.value.message


@pytest.mark.parametrize(
    "said",
    [
        'key is a/b+ç"=x',
        r"key is a\/b+\u00E7\"=x",
        r"key is \u0061/b\u002b\u00e7\u0022=x",
        "key is a%2Fb%2b%C3%a7%22%3Dx",
        "key is " + base64.b64encode('a/b+ç"=x'.encode()).decode(),
        "key is " + base64.b64encode('a/b+ç"=x'.encode()).decode().replace("/", r"\/").replace("=", "%3D"),
    ],
)
def test_a_secret_is_covered_however_it_is_spelt(said: str) -> None:
    answer = covered(Guarded(200, {"location": said}, said.encode()), ['a/b+ç"=x', "short"])
    assert answer.body.decode() == answer.headers["location"] == "key is •••"
