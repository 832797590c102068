"""What a connection of each kind is made of: its settings, its secrets, and what is still missing. Pure.

Settings may be shown, secrets never. A kept secret is never sent to a place that it was not entered for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from typing import Final

from ruleyard.core.errors import Invalid
from ruleyard.core.sms_providers import BY_ID
from ruleyard.core.sms_template import SmsTemplate, needs, read_template
from ruleyard.core.types import JSONObject

KEYS: Final[Mapping[str, frozenset[str]]] = {
    "postgres": frozenset({"host", "port", "database", "user", "sslmode", "listen_host", "listen_port"}),
    "smtp": frozenset({"host", "port", "security", "user", "from"}),
    "http": frozenset({"base_url", "sign_in", "user", "header"}),
    "sms": frozenset({"provider", "template", "user", "sender", "country"}),
}
OWN: Final = "custom"
"""The provider of a sms connection that brings its own template."""
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "postgres": ("host", "database", "user"),
    "smtp": ("host",),
    "http": ("base_url",),
    "sms": ("provider",),
}
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "postgres": ("host", "port", "user", "listen_host", "listen_port"),
    "smtp": ("host", "port", "user"),
    "http": ("base_url", "sign_in", "user", "header"),
    "sms": ("provider", "template", "user"),
}
_SECURITY: Final = ("none", "starttls", "tls")
_SSLMODES: Final = re.compile(r"disable|allow|prefer|require|verify-(?:ca|full)")
_SIGN_INS: Final = ("none", "bearer", "basic", "header")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,60}")
_NO_SIGN_IN: Final = re.compile(
    r"(?i)host|content-.*|transfer-encoding|connection|user-agent|accept|webhook-.*|idempotency-key"
)


def refuse_unfit(kind: str, public: JSONObject) -> None:
    """Invalid, with a sentence, when the settings cannot be those of a connection of this kind."""
    if kind not in KEYS:
        raise Invalid(f"A connection is of kind {', '.join(KEYS)}, not {kind!r}.")
    strangers = sorted(set(public) - KEYS[kind])
    if strangers:
        raise Invalid(f"A {kind} connection has no setting {', '.join(strangers)}.")
    for name in _NEEDED[kind]:
        if not public.get(name):
            raise Invalid(f"A {kind} connection needs {name}.")
    for name in ("port", "listen_port"):
        port = public.get(name)
        if port is not None and (
            not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535
        ):
            raise Invalid(f"{name} must be a whole number from 1 to 65535.")
    for name in ("listen_host", "base_url", "user", "header", "provider", "sender", "country"):
        if not isinstance(public.get(name, ""), str):
            raise Invalid(f"{name} must be text.")
    _refuse_word(public, "security", _SECURITY)
    if not _SSLMODES.fullmatch(str(public.get("sslmode", "prefer"))):
        raise Invalid("sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full.")
    _refuse_word(public, "sign_in", _SIGN_INS)
    if kind == "http":
        _refuse_unfit_http(public)
    if kind == "sms":
        _refuse_unfit_sms(public)


def _refuse_word(public: JSONObject, name: str, words: Collection[str]) -> None:
    if name in public and public[name] not in words:
        raise Invalid(f"{name} must be one of {', '.join(words)}.")


def _refuse_unfit_http(public: JSONObject) -> None:
    base, sign_in, header = (
        str(public["base_url"]),
        public.get("sign_in", "none"),
        str(public.get("header") or ""),
    )
    if not re.fullmatch(r"(?i)https?://[^\s/?#@\\]+(/[^\s?#\\]*)?", base):
        raise Invalid(
            "The base address looks like https://api.example.com/v2: without a user, a “?” or a “#”."
        )
    if sign_in == "header" and not _HEADER.fullmatch(header):
        raise Invalid("Say which header carries the key, for example X-Api-Key.")
    if sign_in == "header" and _NO_SIGN_IN.fullmatch(header):
        raise Invalid(f"The header {header} cannot carry a key.")
    if sign_in == "basic" and (not public.get("user") or ":" in str(public["user"])):
        raise Invalid("Signing in with a user needs a user name, without a colon.")


def _refuse_unfit_sms(public: JSONObject) -> None:
    provider = public["provider"]
    if provider != OWN and provider not in BY_ID:
        raise Invalid(f"There is no SMS provider {provider!r}. There are: {', '.join([*BY_ID, OWN])}.")
    if provider != OWN and "template" in public:
        raise Invalid(f"Only a provider {OWN} brings its own template.")
    template = template_of(public)
    if "user" in needs(template) and not public.get("user"):
        raise Invalid("This provider needs the account (user).")
    country = str(public.get("country") or "")
    if country and not re.fullmatch(r"[1-9][0-9]{0,2}", country):
        raise Invalid("country is a calling code like 82, without +.")
    sender = str(public.get("sender") or "")
    if len(sender) > 40 or re.search(r"[\x00-\x1f\x7f]", sender):
        raise Invalid("The sender is a number or a name of at most 40 characters.")
    needed = BY_ID[str(provider)].sender == "needed" if provider != OWN else "sender" in needs(template)
    if needed and not sender:
        raise Invalid("This provider needs a sender: a number or a name that it knows.")


def template_of(public: JSONObject) -> SmsTemplate:
    """How the provider of a sms connection is spoken to. Invalid where its own template does not hold."""
    ready = BY_ID.get(str(public.get("provider")))
    return ready.template if ready else read_template(public.get("template"))


def missing_secrets(kind: str, public: JSONObject, kept: Container[str]) -> tuple[str, ...]:
    """The secrets that it cannot do without and does not have: then it is not set up."""
    needed: tuple[str, ...] = ()
    if kind == "http":
        by_sign_in = {"bearer": ("token",), "header": ("token",), "basic": ("password",)}
        needed = by_sign_in.get(str(public.get("sign_in")), ())
    elif kind == "sms" and "secret" in needs(template_of(public)):
        needed = ("token",)
    return tuple(name for name in needed if name not in kept)


def leads_elsewhere(kind: str, before: JSONObject, after: JSONObject) -> bool:
    """Whether the kept secret would go to another place, or be shown there in another way."""
    return any(after.get(name) != before.get(name) for name in _PLACES[kind])
