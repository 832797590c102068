"""What the documents name is there: files, tests, routes and commands."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ROOMS = (
    "backend/src",
    "backend/migrations",
    "frontend/src",
    "frontend/e2e",
    "tests",
    "benchmarks",
    "shared-schemas",
)
FILE = re.compile(r"`([\w./-]+\.(?:py|tsx?|json|html|css|sql))`")
LINK = re.compile(r"\]\(([^)#\s]+)")
ROUTE = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[\w/{}.-]+)")
COMMAND = re.compile(r"(?:`|^ {4})ruleyard ([a-z][\w-]*)", re.MULTILINE)
MADE = {"server.log", "up.json"}
"""Files that running makes."""


@cache
def files() -> frozenset[str]:
    here = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    return frozenset(f"/{path.relative_to(ROOT)}" for path in (*here, *(ROOT / "frontend").glob("*.html")))


@cache
def routes() -> frozenset[tuple[str, str]]:
    paths = json.loads((ROOT / "shared-schemas" / "openapi.json").read_text())["paths"]
    return frozenset((method.upper(), plain(path)) for path, every in paths.items() for method in every)


def plain(path: str) -> str:
    return re.sub(r"{[^}]+}", "{}", path).rstrip("/.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    gone = [
        name
        for name in FILE.findall(text)
        if name not in MADE and not any(_ends(one, name) for one in files())
    ]
    gone += [link for link in LINK.findall(text) if "://" not in link and not (page.parent / link).exists()]
    gone += [
        f"{method} {path}"
        for method, path in ROUTE.findall(text)
        if not routes() & {(method, plain(path)), (method, f"/api/v1{plain(path)}")}
    ]
    source = (ROOT / "backend" / "src" / "ruleyard" / "cli").glob("*.py")
    known = {
        name for one in source for name in re.findall(r'^NAME = "([\w-]+)"', one.read_text(), re.MULTILINE)
    }
    gone += [f"ruleyard {name}" for name in COMMAND.findall(text) if name not in known]
    assert not gone, f"{page.relative_to(ROOT)} names what is not there: {', '.join(gone)}"


def _ends(path: str, name: str) -> bool:
    return path.endswith(f"/{name}")
