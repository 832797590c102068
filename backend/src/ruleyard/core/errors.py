"""Bad data is a value; a broken promise is an exception.

    Problem            one thing wrong with a rule document (a value, never raised)
    RuleyardError      the root of everything we raise on purpose
    ├── Refusal        the user asked for what cannot be done: says why and what to do next
    │   ├── NotFound
    │   ├── Conflict   somebody else was faster (ETag), or the thing exists already
    │   ├── Forbidden
    │   └── Invalid    the input does not hold; carries problems
    └── Unavailable    a database, Redis, mail or web server does not answer; trying later may help

Core errors know nothing of HTTP; `api/problems.py` maps each to RFC 9457.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ruleyard.core.types import JSON


class Fix(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change that would mend a problem: put `value` at `path` of the document."""

    label: str
    path: str
    value: JSON = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing wrong with a graph.

    `path` is a JSON Pointer into the rule document, `code` is listed in docs/errors.md, `message` is plain English
    (the SPA translates by `code` and `args`).
    """

    code: str
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"
    node: str | None = None
    args: dict[str, JSON] = {}
    fix: Fix | None = None


class RuleyardError(Exception):
    """The root of everything raised on purpose. `message` is for people, `code` for programs."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Refusal(RuleyardError):
    code = "refused"


class NotFound(Refusal):
    code = "not-found"


class Conflict(Refusal):
    code = "conflict"


class Forbidden(Refusal):
    code = "forbidden"


class Invalid(Refusal):
    code = "invalid"

    def __init__(self, message: str, *, code: str | None = None, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, code=code)
        self.problems = problems


class Unavailable(RuleyardError):
    code = "unavailable"
