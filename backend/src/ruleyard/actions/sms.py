"""One text message through a provider that a template describes: the request with its holes filled, the answer judged.

A provider's own words are kept. What is not known (the line dies after the request was sent) is said, not guessed.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import msgspec

from ruleyard.actions.answers import covered, read_body, retry_after_s, said
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Answer, Blocked, NoAnswer, Outbound, place_of
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.sms_parts import sms_parts
from ruleyard.core.sms_template import SmsTemplate, address, filled, found_at
from ruleyard.core.types import JSON, JSONObject

MOST_PARTS: Final = 10
_WORDS_CHARS: Final = 300


@dataclass(frozen=True)
class SmsGateway:
    """A provider as a connection knows it. `country`: the calling code of numbers written without one."""

    name: str
    template: SmsTemplate
    user: str = ""
    sender: str = ""
    country: str = ""
    token: str = field(default="", repr=False)

    @property
    def place(self) -> str | None:
        return place_of(address(self.template, self.user))


def phone_of(text: str, country: str) -> Phone:
    """The number that a message goes to. ActionFailed with the reason where the text is none."""
    phone = read_phone(text, country)
    if isinstance(phone, str):
        raise ActionFailed(
            f"“to” is not a phone number: {phone}.",
            code="bad-phone",
            args={"field": "to", "text": text.strip()[:40]},
        )
    return phone


def message_of(text: str) -> str:
    """The text as it is sent: one character for a line break, no other control characters. ActionFailed if too long."""
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not plain:
        raise ActionFailed(
            "“text” is empty: there is nothing to say.", code="empty-field", args={"field": "text"}
        )
    parts = sms_parts(plain).parts
    if parts > MOST_PARTS:
        words = f"This text takes {parts} parts; at most {MOST_PARTS} go."
        raise ActionFailed(words, code="text-too-long", args={"parts": parts, "most": MOST_PARTS})
    return plain


async def send(
    gateway: SmsGateway, http: Outbound, phone: Phone, text: str, *, timeout_s: float | None = None
) -> JSONObject:
    """Hands one message to the provider. Gives `{id, parts, alphabet, answer}`; ActionFailed where it is refused."""
    template, size = gateway.template, sms_parts(text)
    values = {
        "to": phone.e164,
        "to_digits": phone.digits,
        "to_local": phone.local,
        "text": text,
        "sender": gateway.sender,
        "user": gateway.user,
        "secret": gateway.token,
        "coding": "text" if size.alphabet == "gsm" else "unicode",
    }
    where = place_of(template.url) or template.url
    try:
        answer = await http.send(
            template.method,
            address(template, gateway.user),
            headers=_headers(gateway, values),
            body=_body(template, values),
            timeout_s=timeout_s,
        )
    except Blocked as error:
        raise ActionFailed(error.message, code=error.code) from error
    except NoAnswer as error:
        if not error.sent:
            raise ActionFailed(error.message, retry=True, code="unavailable", away="silent") from error
        raise ActionFailed(
            f"{gateway.name} went silent after it was given the message: it may have been sent.",
            error.message,
            code="outcome-unknown",
            away="silent",
        ) from error
    basic = f"{gateway.user}:{gateway.token}" if template.sign_in == "basic" else ""
    answer = covered(answer, (gateway.token, basic))
    body = _judged(gateway, where, answer)
    number = found_at(body, template.id_at) if template.id_at else None
    return {
        "id": None if number is None else str(number),
        "parts": size.parts,
        "alphabet": size.alphabet,
        "status": answer.status,
    }


def _headers(gateway: SmsGateway, values: dict[str, str]) -> dict[str, str]:
    template = gateway.template
    form = template.format == "form"
    headers = {
        "user-agent": "Ruleyard",
        "accept": "application/json",
        "connection": "close",  # a line kept open and closed by the other side would look like an unknown outcome
        "content-type": "application/x-www-form-urlencoded" if form else "application/json",
    }
    own: dict[str, str] = {name: filled(text, values) for name, text in template.headers.items()}
    if template.sign_in == "basic":
        own["authorization"] = (
            "Basic " + base64.b64encode(f"{gateway.user}:{gateway.token}".encode()).decode()
        )
    elif template.sign_in == "bearer":
        own["authorization"] = f"Bearer {gateway.token}"
    elif template.sign_in == "header":
        own[template.header] = gateway.token
    for value in own.values():
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            raise ActionFailed("A header has characters that it cannot carry.", code="bad-header")
    return headers | {name.lower(): value for name, value in own.items()}


def _body(template: SmsTemplate, values: dict[str, str]) -> bytes:
    body = filled(template.body, values)
    if template.format == "json":
        return msgspec.json.encode(body)
    return urlencode({name: _plain(value) for name, value in body.items()}).encode()


def _plain(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _judged(gateway: SmsGateway, where: str, answer: Answer) -> JSON:
    """The answer's JSON where it says that the message was taken. ActionFailed else, with the provider's words."""
    template, status = gateway.template, answer.status
    if status >= 500 and status != 503:
        words = f"{gateway.name} answered {status}: it may have been sent."
        raise ActionFailed(words, said(answer), code="outcome-unknown", away="refused")
    try:
        body = read_body(where, answer, wants_json=bool(template.id_at or template.ok_at) and status < 300)
    except ActionFailed as error:
        if status >= 300:
            body = said(answer)
        else:
            words = f"{gateway.name} answered {status}, but not as its template says: it may have been sent."
            raise ActionFailed(words, error.detail, code="outcome-unknown") from error
    if status in (429, 503):
        raise _refused(gateway, answer, body, retry=True)
    held = found_at(body, template.ok_at) if template.ok_at else None
    if 200 <= status < 300:
        if template.ok_at and held is not None and _word(held) in template.ok_in:
            return body
        if not template.ok_at and (not template.id_at or found_at(body, template.id_at) is not None):
            return body
    later = held is not None and _word(held) in template.later_in
    raise _refused(gateway, answer, body, retry=later)


def _refused(gateway: SmsGateway, answer: Answer, body: JSON, *, retry: bool) -> ActionFailed:
    found = (found_at(body, path) for path in gateway.template.said_at)
    words = next((_word(one) for one in found if one not in (None, "")), "")[:_WORDS_CHARS]
    what = "refused for now" if retry else "refused the message"
    return ActionFailed(
        f"{gateway.name} {what}: {words or f'it answered {answer.status}'}.",
        said(answer),
        retry=retry,
        retry_after_s=retry_after_s(answer.headers.get("retry-after")) if retry else None,
        code="sms-busy" if retry else "sms-refused",
        args={"name": gateway.name, "words": words, "status": answer.status},
        away="refused" if answer.status == 503 else "",
    )


def _word(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
