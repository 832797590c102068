"""Logs are for operators: one line per thing worth knowing, in words on a terminal, as JSON elsewhere.

    log = get_logger(__name__)
    log.warning("run quarantined", run_id=7, deaths=3)

Every line, ours and the libraries', goes through one redaction. Must not know rules, runs or HTTP.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog
from structlog.typing import Processor

HIDDEN: Final = "***"

_SECRET_NAME = re.compile(r"(^|[_\-. ])(password|passwd|secret|token|authorization|cookie|csrf|key)s?$", re.I)
_HARMLESS_NAMES = frozenset({"record_key", "idempotency_key", "wake_key"})
_URL_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.\-]*://[^\s:/@]*:)[^\s/@]+@", re.I)
_BEARER = re.compile(r"(?P<head>\bBearer\s+)\S+", re.I)
_OUR_KEY = re.compile(r"\bry_[A-Za-z0-9]+_[A-Za-z0-9_\-]+")


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry `name` without the package."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name.removeprefix("ruleyard."))
    return logger


def configure_logs(level: str, *, stream: TextIO = sys.stderr, words: bool | None = None) -> None:
    """Send all logging of this process to `stream`. `words`: human lines; default: when it is a terminal."""
    in_words = stream.isatty() if words is None else words
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if in_words else "iso", utc=not in_words),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor] = (
        [redact, _on_a_terminal(stream)]
        if in_words
        else [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer(default=str)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "asyncio", "mail.log"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def _on_a_terminal(stream: TextIO) -> Processor:
    """Plain tracebacks: the pretty ones print local variables, secrets among them."""
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The one place where secrets are kept out of the logs: by name, and by shape inside texts."""
    return {name: redacted(value, name) for name, value in line.items()}


def redacted(value: Any, name: str = "") -> Any:
    """`value` without what looks secret, at any depth."""
    if name not in _HARMLESS_NAMES and _SECRET_NAME.search(name) and value not in (None, ""):
        return HIDDEN
    if isinstance(value, str):
        value = _URL_PASSWORD.sub(rf"\g<head>{HIDDEN}@", value)
        return _OUR_KEY.sub(f"ry_{HIDDEN}", _BEARER.sub(rf"\g<head>{HIDDEN}", value))
    if isinstance(value, Mapping):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value
