"""Requests that must be signed: what fits starts the rule, what does not starts nothing and learns nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published
from api.test_hooks import ORDER, address, hooked, own_lanes, runs, sender  # noqa: F401 (fixtures)
from ruleyard.actions.signing import key_of, signature
from ruleyard.api.signatures import new_secret, why_refused
from ruleyard.clock import utc_now
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.hook_signatures import HookSignature

PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"order": {"number": "A-7"}}'
GITHUB = {"scheme": "hmac", "header": "X-Hub-Signature-256", "encoding": "hex", "prefix": "sha256="}


def agreed(
    scheme: Any = "standard", header: str = "", encoding: Any = "hex", prefix: str = ""
) -> HookSignature:
    return HookSignature(scheme, header, encoding, prefix, utc_now(), None, 0, None, None, "")


def standard(
    secret: str, *, name: str = "msg_1", at: int | None = None, body: bytes = BODY
) -> dict[str, str]:
    at, key = int(time.time()) if at is None else at, key_of(secret)
    assert key is not None
    signed = signature(key, message_id=name, timestamp=at, body=body)
    return {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": signed}


def plain(secret: str, body: bytes = BODY) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_the_published_example_fits_at_its_own_moment_and_at_no_other() -> None:
    """Source: the test vector of the reference libraries of Standard Webhooks."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body = b'{"test": 2432232314}'
    at = 1614265330.0
    assert why_refused(agreed(), [PUBLISHED], headers, body, now_s=at + 299) is None
    assert why_refused(agreed(), [PUBLISHED], headers, body, now_s=at + 301) == "old"
    assert why_refused(agreed(), [PUBLISHED], headers, body, now_s=at - 301) == "old"
    assert why_refused(agreed(), [PUBLISHED], headers, body + b" ", now_s=at) == "wrong"
    several = {**headers, "webhook-signature": "v1a,x v1,AAAA " + headers["webhook-signature"]}
    assert why_refused(agreed(), [new_secret("standard"), PUBLISHED], several, body, now_s=at) is None
    for name in headers:
        less = {one: value for one, value in headers.items() if one != name}
        assert why_refused(agreed(), [PUBLISHED], less, body, now_s=at) == "missing"
    other = {**headers, "webhook-id": "msg_other"}
    assert why_refused(agreed(), [PUBLISHED], other, body, now_s=at) == "wrong"


def test_the_published_example_of_a_plain_signature_fits() -> None:
    """Source: GitHub, "Validating webhook deliveries": testing the signature."""
    value = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret, body = "It's a Secret to Everybody", b"Hello, World!"
    hub = agreed("hmac", "X-Hub-Signature-256", "hex", "sha256=")

    def of(header: str) -> str | None:
        return why_refused(hub, [secret], {"x-hub-signature-256": header}, body, now_s=0)

    assert of(f"sha256={value}") is None
    assert of(f"SHA256={value.upper()}") is None
    assert of(value) == "wrong"
    assert of(f"sha256={value[:-1]}6") == "wrong"
    assert of("sha256=") == "wrong"
    assert of("sha256=ü") == "wrong"
    assert of("") == "missing"
    shop = agreed("hmac", "X-Shop-Hmac", "base64")
    digest = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    assert why_refused(shop, [secret], {"x-shop-hmac": digest}, body, now_s=0) is None
    assert why_refused(shop, [secret], {"x-shop-hmac": digest.swapcase()}, body, now_s=0) == "wrong"


async def agree(client: httpx.AsyncClient, rule: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await client.put(f"/rules/{rule['id']}/hook/signature", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def post(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], body: bytes = BODY
) -> tuple[int, str]:
    headers = {"content-type": "application/json", **headers}
    answer = await client.post(url, content=body, headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def test_only_what_is_signed_starts_the_rule(
    client: httpx.AsyncClient,
    sender: httpx.AsyncClient,  # noqa: F811
    engine: AsyncEngine,
    own_lanes: Lanes,  # noqa: F811
) -> None:
    rule = await published(client, hooked())
    url = await address(client, rule)
    made = await agree(client, rule, scheme="standard")
    secret = made["secret"]
    assert key_of(secret) is not None
    refused = [
        {},
        standard(PUBLISHED),
        standard(secret, at=int(time.time()) - 400),
        {**standard(secret), "webhook-id": "msg_2"},
        plain(secret),
    ]
    answers = [await post(sender, url, headers) for headers in refused]
    assert set(answers) == {(401, "not-signed")}
    words = {(await sender.post(url, content=b"[" * 9, headers=one)).text for one in refused}
    assert len(words) == 1, "the same words whatever was wrong, before anything is read"
    told = (await client.get(f"/rules/{rule['id']}/hook")).json()["signature"]
    assert (told["refused"], told["refused_why"], told["refused_since"] <= told["refused_at"]) == (
        10,
        "missing",
        True,
    )
    assert await post(sender, url, standard(secret)) == (202, "")
    again = await sender.post(
        url, content=BODY, headers={**standard(secret), "Idempotency-Key": "another name"}
    )
    assert (again.status_code, again.json()["repeated"]) == (202, True), "what is signed names the request"
    assert len(await runs(engine, own_lanes)) == 1


async def test_a_new_secret_and_the_one_before_it_fit_for_a_while(
    client: httpx.AsyncClient,
    sender: httpx.AsyncClient,  # noqa: F811
    engine: AsyncEngine,
) -> None:
    rule = await published(client, hooked())
    url = await address(client, rule)
    first = "the first secret"
    assert (await agree(client, rule, **GITHUB, secret=first))["secret"] is None
    assert (await agree(client, rule, **GITHUB))["secret"] is None, "saving again keeps it"
    second = (await agree(client, rule, **GITHUB, renew=True))["secret"]
    assert await post(sender, url, plain(first)) == (202, "")
    assert await post(sender, url, plain(second)) == (202, "")
    async with engine.begin() as conn:
        await conn.execute(text("update app.hook_signature set old_until = now()"))
    assert await post(sender, url, plain(first)) == (401, "not-signed")
    assert await post(sender, url, plain(second)) == (202, "")
    standard_now = await agree(client, rule, scheme="standard")
    assert standard_now["signature"]["old_until"] is None, "a secret of another scheme never fits"
    assert await post(sender, url, plain(second)) == (401, "not-signed")
    path = f"/rules/{rule['id']}/hook/signature"
    assert (await client.delete(path)).status_code == 204
    assert (await client.delete(path)).status_code == 404
    assert await post(sender, url, {}) == (202, "")


async def test_the_secret_is_told_once_and_kept_sealed(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, hooked())
    secret = (await agree(client, rule, scheme="standard"))["secret"]
    assert secret not in (await client.get(f"/rules/{rule['id']}/hook")).text
    assert secret not in (await client.get("/audit")).text
    async with engine.connect() as conn:
        kept = (await conn.execute(text("select cast(s as text) from app.hook_signature s"))).scalar_one()
    assert secret not in kept
    assert secret.encode().hex() not in kept


@pytest.mark.parametrize(
    "body",
    [
        {"scheme": "hmac"},
        {"scheme": "hmac", "header": "X: y"},
        {"scheme": "standard", "secret": "not one of theirs"},
        {"scheme": "hmac", "header": "X-Y", "secret": "short"},
        {"scheme": "md5"},
    ],
)
async def test_what_is_no_agreement_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    rule = await published(client, hooked())
    assert (await client.put(f"/rules/{rule['id']}/hook/signature", json=body)).status_code == 400
    assert (await client.get(f"/rules/{rule['id']}/hook")).json()["signature"] is None
