"""Who may do what: setup, sessions, CSRF, API keys, the matrix of roles and routes."""

from __future__ import annotations

import re
from typing import Any, get_args

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import PASSWORD, client_of, key_of, serving
from ruleyard.api.app import create_app
from ruleyard.api.caller import ROLES
from ruleyard.api.guards import ANYONE
from ruleyard.core.types import Role
from ruleyard.settings import Settings
from ruleyard.stores.accounts import create_setup_token
from ruleyard.stores.db import transaction

OPEN = {
    ("GET", "/api/v1/session"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/setup"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/health/lag"),
    ("GET", "/"),
    ("GET", "/{path:path}"),
    ("POST", "/hooks/{token}"),
    ("GET", "/api/v1/approvals/by-link/{token}"),
    ("POST", "/api/v1/approvals/by-link/{token}"),
}
ADMIN = {"/api/v1/accounts", "/api/v1/keys", "/api/v1/audit"}


def routes_of(app: Litestar) -> list[tuple[str, str, Any]]:
    found = []
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method not in ("OPTIONS", "HEAD"):
                found.append((method, route.path_format, handler))
    return found


@pytest.fixture
def offline() -> Litestar:
    return create_app(Settings("postgresql://nowhere/x", "redis://nowhere", "00" * 32))


def test_every_route_says_whom_it_is_for(offline: Litestar) -> None:
    routes = routes_of(offline)
    assert len(routes) > 50
    undeclared = [
        f"{method} {path}"
        for method, path, handler in routes
        if handler.opt.get("role") not in (*ROLES, ANYONE)
    ]
    assert undeclared == []


def test_only_these_routes_are_open_to_anyone(offline: Litestar) -> None:
    found = {
        (method, path) for method, path, handler in routes_of(offline) if handler.opt.get("role") == ANYONE
    }
    assert {(m, p.replace("{path}", "{path:path}")) for m, p in found} == OPEN


def filled(path: str) -> str:
    """With a name or number for each of its places, of which nothing is there."""
    for name, value in {"other": "2", "number": "1", "table": "public.none"}.items():
        path = path.replace("{" + name + "}", value)
    return re.sub(r"\{\w+\}", "999", path)


async def test_every_route_refuses_every_weaker_role(app: Litestar, engine: AsyncEngine) -> None:
    """The matrix: each route × nobody and each role. A route lets in exactly its role and the stronger ones."""
    keys = {role: await key_of(engine, role) for role in get_args(Role)}
    wrong: list[str] = []
    for method, path, handler in routes_of(app):
        needed = handler.opt["role"]
        if needed == ANYONE or path.endswith("/stream"):
            continue
        for role in (None, *ROLES):
            headers = {} if role is None else {"Authorization": f"Bearer {keys[role]}"}
            async with client_of(app, headers=headers) as client:
                answer = await client.request(
                    method, "http://127.0.0.1" + filled(path), json={} if method != "GET" else None
                )
            refused = answer.status_code in (401, 403) and answer.json()["code"] in (
                "sign-in-needed",
                "setup-needed",
                "role-too-weak",
            )
            should = role is None or ROLES.index(role) < ROLES.index(needed)
            if refused is not should:
                wrong.append(f"{method} {path} as {role}: {answer.status_code} {answer.text[:80]}")
    assert wrong == []


async def test_a_viewer_reads_what_changed_and_why_but_looks_up_no_records(
    app: Litestar, engine: AsyncEngine
) -> None:
    """Values in history are those that runs show; the watched database itself is for those who make rules."""
    least = {path: handler.opt["role"] for method, path, handler in routes_of(app) if method == "GET"}
    history = [path for path in least if "/events" in path or path.endswith(("/explain", "/why"))]
    assert {least[path] for path in history} == {"viewer"}
    assert len(history) >= 4
    assert {role for path, role in least.items() if path.endswith("/records")} == {"editor"}
    headers = {"Authorization": f"Bearer {await key_of(engine, 'viewer')}"}
    async with client_of(app, headers=headers) as client:
        assert (await client.get("http://127.0.0.1/api/v1/events?connection_id=0")).status_code == 200


async def test_accounts_keys_and_audit_are_for_administrators(offline: Litestar) -> None:
    for _, path, handler in routes_of(offline):
        if any(path.startswith(one) for one in ADMIN):
            assert handler.opt["role"] == "admin", path


async def test_nothing_answers_before_there_is_an_administrator(visitor: httpx.AsyncClient) -> None:
    session = (await visitor.get("/session")).json()
    assert (session["account"], session["setup_needed"]) == (None, True)
    answer = await visitor.get("/rules")
    assert (answer.status_code, answer.json()["code"]) == (403, "setup-needed")


