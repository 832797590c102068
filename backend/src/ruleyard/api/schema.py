"""The OpenAPI 3.1 description of the API: `python -m ruleyard.api.schema FILE`. Needs no database.

Litestar describes routes and shapes; here the error answers, the security schemes and stable names are added.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, get
from litestar.openapi.config import OpenAPIConfig

from ruleyard.api.routes import api_router, health_router, hooks_router
from ruleyard.api.shapes.problems import ProblemDetails

_METHODS = ("get", "post", "put", "patch", "delete")


def document() -> dict[str, Any]:
    """The whole description as JSON. The same bytes for the same code."""

    @get("/problem", opt={"role": "anyone"})
    async def problem_shape() -> ProblemDetails:
        raise NotImplementedError

    app = Litestar(
        [api_router(), health_router(), hooks_router(), problem_shape],
        openapi_config=OpenAPIConfig(
            title="Ruleyard",
            version="1",
            description="Rules on your own PostgreSQL. Errors are RFC 9457; lists are paged by opaque cursors.",
            operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        ),
    )
    found: dict[str, Any] = app.openapi_schema.to_schema()
    del found["paths"]["/problem"]
    _tell_what_may_be_absent(found["components"]["schemas"])
    found["servers"] = [{"url": "/"}]
    found["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "ruleyard_session"},
        "key": {"type": "http", "scheme": "bearer"},
    }
    problem = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for path in found["paths"].values():
        for method in _METHODS:
            if method in path:
                path[method]["responses"].pop("400", None)
                path[method]["responses"]["default"] = problem
                path[method].setdefault("security", [{"session": []}, {"key": []}])
    return found


def _tell_what_may_be_absent(schemas: dict[str, Any]) -> None:
    """A shape that leaves out what equals its default: a reader must not count on those fields."""
    for shape in _shapes(msgspec.Struct):
        properties = schemas.get(shape.__name__, {}).get("properties", {})
        if not shape.__struct_config__.omit_defaults:
            continue
        for described in properties.values():
            if "default" in described:
                default = json.dumps(described.pop("default"))
                said = described.get("description", "")
                described["description"] = f"{said} Absent means {default}.".strip()


def _shapes(shape: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for child in shape.__subclasses__():
        yield child
        yield from _shapes(child)


def document_bytes() -> bytes:
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def main() -> None:
    Path(sys.argv[1]).write_bytes(document_bytes())


if __name__ == "__main__":
    main()
