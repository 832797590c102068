"""The web application: the API, the health answers and the SPA, made from settings. Holds no state of its own.

`create_app(settings)` needs neither database nor Redis to answer; `uvicorn` and signals are the command line's matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Litestar, Response, Router, get
from litestar.types import Message, Scope

from ruleyard.api.bodies import MAX_BYTES
from ruleyard.api.guards import admit
from ruleyard.api.house import open_house
from ruleyard.api.problems import HANDLERS
from ruleyard.api.routes import api_router, health_router, hooks_router
from ruleyard.api.schema import document_bytes
from ruleyard.api.spa import spa_router
from ruleyard.settings import Settings

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Mantine writes style elements; scripts only come from files of ours."""

HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
HSTS: Final = (b"strict-transport-security", b"max-age=31536000")


def security_headers(*, https: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """A hook for every answer, errors and files too. What does not say otherwise is kept by nobody."""
    ours = (*HEADERS, HSTS) if https else HEADERS

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), *ours]
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers

    return add


def schema_router() -> Router:
    """The OpenAPI description, made when first asked for."""
    made: list[bytes] = []

    @get(["/", "/openapi.json"], opt={"role": "viewer"}, include_in_schema=False)
    async def read_schema() -> Response[bytes]:
        if not made:
            made.append(await asyncio.to_thread(document_bytes))
        return Response(made[0], media_type="application/vnd.oai.openapi+json")

    return Router("/api/v1/schema", route_handlers=[read_schema], guards=[admit])


def end_streams(app: Litestar) -> None:
    """Call when a server begins to drain: streams never end by themselves, and it would wait for them."""
    house = app.state.get("house")
    if house is not None:
        house.live.end()


def create_app(settings: Settings) -> Litestar:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_house(settings) as house:
            app.state.house = house
            yield

    spa: Any = spa_router(settings.spa_dir)
    return Litestar(
        [api_router(), schema_router(), health_router(), hooks_router(), spa],
        lifespan=[lifespan],
        exception_handlers=HANDLERS,
        before_send=[security_headers(https=settings.base_url.startswith("https://"))],
        request_max_body_size=MAX_BYTES,
        openapi_config=None,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
