"""Mail: builds one message from checked parts and hands it to a SMTP server.

Addresses are Address objects and headers never carry a line break, so a record's text cannot add recipients
or headers. Knows nothing of rules. What is not known (the line dies after the text was sent) is said, not
guessed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from typing import Final

import aiosmtplib

from ruleyard.actions.failure import ActionFailed, words_of
from ruleyard.actions.kind import MailServer
from ruleyard.core.mail_address import has_its_form, name_and_address, parted
from ruleyard.core.types import JSON

TIMEOUT_S: Final = 9.0
"""For one command, and for all that comes before the text: then nothing was sent, and it may be tried again."""
RECIPIENTS: Final = 50
_TOO_LARGE: Final = (552, 523, 554)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_POLICY: Final = SMTP.clone(cte_type="7bit")


def one_line(text: str) -> str:
    """Text fit for a header: line breaks and control characters become one space."""
    return _CONTROL.sub(" ", text).strip()


def addresses(field: str, value: JSON) -> tuple[Address, ...]:
    """The addresses in `to`, `cc`…: a text or a list of texts. ActionFailed names the field."""
    if value is not None and not isinstance(value, str | list):
        raise ActionFailed(
            f"“{field}” is not an e-mail address: {value!r}",
            code="bad-address",
            args={"field": field, "text": str(value)},
        )
    texts: list[JSON] = [value] if value is None or isinstance(value, str) else value
    found: list[Address] = []
    for text in texts:
        if text is None:
            continue
        if not isinstance(text, str):
            raise ActionFailed(
                f"“{field}” is not an e-mail address: {text!r}",
                code="bad-address",
                args={"field": field, "text": str(text)},
            )
        if _CONTROL.search(text.strip()):
            raise ActionFailed(
                f"“{field}” has a line break inside an address: {text!r}",
                code="bad-address",
                args={"field": field, "text": text},
            )
        parts = [part for part in parted(text) if part.strip()]
        if len(found) + len(parts) > RECIPIENTS:
            count = len(found) + len(parts)
            raise ActionFailed(
                f"“{field}” has {count} addresses; at most {RECIPIENTS} go.",
                code="too-many-addresses",
                args={"field": field, "count": count, "most": RECIPIENTS},
            )
        found += [_address(field, part) for part in parts]
    return tuple({address.addr_spec: address for address in found}.values())


def _address(field: str, text: str) -> Address:
    name, spec = name_and_address(text)
    user, _, domain = spec.rpartition("@")
    try:
        if not has_its_form(spec):
            raise ValueError("it is not of the form name@domain")
        if not domain.isascii():
            domain = domain.encode("idna").decode()
        return Address(display_name=name, username=user, domain=domain)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ActionFailed(
            f"“{field}” is not an e-mail address: {text.strip()!r} ({error})",
            code="bad-address",
            args={"field": field, "text": text.strip()},
        ) from None


def sender_of(server: MailServer) -> Address:
    """What stands in From. ActionFailed where the connection has not exactly one address there."""
    found = addresses("from", server.sender)
    if len(found) != 1:
        raise ActionFailed(
            f"The connection {server.name} needs one “from” address.",
            code="bad-address",
            args={"field": "from", "text": server.sender},
        )
    return found[0]


@dataclass(frozen=True)
class Attachment:
    """`media_type`: such as `application/pdf`."""

    file: str
    media_type: str
    content: bytes


def build(
    *,
    sender: Address,
    to: Sequence[Address],
    cc: Sequence[Address],
    subject: str,
    body: str,
    message_id: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    reply_to: Sequence[Address] = (),
) -> EmailMessage:
    """A message of text, with `html` (sanitised) as its other form. `message_id` stays the same over retries, so mail
    systems can drop a second copy.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = tuple(to)
    if cc:
        message["Cc"] = tuple(cc)
    if reply_to:
        message["Reply-To"] = tuple(reply_to)
    message["Subject"] = one_line(subject)
    message["Date"] = localtime()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.replace("\x00", ""))
    if html:
        message.add_alternative(html.replace("\x00", ""), subtype="html")
    for one in attachments:
        main, _, sub = one.media_type.partition("/")
        message.add_attachment(
            one.content,
            maintype=main,
            subtype=sub,
            filename=one_line(one.file),
            params={"charset": "utf-8"} if main == "text" else None,
        )
    return message