async def test_the_setup_link_works_once(visitor: httpx.AsyncClient, engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        token = await create_setup_token(conn)
    person = {"token": token, "name": "Ann", "email": "ann@example.com", "password": PASSWORD}
    first = await visitor.post("/setup", json=person)
    assert first.json()["account"]["role"] == "admin"
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    again = await visitor.post("/setup", json=person, headers={"X-CSRF-Token": first.json()["csrf"]})
    assert (again.status_code, again.json()["code"]) == (403, "setup-token-refused")


async def test_a_change_by_cookie_needs_the_csrf_token(browser: httpx.AsyncClient) -> None:
    token = browser.headers.pop("X-CSRF-Token")
    assert (await browser.get("/rules")).status_code == 200
    refused = await browser.post("/rules", json={"name": "Forged"})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    browser.headers["X-CSRF-Token"] = token
    assert (await browser.post("/rules", json={"name": "Meant"})).status_code == 201


async def test_another_sites_page_cannot_sign_somebody_in(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/session", json={"email": "a@b.c", "password": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_sign_out_ends_the_session(browser: httpx.AsyncClient) -> None:
    assert (await browser.delete("/session")).status_code == 204
    assert (await browser.get("/rules")).status_code == 401


async def test_sign_in_and_change_of_language(browser: httpx.AsyncClient, app: Litestar) -> None:
    async with client_of(app) as other:
        wrong = await other.post("/session", json={"email": "ann@example.com", "password": "wrong"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong-credentials")
        right = await other.post("/session", json={"email": "ANN@example.com", "password": PASSWORD})
        assert right.status_code == 200
        changed = await other.patch(
            "/session/account", json={"language": "ko"}, headers={"X-CSRF-Token": right.json()["csrf"]}
        )
        assert changed.json()["account"]["language"] == "ko"


async def test_too_many_tries_are_stopped_whichever_process_is_asked(
    browser: httpx.AsyncClient, app: Litestar, settings: Settings, engine: AsyncEngine
) -> None:
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                insert into app.sign_in_attempt (email, address, succeeded)
                select 'ann@example.com', '192.0.2.1', false from generate_series(1, 8)
            """)
        )
    async with serving(settings) as second:
        for one in (app, second):
            async with client_of(one) as client:
                answer = await client.post(
                    "/session", json={"email": "ann@example.com", "password": PASSWORD}
                )
                assert (answer.status_code, answer.json()["code"]) == (429, "too-many-tries")
                assert int(answer.headers["retry-after"]) > 0


async def test_passwords_and_secrets_are_kept_only_as_hashes(
    browser: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    made = (await browser.post("/keys", json={"name": "CI", "role": "viewer"})).json()
    async with engine.connect() as conn:
        kept = (await conn.execute(text("select password_hash from app.account"))).scalar_one()
        secret = (await conn.execute(text("select secret_hash from app.api_key"))).scalar_one()
        session = (await conn.execute(text("select token_hash from app.session"))).scalar_one()
    assert kept.startswith("$argon2id$")
    assert len(secret) == len(session) == 32
    assert made["key"].startswith(f"ry_{made['prefix']}_")


async def test_an_api_key_works_until_it_is_revoked(browser: httpx.AsyncClient, app: Litestar) -> None:
    made = (await browser.post("/keys", json={"name": "CI", "role": "editor"})).json()
    async with client_of(app, headers={"Authorization": f"Bearer {made['key']}"}) as program:
        assert (await program.post("/rules", json={"name": "By program"})).status_code == 201
        assert (await program.get("/accounts")).status_code == 403
        listed = (await browser.get("/keys")).json()["items"]
        assert "key" not in listed[0]
        assert listed[0]["last_used_at"]
        assert (await browser.delete(f"/keys/{made['id']}")).status_code == 204
        refused = await program.get("/rules")
        assert (refused.status_code, refused.json()["code"]) == (401, "api-key-refused")


async def test_a_disabled_account_is_out_at_once(browser: httpx.AsyncClient, app: Litestar) -> None:
    person = {"email": "bo@example.com", "name": "Bo", "role": "editor", "password": PASSWORD}
    made = (await browser.post("/accounts", json=person)).json()
    async with client_of(app) as bo:
        assert (
            await bo.post("/session", json={"email": person["email"], "password": PASSWORD})
        ).status_code == 200
        await browser.patch(f"/accounts/{made['id']}", json={"disabled": True})
        assert (await bo.get("/rules")).status_code == 401


async def test_a_new_person_has_the_language_chosen_for_them_or_that_of_who_adds_them(
    browser: httpx.AsyncClient,
) -> None:
    await browser.patch("/session/account", json={"language": "ko"})
    person = {"name": "Bo", "role": "editor", "password": PASSWORD}
    made = (await browser.post("/accounts", json=person | {"email": "bo@example.com"})).json()
    chosen = (
        await browser.post("/accounts", json=person | {"email": "vera@example.com", "language": "ru"})
    ).json()
    assert (made["language"], chosen["language"]) == ("ko", "ru")


async def test_the_last_administrator_stays(browser: httpx.AsyncClient) -> None:
    me = (await browser.get("/session")).json()["account"]
    for change in ({"disabled": True}, {"role": "viewer"}):
        answer = await browser.patch(f"/accounts/{me['id']}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last-admin")
    assert (await browser.get("/accounts")).status_code == 200


async def test_changes_are_audited_with_who_and_what(browser: httpx.AsyncClient) -> None:
    rule = (await browser.post("/rules", json={"name": "Seen"})).json()
    entries = (await browser.get("/audit")).json()["items"]
    assert (entries[0]["action"], entries[0]["subject"], entries[0]["actor"]) == (
        "create rule",
        f"rule:{rule['id']}",
        "ann@example.com",
    )
    assert entries[-1]["action"] == "set up"
    assert PASSWORD not in str(entries)


async def test_answers_carry_security_headers(visitor: httpx.AsyncClient) -> None:
    for path in ("/session", "/nowhere", "http://127.0.0.1/", "http://127.0.0.1/health/live"):
        answer = await visitor.get(path)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await visitor.get("/session")).headers["cache-control"] == "no-store"


async def test_https_makes_the_cookie_secure(settings: Settings, engine: AsyncEngine) -> None:
    import dataclasses

    async with transaction(engine) as conn:
        token = await create_setup_token(conn)
    async with (
        serving(dataclasses.replace(settings, public_url="https://rules.example.com")) as app,
        client_of(app) as client,
    ):
        answer = await client.post(
            "/setup", json={"token": token, "name": "Ann", "email": "ann@example.com", "password": PASSWORD}
        )
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers
