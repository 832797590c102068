"""Every error as RFC 9457: one table from our errors to status and title. Core errors know nothing of HTTP.

`type` is a stable name listed in docs/errors.md; `title` is constant per kind of error, `detail` says what happened
and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.handlers import HTTPRouteHandler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, NoAnswer
from ruleyard.api.shapes.people import Author
from ruleyard.api.shapes.problems import ProblemDetails
from ruleyard.api.shapes.rules import Draft
from ruleyard.core.errors import (
    Conflict,
    Fix,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Refusal,
    RuleyardError,
    Unavailable,
)
from ruleyard.logs import get_logger
from ruleyard.stores.calendars import CalendarChanged
from ruleyard.stores.drafts import DraftChanged, DraftRow
from ruleyard.stores.gone import RunGone

log = get_logger(__name__)
MEDIA_TYPE: Final = "application/problem+json"


class SignInNeeded(Forbidden):
    code = "sign-in-needed"


class NotSigned(Refusal):
    """A request of another system does not bear the signature that was agreed on."""

    code = "not-signed"


class TooManyTries(Refusal):
    """`retry_after_s`: when trying again may help."""

    code = "too-many-tries"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooLarge(Refusal):
    code = "too-large"


class Malformed(Refusal):
    """The request cannot be read: not JSON, too deep, a wrong type."""

    code = "malformed"


class TableNotWatched(Conflict):
    """A change rule cannot be on while nobody watches its table; `fix` says which."""

    code = "table-not-watched"

    def __init__(self, message: str, *, fix: Fix) -> None:
        super().__init__(message)
        self.fix = fix


class PreconditionNeeded(Refusal):
    code = "etag-needed"


KINDS: Final[Mapping[type[RuleyardError], tuple[int, str]]] = {
    RuleyardError: (500, "Something went wrong"),
    Refusal: (409, "This cannot be done"),
    NotFound: (404, "Not found"),
    RunGone: (404, "Not kept any more"),
    Conflict: (409, "In conflict with what is there"),
    DraftChanged: (412, "The draft was saved by somebody else"),
    CalendarChanged: (412, "The calendar was saved by somebody else"),
    TableNotWatched: (409, "The table is not watched"),
    Forbidden: (403, "Not allowed"),
    NotSigned: (401, "Not signed as agreed"),
    SignInNeeded: (401, "Sign in first"),
    TooManyTries: (429, "Too many tries"),
    Invalid: (422, "The input does not hold"),
    TooLarge: (413, "Too large"),
    Malformed: (400, "The request cannot be read"),
    PreconditionNeeded: (428, "If-Match is needed"),
    Unavailable: (503, "Something we need does not answer"),
    NoAnswer: (503, "Something we need does not answer"),
    ActionFailed: (502, "An action did not happen"),
    Blocked: (403, "This address may not be reached"),
}
"""The one table. A test fails when a class of RuleyardError is missing."""

_TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "This address has no such method",
    413: "Too large",
    429: "Too many requests",
    500: "Something went wrong",
}


def draft_shape(row: DraftRow) -> Draft:
    return Draft(
        document=row.document,
        layout=row.layout,
        etag=str(row.etag),
        saved_at=row.saved_at,
        saved_by=author(row.saved_by_id, row.saved_by_name),
    )


def author(account_id: Any, name: str | None) -> Author | None:
    return None if account_id is None or name is None else Author(id=account_id, name=name)


def details(status: int, title: str, detail: str, code: str, instance: str, **more: Any) -> ProblemDetails:
    return ProblemDetails(
        type=f"urn:ruleyard:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        instance=instance,
        **more,
    )


def of(error: RuleyardError, instance: str) -> ProblemDetails:
    """The answer for one of our errors; the nearest class in the table decides."""
    kind = next(kind for kind in type(error).__mro__ if kind in KINDS)
    status, title = KINDS[kind]
    more: dict[str, Any] = {}
    match error:
        case DraftChanged():
            current = draft_shape(error.current)
            more = {"current": current, "saved_by": current.saved_by, "saved_at": current.saved_at}
        case TooManyTries():
            more = {"retry_after_s": error.retry_after_s}
        case TableNotWatched():
            more = {"fix": error.fix}
        case RunGone():
            more = {"gone": error.gone}
        case Invalid():
            more = {"problems": error.problems}
        case _:
            pass
    return details(status, title, error.message, error.code, instance, **more)


def answer(problem: ProblemDetails, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    more = dict(headers or {})
    if problem.retry_after_s is not None:
        more["Retry-After"] = str(problem.retry_after_s)
    more["Cache-Control"] = "no-store"
    return Response(
        msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=more
    )


def on_ours(request: Request[Any, Any, Any], error: RuleyardError) -> Response[bytes]:
    return answer(of(error, request.url.path))


def on_validation(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """A parameter or body of the wrong shape: every field named, with what is wrong."""
    found: list[Problem] = []
    for one in error.extra if isinstance(error.extra, list) else []:
        if isinstance(one, dict):
            key, message = _sent_as(request, one), str(one.get("message", "is not right"))
            found.append(
                Problem(code="malformed", path="/" + key.replace(".", "/") if key else "", message=message)
            )
    detail = "; ".join(f"{one.path.strip('/') or 'input'}: {one.message}" for one in found) or error.detail
    return answer(details(400, _TITLES[400], detail, "malformed", request.url.path, problems=tuple(found)))


def _sent_as(request: Request[Any, Any, Any], fault: Mapping[str, Any]) -> str:
    """The field as the caller wrote it: a parameter may be called otherwise inside, for `from` is a word of Python."""
    key = str(fault.get("key", ""))
    handler = request.scope.get("route_handler")
    if handler is None or fault.get("source") == "body":
        return key
    known = handler.parsed_fn_signature.parameters.get(key)
    return getattr(known and known.kwarg_definition, "name", None) or key


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals: no such route, wrong method, body too large."""
    status = error.status_code
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    code = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 400: "malformed"}.get(
        status, title.lower().replace(" ", "-")
    )
    detail = _too_large(request) if status == 413 else error.detail or title
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return answer(details(status, title, detail, code, request.url.path), headers)