async def _announce(
    client: aiosmtplib.SMTP, server: MailServer, sender: str, recipients: Sequence[str], size_bytes: int
) -> None:
    """All that comes before the text."""
    await client.connect()
    if server.user:
        await client.login(server.user, server.password)
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()
    takes = client.esmtp_extensions.get("size", "").strip()
    where = f"{server.host}:{server.port}"
    if takes.isdigit() and 0 < int(takes) < size_bytes:
        raise too_large(where, size_bytes, f"SIZE {takes}")
    options = []
    if not all(address.isascii() for address in (sender, *recipients)):
        if not client.supports_extension("smtputf8"):
            raise ActionFailed(
                f"The mail server {where} does not take addresses beyond a-z.",
                code="plain-addresses-only",
                args={"server": where},
            )
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    encoding = "utf-8" if options else "ascii"
    await client.mail(sender, options=options, encoding=encoding)
    for recipient in recipients:
        await client.rcpt(recipient, encoding=encoding)


async def send(
    server: MailServer,
    message: EmailMessage,
    sender: str,
    recipients: Sequence[str],
    *,
    timeout_s: float = TIMEOUT_S,
    whole_s: float | None = None,
) -> str:
    """Hands the message over; gives the server's last words. ActionFailed with them where it refuses.

    `whole_s`: for all of it, half of which at least is left for what the server says to the text.
    """
    if whole_s is not None:
        timeout_s = whole_s / 2
    until = None if whole_s is None else asyncio.get_running_loop().time() + whole_s
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        timeout=timeout_s,
    )
    where = f"{server.host}:{server.port}"
    content = message.as_bytes()
    try:
        async with asyncio.timeout(timeout_s):
            await _announce(client, server, sender, recipients, len(content))
    except ActionFailed:
        await _leave(client)
        raise
    except aiosmtplib.SMTPResponseException as error:
        await _leave(client)
        if not _refuses(error):
            raise _silent(where, f"{error.code} {error.message}") from error
        raise _refused(where, error, len(content)) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        client.close()
        raise _silent(where, words_of(error)) from error
    except BaseException:
        client.close()
        raise
    try:
        async with asyncio.timeout_at(until):
            answer = await client.data(content, timeout=None if until is not None else timeout_s)
    except aiosmtplib.SMTPResponseException as error:
        await _leave(client)
        if not _refuses(error):
            words = f"The mail server {where} did not say whether it took the message: it may have been sent."
            raise ActionFailed(words, f"{error.code} {error.message}", code="outcome-unknown") from error
        raise _refused(where, error, len(content)) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        client.close()
        raise ActionFailed(
            f"The mail server {where} went silent after it was given the message: it may have been sent.",
            words_of(error),
            code="outcome-unknown",
            away="silent",
        ) from error
    except BaseException:
        client.close()
        raise
    await _leave(client)
    return f"{answer.code} {answer.message}"


def _refuses(error: aiosmtplib.SMTPResponseException) -> bool:
    """Whether it is an answer that says no, and not one that nobody understands."""
    return 400 <= error.code < 600


def _silent(where: str, words: str) -> ActionFailed:
    return ActionFailed(
        f"The mail server {where} does not answer.",
        words,
        retry=True,
        code="mail-silent",
        args={"server": where},
        away="silent",
    )


def too_large(where: str, size_bytes: int, words: str) -> ActionFailed:
    """The server takes no message of this size: attach less, or send a link."""
    size = f"{size_bytes / 1e6:.1f}"
    return ActionFailed(
        f"The message has {size} MB, more than the mail server {where} takes. Attach smaller reports.",
        words,
        code="mail-too-large",
        args={"server": where, "size": float(size)},
    )


def _refused(where: str, error: aiosmtplib.SMTPResponseException, size_bytes: int) -> ActionFailed:
    words = f"{error.code} {error.message}"
    if error.code in _TOO_LARGE and ("size" in error.message.lower() or "large" in error.message.lower()):
        return too_large(where, size_bytes, words)
    if 400 <= error.code < 500:
        return ActionFailed(
            f"The mail server {where} refused for now.",
            words,
            retry=True,
            code="mail-busy",
            args={"server": where},
            away="refused" if error.code == 421 else "",
        )
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return ActionFailed(
            f"The mail server {where} did not accept the user name and password.",
            words,
            code="mail-sign-in",
            args={"server": where},
        )
    return ActionFailed(
        f"The mail server {where} refused the message.", words, code="mail-refused", args={"server": where}
    )


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Says goodbye where there is still somebody to hear it."""
    try:
        if client.is_connected:
            await client.quit(timeout=2)
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        pass
    finally:
        client.close()
