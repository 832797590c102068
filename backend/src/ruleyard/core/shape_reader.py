"""Reads fields out of loose JSON and collects what is wrong, so that all problems are reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ruleyard.core.errors import Problem
from ruleyard.core.logic.tree import pointer
from ruleyard.core.near import did_you_mean, suggested
from ruleyard.core.types import JSON, JSONObject

_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)


class Reader:
    """`problems` grows while fields are read; every getter returns something usable even where it does not hold."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.ids: set[str] = set()

    def add(self, code: str, path: str, message: str, node: str | None = None, **args: JSON) -> None:
        self.problems.append(Problem(code, path, message, node=node or None, args=args))

    def is_id(self, text: str) -> bool:
        return _ID.fullmatch(text) is not None

    def known_keys(self, value: JSONObject, keys: Iterable[str], path: str, node: str | None = None) -> None:
        """Unknown keys are problems: a misspelt one would otherwise be lost without a word."""
        known = tuple(keys)
        for key in value:
            if key not in known:
                words = f'"{key}" is not known here.{did_you_mean(key, known)}'
                self.add("unknown-key", pointer(path, key), words, node, key=key, **suggested(key, known))

    def text(
        self,
        value: JSONObject,
        key: str,
        path: str,
        node: str | None = None,
        *,
        required: bool = False,
        longest: int = 200,
    ) -> str:
        """Text, or "" where it is missing or wrong."""
        found = value.get(key)
        if found is None and key not in value and not required:
            return ""
        if not isinstance(found, str) or (required and not found.strip()):
            self.add("missing-text", f"{path}/{key}", f'"{key}" must be text and not empty.', node, key=key)
            return ""
        if len(found) > longest:
            self.add(
                "text-too-long",
                f"{path}/{key}",
                f'"{key}" has at most {longest:,} characters.',
                node,
                key=key,
                most=longest,
            )
        return found

    def flag(self, value: JSONObject, key: str, path: str, node: str | None = None) -> bool:
        """True or false; false where it is missing or wrong."""
        found = value.get(key, False)
        if isinstance(found, bool):
            return found
        words = f'"{key}" is true or false.'
        self.add("unknown-word", f"{path}/{key}", words, node, key=key, choices=["true", "false"])
        return False

    def word(
        self,
        value: JSONObject,
        key: str,
        path: str,
        words: tuple[str, ...],
        default: str,
        node: str | None = None,
    ) -> str:
        """One of some words."""
        found = value.get(key, default)
        if isinstance(found, str) and found in words:
            return found
        hint = did_you_mean(found, words) if isinstance(found, str) else ""
        said = f'"{key}" is one of: {", ".join(words)}.{hint}'
        args = suggested(found, words)
        self.add("unknown-word", f"{path}/{key}", said, node, key=key, choices=[*words], **args)
        return default

    def words(
        self, value: JSONObject, key: str, path: str, node: str | None = None, *, among: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """A list of texts, each one of `among` where that is given."""
        found = value.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            self.add("not-a-list", f"{path}/{key}", f'"{key}" is a list of texts.', node, key=key)
            return ()
        for index, item in enumerate(found):
            if among and item not in among:
                words = f'"{item}" is not one of: {", ".join(among)}.{did_you_mean(str(item), among)}'
                args = suggested(item, among)
                self.add(
                    "unknown-word", f"{path}/{key}/{index}", words, node, key=key, choices=[*among], **args
                )
        return tuple(dict.fromkeys(str(item) for item in found if not among or item in among))

    def whole(
        self,
        value: JSONObject,
        key: str,
        path: str,
        low: int,
        high: int,
        node: str | None = None,
        *,
        code: str = "out-of-range",
    ) -> int | None:
        """A whole number from low to high; None where it is missing or wrong."""
        found = value.get(key)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        words = f'"{key}" is a whole number from {low:,} to {high:,}.'
        part: JSONObject = {"part": key} if code == "bad-schedule" else {}
        self.add(code, f"{path}/{key}", words, node, key=key, low=low, high=high, **part)
        return None
