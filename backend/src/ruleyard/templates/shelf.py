"""The templates that come with Ruleyard, read from `shelf/*.json` in the order in which they are shown."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from ruleyard.templates.template import Template


@cache
def templates() -> tuple[Template, ...]:
    """Every template. The files are part of the package, so they are read once."""
    found = sorted(files("ruleyard.templates").joinpath("shelf").iterdir(), key=lambda one: one.name)
    return tuple(
        msgspec.json.decode(one.read_bytes(), type=Template) for one in found if one.name.endswith(".json")
    )


def template_named(template_id: str) -> Template | None:
    return next((one for one in templates() if one.id == template_id), None)
