"""What one example of a JSON answer teaches: the types of what is in it. Pure.

One example is no promise: whatever is in it may be missing next time, so every part may be empty.
"""

from __future__ import annotations

from ruleyard.core.logic.naming import Unknown
from ruleyard.core.logic.types import ANY, Type, of, of_literal, union
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.types import JSON


def in_sample(sample: JSON, rest: str, base: str) -> Type | Unknown:
    """The type of what stands at the dotted path `rest` in an answer like `sample`, which is called `base`."""
    value, walked = sample, base
    for part in rest.split(".") if rest else ():
        if value is None:
            return ANY
        if isinstance(value, list):
            if not part.isdecimal() or not value:
                return ANY
            value = value[int(part)] if int(part) < len(value) else value[0]
        elif isinstance(value, dict):
            if part not in value:
                return _unknown(part, value, walked)
            value = value[part]
        else:
            words = f'"{walked}" is {of_literal(value).words()} in the sample answer, nothing is inside it.'
            return Unknown("unknown-variable", words, walked, args={"variable": f"{base}.{rest}"})
        walked = f"{walked}.{part}"
    return _type(value).with_null()


def _unknown(part: str, value: dict[str, JSON], walked: str) -> Unknown:
    found = nearest(part, value)
    words = (
        f'The sample answer has no "{part}"{" there" if value else ""}.{did_you_mean(part, value)} '
        "Paste a newer sample where the answer has it."
    )
    args: dict[str, JSON] = {"name": part, **suggested(part, value)}
    return Unknown("not-in-sample", words, f"{walked}.{found}" if found else None, args=args)


def _type(value: JSON) -> Type:
    if value is None:
        return ANY
    if isinstance(value, list):
        return of("list", item=union([_type(item) for item in value]) if value else None)
    return of_literal(value)
