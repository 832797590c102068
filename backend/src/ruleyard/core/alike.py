"""Is a part of a document the same as it was? By type and value: 1 is 1.0, but neither is true. Pure.

Python's own `==` takes true for 1, and a rule that compares with one of them decides otherwise with the other.
"""

from __future__ import annotations

import msgspec


def alike(left: object, right: object) -> bool:
    """Of JSON within the limits of a document: it is looked into."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(value, right[key]) for key, value in left.items())
    return left == right


def same_part(left: object, right: object) -> bool:
    """Of typed parts of a graph, or of anything inside them."""
    return type(left) is type(right) and alike(msgspec.to_builtins(left), msgspec.to_builtins(right))