def _too_large(request: Request[Any, Any, Any]) -> str:
    """The limit that holds on this route; how large the body is nobody knows, for it is not read to its end."""
    handler = request.scope.get("route_handler")
    most = handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None
    return f"A request to this address has at most {most:,} bytes: send less." if most else _TITLES[413]


def on_database(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.warning("our database did not answer", path=_shown(request), error=str(error).splitlines()[:1])
    lost = not isinstance(error, DBAPIError) or error.connection_invalidated
    original = getattr(error, "orig", error)
    cause = getattr(original, "__cause__", None) or original
    if isinstance(cause, asyncpg.DataError | asyncpg.UntranslatableCharacterError):
        unfit = (
            "A value does not fit: a number is too large, or a text holds a character that cannot be stored."
        )
        return answer(details(400, _TITLES[400], unfit, "malformed", request.url.path))
    if lost or isinstance(cause, asyncpg.PostgresConnectionError | asyncpg.QueryCanceledError | OSError):
        words = "Our database does not answer. Try again in a moment."
        return answer(details(503, KINDS[Unavailable][1], words, "unavailable", request.url.path))
    return on_any(request, error)


def _shown(request: Request[Any, Any, Any]) -> str:
    """The address as a log may have it: what opens something by itself is covered."""
    token = request.path_params.get("token")
    return request.url.path.replace(str(token), "•••") if token else request.url.path


def on_any(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The door: what nobody foresaw is logged with where it was, and told without its insides."""
    log.error("request failed", method=request.method, path=_shown(request), exc_info=error)
    words = "Something went wrong on our side. It was logged."
    return answer(details(500, _TITLES[500], words, "error", request.url.path))


HANDLERS: Final[dict[int | type[Exception], Any]] = {
    RuleyardError: on_ours,
    ValidationException: on_validation,
    HTTPException: on_http,
    DBAPIError: on_database,
    PoolTimeout: on_database,
    OSError: on_database,
    Exception: on_any,
}
