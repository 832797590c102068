"""Why an outside system did not let us in or did not answer, and what to look at: a code, what it names, and words.

For connections that are tried or listened to. How a step of a run fails is told by its action itself.
"""

from __future__ import annotations

from typing import Final

import aiosmtplib
import asyncpg

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import NoAnswer
from ruleyard.core.errors import RuleyardError
from ruleyard.core.trouble import Trouble
from ruleyard.core.types import JSONObject

_SAID: Final = 300
"""Characters of the other side's words."""


def place_of(kind: str, public: JSONObject) -> str:
    """What the settings of a connection lead to, as people call it."""
    if kind == "http":
        return str(public.get("base_url") or "")
    if kind == "sms":
        return str(public.get("provider") or "")
    return f"{public.get('host')}:{public.get('port') or (5432 if kind == 'postgres' else 25)}"


def trouble_of(error: BaseException, where: str) -> Trouble:
    """Of whatever a client of PostgreSQL, mail or the web raises, and of our own errors."""
    at: JSONObject = {"where": where}
    match error:
        case ActionFailed(code="mail-silent", __cause__=aiosmtplib.SMTPConnectError() as unreached):
            return trouble_of(unreached, str(error.named.get("server") or where))
        case ActionFailed():
            return Trouble(error.code, error.message, error.detail[:_SAID], error.named)
        case NoAnswer() if not isinstance(error.__cause__, TimeoutError):
            return Trouble("reach-away", f"{where} cannot be reached.", error.message, at)
        case TimeoutError() | NoAnswer():
            words = f"No answer in time from {where}. Check host, port and firewall."
            return Trouble("reach-timeout", words, args=at)
        case RuleyardError():
            return Trouble(error.code, error.message)
        case asyncpg.InvalidPasswordError():
            return Trouble("reach-password", f"The user or the password was refused by {where}.", args=at)
        case asyncpg.InvalidAuthorizationSpecificationError():
            return Trouble("reach-user", f"This user is not let in by {where}.", _said(error), at)
        case asyncpg.InvalidCatalogNameError():
            return Trouble("reach-database", f"There is no such database at {where}.", _said(error), at)
        case asyncpg.InsufficientPrivilegeError():
            return Trouble("reach-rights", f"This user may not do that at {where}.", _said(error), at)
        case asyncpg.ClientConfigurationError():
            return Trouble("reach-unfit", "These settings do not fit together.", _said(error))
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return Trouble("reach-refused", f"{where} answered with an error.", _said(error), at)
        case aiosmtplib.SMTPAuthenticationError():
            words = f"The user or the password was refused by {where}."
            return Trouble("reach-password", words, _plain(error.message), at)
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPTimeoutError():
            words = f"The mail server {where} cannot be reached. Check host, port and security."
            return Trouble("reach-mail", words, args=at)
        case aiosmtplib.SMTPException():
            return Trouble("reach-refused", f"{where} answered with an error.", _said(error), at)
        case OSError():
            return _of_the_network(where, error)
        case ValueError() | TypeError():
            return Trouble("reach-unfit", "These settings do not fit together.", _said(error))
        case _:
            return Trouble("reach-away", f"{where} cannot be reached.", _said(error), at)


def _of_the_network(where: str, error: OSError) -> Trouble:
    words = str(error)
    if "Connect call failed" in words or "refused" in words.lower():
        told = f"Nothing listens at {where}. Check host and port, and that the server runs."
        return Trouble("reach-nothing", told, args={"where": where})
    if any(sign in words for sign in ("Name or service not known", "nodename", "resolution", "getaddrinfo")):
        host = where.rsplit(":", 1)[0]
        return Trouble(
            "reach-host", f"There is no host named {host!r}. Check the spelling.", args={"host": host}
        )
    return Trouble("reach-away", f"{where} cannot be reached.", _said(error), {"where": where})


def _said(error: BaseException) -> str:
    return _plain(str(error)) or f"{type(error).__name__}."


def _plain(words: str) -> str:
    """The first line, which says what is wrong, as a sentence."""
    first = (words.splitlines() or [""])[0].rstrip(". ")[:_SAID]
    return f"{first}." if first else ""
