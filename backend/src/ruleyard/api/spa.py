"""The built SPA: files from `spa_dir`, index.html for every address of a screen. Never for /api or /health.

Hashed files under /assets are immutable; index.html is asked for again every time.
"""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Final

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import File

from ruleyard.api.guards import ANYONE
from ruleyard.core.errors import NotFound

NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Ruleyard</title>
<body style="font:16px/1.6 system-ui;max-width:42rem;margin:15vh auto;padding:0 1rem">
<h1>Ruleyard is running</h1>
<p>The API answers under <code>/api/v1</code>, but the screens are not built. Build them and start again:</p>
<pre>cd frontend
npm ci
npm run build</pre>
<p>then set <code>RULEYARD_SPA_DIR=frontend/dist</code>. <code>ruleyard up</code> does all of it.</p></body></html>
"""
IMMUTABLE: Final = "public, max-age=31536000, immutable"
AGAIN: Final = "no-cache"
OURS: Final = ("api", "health", "hooks")
TYPES: Final = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


def spa_router(spa_dir: Path | None) -> Router:
    """Routes for everything that is not the API."""
    root = spa_dir.resolve() if spa_dir is not None else None

    def screen() -> Response[str]:
        index = root / "index.html" if root is not None else None
        page = index.read_text(encoding="utf-8") if index is not None and index.is_file() else NOT_BUILT
        return Response(page, media_type="text/html", headers={"Cache-Control": AGAIN})

    @get("/", opt={"role": ANYONE, "public": True}, include_in_schema=False, sync_to_thread=True)
    def home() -> Response[str]:
        return screen()

    @get("/{path:path}", opt={"role": ANYONE, "public": True}, include_in_schema=False, sync_to_thread=True)
    def file_or_screen(path: FromPath[Path]) -> Response[str] | File:
        name = str(path).lstrip("/")
        first = name.split("/", 1)[0]
        if first in OURS:
            raise NotFound(f"There is nothing at /{name}. The API is described at /api/v1/schema.")
        found = inside(root, name)
        if found is not None:
            kind = TYPES.get(found.suffix) or guess_type(found.name)[0] or "application/octet-stream"
            return File(
                found,
                media_type=kind,
                content_disposition_type="inline",
                headers={"Cache-Control": IMMUTABLE if first == "assets" else AGAIN},
            )
        if first == "assets":
            raise NotFound("This file belongs to another build. Load the page again.")
        return screen()

    return Router("/", route_handlers=[home, file_or_screen])


def inside(root: Path | None, name: str) -> Path | None:
    """The file of this name under `root`; None where there is none, or where it would lead out."""
    if root is None or not name or "\x00" in name:
        return None
    try:
        found = (root / name).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError):
        return None
