"""Where in a text a JSON Pointer points: line and column. The text is JSON (somebody parsed it before)."""

from __future__ import annotations

import bisect
import json
import re
from typing import Final

from ruleyard.core.logic.tree import pointer

_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.S)


class Places:
    """Every value of the text by its pointer, read once."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(mark.end() for mark in re.finditer("\n", text))]
        self._at = _offsets(text)

    def of(self, path: str) -> tuple[int, int]:
        """Line and column, from 1, of what is there, or of the nearest that holds it."""
        while path and path not in self._at:
            path = path.rpartition("/")[0]
        at = self._at.get(path, 0)
        line = bisect.bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


def _offsets(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    paths: list[str] = []
    """The path of each open bracket."""
    keys: list[str | int] = []
    """In each, the key or index of the value that comes next."""
    in_key: list[bool] = []
    for mark in _TOKENS.finditer(text):
        sign = mark[0]
        if sign in "}]":
            for stack in (paths, keys, in_key):
                stack.pop()
        elif sign == ",":
            here = keys[-1]
            if isinstance(here, int):
                keys[-1] = here + 1
            else:
                in_key[-1] = True
        elif sign == ":":
            in_key[-1] = False
        elif in_key and in_key[-1]:
            keys[-1] = json.loads(sign)
        else:
            path = pointer(paths[-1], keys[-1]) if paths else ""
            found.setdefault(path, mark.start())
            if sign in "{[":
                paths.append(path)
                keys.append("" if sign == "{" else 0)
                in_key.append(sign == "{")
    return found
