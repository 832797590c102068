"""If-Match: nobody's work is lost because somebody else saved in between."""

from __future__ import annotations

from ruleyard.api.problems import Malformed, PreconditionNeeded


def etag_of(header: str | None, what: str) -> int | None:
    """The number in If-Match; None for `*`. `what` has it: "the draft"."""
    if header is None:
        raise PreconditionNeeded(
            f"Send If-Match with {what}'s etag, such as \"3\", so that nobody's work is lost."
        )
    value = header.strip().removeprefix("W/").strip('"')
    if value == "*":
        return None
    if not value.isdigit() or len(value) > 15:
        raise Malformed(f'If-Match is {what}\'s etag in quotes, such as "3".')
    return int(value)
