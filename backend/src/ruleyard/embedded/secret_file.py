"""A random secret kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(path: Path, size_bytes: int = 32) -> str:
    """The hex text in `path`, made at first use with mode 0600."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        write_private(path, secrets.token_hex(size_bytes) + "\n")
        return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step; nobody else can ever read it."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.replace(path)
