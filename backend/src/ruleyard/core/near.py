"""`Did you mean …?`: the nearest of some known words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ruleyard.core.types import JSON, JSONObject


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The most similar word, None where none is similar enough. Case does not count."""
    by_lower = {known.lower(): known for known in words}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def suggested(word: JSON, words: Iterable[str]) -> JSONObject:
    """`{"suggestion": "status"}` for the args of a problem, or nothing."""
    found = nearest(word, words) if isinstance(word, str) else None
    return {"suggestion": found} if found else {}


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """` Did you mean "status"?`, or nothing."""
    found = nearest(word, words)
    return f' Did you mean "{found}"?' if found else ""
