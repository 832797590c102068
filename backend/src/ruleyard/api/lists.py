"""What every list route shares: the `cursor` and `limit` of the query, the Link header, rows made into shapes."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.params import QueryParameter
from litestar.response.base import ASGIResponse

from ruleyard.api.problems import Malformed
from ruleyard.core.types import JSONObject

S = TypeVar("S", bound=msgspec.Struct)

Cursor = Annotated[
    str | None, QueryParameter(description="Where the last page ended: its `next`", max_length=500)
]
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="At most so many items")]


def key_of(text: str) -> JSONObject:
    """A record's whole primary key from the query. Malformed where it is no JSON object."""
    try:
        return msgspec.json.decode(text, type=JSONObject)
    except msgspec.MsgspecError:
        raise Malformed('`key` is the whole primary key as a JSON object, such as {"id": 7}.') from None


def shaped(row: object, shape: type[S]) -> S:
    """A store's row as the shape of the same names; what the shape does not name stays inside."""
    return msgspec.convert(row, shape, from_attributes=True)


class Answer(Response[Any]):
    """Every answer of the API. A list's carries RFC 8288's Link to its next page, beside `next` in the body."""

    def to_asgi_response(self, request: Request[Any, Any, Any], **how: Any) -> ASGIResponse:  # type: ignore[override]
        cursor = getattr(self.content, "next", None)
        if isinstance(cursor, str):
            query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
            following = urlencode([*query, ("cursor", cursor)])
            self.set_header("Link", f'<{request.url.path}?{following}>; rel="next"')
        return super().to_asgi_response(request=request, **how)
