"""How an SMS provider is spoken to: one request with holes, and where its answer says what. Pure data and its check.

Holes: {to} +821012345678, {to_digits} without the +, {to_local} as the home country dials it, {text}, {sender}, {user}
(the account), {secret}, {coding} (`text` where GSM 7-bit does, else `unicode`). A hole in the address may only be
{user}: secrets and texts never stand in an address.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

import msgspec

from ruleyard.core.errors import Invalid
from ruleyard.core.limits import over_nodes
from ruleyard.core.types import JSON

HOLES: Final = ("to", "to_digits", "to_local", "text", "sender", "user", "secret", "coding")
_HOLE: Final = re.compile(r"\{(\w+)\}")
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class SmsTemplate(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`*_at` are dotted paths into a JSON answer; `*` stands for the first item or member, whatever its name.

    `ok_at` and `ok_in`: the answer is a success where this place holds one of these; without `ok_at`, where 2xx came
    with an id. `later_in`: values there that mean "not now". `said_at`: where the provider's own words are.
    """

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    method: Literal["POST", "PUT"] = "POST"
    sign_in: Literal["none", "basic", "bearer", "header"] = "none"
    header: _Short = ""
    headers: dict[str, Annotated[str, msgspec.Meta(max_length=500)]] = {}
    format: Literal["form", "json"] = "form"
    body: JSON = None
    id_at: _Short = ""
    ok_at: _Short = ""
    ok_in: tuple[_Short, ...] = ()
    later_in: tuple[_Short, ...] = ()
    said_at: tuple[_Short, ...] = ()


def read_template(value: JSON) -> SmsTemplate:
    """The template of a connection. Invalid, with a sentence, where it cannot be one."""
    try:
        template = msgspec.convert(value, SmsTemplate)
    except msgspec.ValidationError as error:
        raise Invalid(f"The template does not hold: {error}.") from None
    if over_nodes(template.body) is not None:
        raise Invalid("The template's body is too large.")
    if not isinstance(template.body, dict):
        raise Invalid("The template's body is an object: name → text with holes.")
    if template.format == "form" and any(isinstance(one, dict | list) for one in template.body.values()):
        raise Invalid("A form has plain values: name → text with holes.")
    if not re.match(r"(?i)https?://[^{}/?#@\s]+", template.url):
        raise Invalid("The template's address starts with https:// and a host without holes.")
    if set(_HOLE.findall(template.url)) - {"user"}:
        raise Invalid("The template's address may hold {user} and nothing else.")
    texts = [*texts_in(template.body), *template.headers.values(), template.header]
    holes = {hole for text in texts for hole in _HOLE.findall(text)}
    if strangers := sorted(holes - {*HOLES}):
        raise Invalid(f"The template knows no {{{strangers[0]}}}. There are: {', '.join(HOLES)}.")
    if not holes & {"to", "to_digits", "to_local"} or "text" not in holes:
        raise Invalid("The template's body needs {to} (or {to_digits}, {to_local}) and {text}.")
    if template.sign_in == "header" and not template.header:
        raise Invalid("Say which header signs in.")
    return template


def texts_in(value: JSON) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_in(one)]
    return [text for one in value for text in texts_in(one)] if isinstance(value, list) else []


def filled(value: JSON, values: dict[str, str]) -> Any:
    """The same JSON with its holes filled; what was filled in is not looked into again. No sender, no such member."""
    if isinstance(value, str):
        return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), value)
    if isinstance(value, dict):
        given = {key: one for key, one in value.items() if one != "{sender}" or values.get("sender")}
        return {key: filled(one, values) for key, one in given.items()}
    return [filled(one, values) for one in value] if isinstance(value, list) else value


def address(template: SmsTemplate, user: str) -> str:
    """The address with the account in it; the account cannot lead elsewhere."""
    return template.url.replace("{user}", quote(user, safe=""))


def found_at(answer: JSON, path: str) -> JSON:
    """What stands at a dotted path of an answer; None where there is nothing."""
    value = answer
    for part in path.split("."):
        if isinstance(value, dict):
            value = next(iter(value.values()), None) if part == "*" else value.get(part)
        elif isinstance(value, list):
            index = 0 if part == "*" else int(part) if part.isdecimal() else -1
            value = value[index] if 0 <= index < len(value) else None
        else:
            return None
    return value


def needs(template: SmsTemplate) -> frozenset[str]:
    """Which of `user`, `secret`, `sender` a connection of this template has to give."""
    texts = [template.url, *texts_in(template.body), *template.headers.values()]
    holes = {hole for text in texts for hole in _HOLE.findall(text)}
    given = {"user", "secret", "sender"} & holes
    if template.sign_in != "none":
        given |= {"secret"}
    return frozenset(given | ({"user"} if template.sign_in == "basic" else set()))
