"""The shape of every error answer: RFC 9457, media type application/problem+json."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ruleyard.api.shapes.people import Author
from ruleyard.api.shapes.rules import Draft
from ruleyard.core.errors import Fix, Problem
from ruleyard.stores.gone import Gone


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """`title` is constant per `code`; `detail` says what happened and what to do next.

    `problems` lists what is wrong with a document; `fix` is a machine-readable way out; `current`, `saved_by` and
    `saved_at` come with `draft-changed`, `gone` with `run-gone`.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    problems: tuple[Problem, ...] = ()
    fix: Fix | None = None
    current: Draft | None = None
    saved_by: Author | None = None
    saved_at: datetime | None = None
    retry_after_s: int | None = None
    gone: Gone | None = None
