"""An HTTP client of a running instance, and plain text tables, for the subcommands that only ask.

Finds the instance: --url/--key, RULEYARD_URL/RULEYARD_API_KEY, else the folder of `up` (up.json and cli.key).
"""

from __future__ import annotations

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx
import msgspec

from ruleyard.cli.home import DEFAULT, Home
from ruleyard.core.errors import Invalid, NotFound, Problem, Refusal, Unavailable

_TIMEOUT_S: Final = 30.0
_PAGE: Final = 100


def client_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags that every client has."""
    parser.add_argument("--url", help="address of the instance (RULEYARD_URL)")
    parser.add_argument("--key", help="API key (RULEYARD_API_KEY)")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="folder of a local `up` (.ruleyard)")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


class Client:
    """Use as a context manager. Every refusal of the server is raised with its own words."""

    def __init__(self, args: argparse.Namespace) -> None:
        home = Home(args.data)
        running = home.running()
        self.url = (args.url or os.environ.get("RULEYARD_URL") or (running.url if running else "")).rstrip(
            "/"
        )
        key = args.key or os.environ.get("RULEYARD_API_KEY") or home.cli_key()
        if not self.url or not key:
            raise NotFound(
                f"No instance found in {home.folder}. Start one (`npx -y rust-just up`), "
                "or name one with --url and --key."
            )
        if not key.isascii() or not key.isprintable():
            raise Invalid("An API key has only plain letters and digits (ry_…). See `ruleyard keys`.")
        try:
            self._http = httpx.Client(
                base_url=f"{self.url}/api/v1",
                headers={"Authorization": f"Bearer {key}"},
                timeout=_TIMEOUT_S,
                trust_env=False,
            )
        except httpx.InvalidURL as error:
            raise Invalid(f"{self.url!r} is not the address of an instance: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=_given(params))

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        return self._call("POST", path, params=_given(params), body={} if body is None else body)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def items(self, path: str, *, limit: int | None = None, **params: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page, up to `limit`."""
        cursor: str | None = None
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = self.get(path, cursor=cursor, limit=size, **params)
            yield from page["items"][:left]
            left = None if left is None else left - len(page["items"])
            cursor = page.get("next")
            if not cursor:
                return

    def rule(self, name_or_id: str) -> dict[str, Any]:
        """A rule's summary by id or by its exact name. NotFound says which names come near."""
        if name_or_id.isdigit():
            found: dict[str, Any] = self.get(f"/rules/{name_or_id}")
            return found
        near = list(self.items("/rules", search=name_or_id))
        for rule in near:
            if rule["name"] == name_or_id:
                return rule
        if len(near) == 1:
            return near[0]
        names = ", ".join(repr(rule["name"]) for rule in near[:5])
        raise NotFound(f"There is no rule named {name_or_id!r}." + (f" Near: {names}." if names else ""))

    def connection(self, name: str) -> dict[str, Any]:
        """A connection by name or id."""
        found = list(self.items("/connections"))
        for one in found:
            if name in (one["name"], str(one["id"])):
                return one
        names = ", ".join(one["name"] for one in found) or "none yet"
        raise NotFound(f"There is no connection {name!r}. There are: {names}.")

    def _call(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> Any:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"} if content is not None else {}
        try:
            answer = self._http.request(method, path, params=params, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"No Ruleyard answers at {self.url} ({error or type(error).__name__})."
            ) from error
        if answer.is_success:
            return answer.json() if answer.content else None
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> Refusal:
    try:
        body = answer.json()
        said = body.get("detail") or body.get("title") or answer.reason_phrase
        problems = msgspec.convert(body.get("problems") or [], tuple[Problem, ...], strict=False)
    except (ValueError, AttributeError, msgspec.ValidationError):
        said, problems = answer.reason_phrase, ()
    return Invalid(str(said), problems=problems)


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def record_key(client: Client, connection_id: int, table: str, text: str) -> str:
    """A record's key as the API wants it: `7` becomes `{"id": 7}` by the table's own key."""
    if text.startswith("{"):
        return text
    found = client.get(f"/connections/{connection_id}/tables/{quote(table, safe='')}")
    if len(found["key"]) != 1:
        raise Invalid(f"The key of {table} has {len(found['key'])} columns: write it as a JSON object.")
    (name,) = found["key"]
    is_number = any(c["name"] == name and c["type"] == "integer" for c in found["columns"])
    return msgspec.json.encode(
        {name: int(text) if is_number and text.lstrip("-").isdigit() else text}
    ).decode()


def print_json(value: Any) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(
    headers: Sequence[str], rows: Sequence[Sequence[Any]], *, empty: str = "Nothing yet."
) -> None:
    """Columns in plain text, right for wide East Asian letters too. `empty` when there are no rows."""
    if not rows:
        print(empty)
        return
    texts = [[_cell(value) for value in row] for row in rows]
    widths = [max(_width(line[i]) for line in [list(headers), *texts]) for i in range(len(headers))]
    for line in [list(headers), *texts]:
        cells = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def moment(instant: str | None) -> str:
    """An instant of the API to the second, as people read it."""
    return instant[:19].replace("T", " ") if instant else "-"


def instant(flag: str, words: str | None) -> str | None:
    """What a flag was given as a time: ISO text with its zone, UTC where none is said. Invalid, with an example."""
    if words is None:
        return None
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise Invalid(f"{flag} takes a time like 2026-11-22T09:00 (UTC), not {words!r}.") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def read_input(path: str) -> bytes:
    """A file's bytes; `-` is stdin."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Invalid(f"Cannot read {path}: {error.strerror}.") from error
