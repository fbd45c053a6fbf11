"""Structured logs: one line per event, JSON or pretty, without secrets and control characters."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from parvis.foundation.settings import Settings

_SECRET_KEY = re.compile(
    r"password|passwd|secret|token|authorization|cookie|session_key|api_key", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"(?P<before>(?:postgres(?:ql)?|smtps?|smtp\+tls|https?|amqp|nats)://[^\s:/@]+:)[^\s@]+(?=@)"
    r"|(?P<bearer>[Bb]earer\s+)[\w.~+/=-]+"
    r"|(?P<query>[?&](?:token|key|password|code|secret)=)[^\s&\"']+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
HIDDEN = "•••"


def configure(settings: Settings, *, stream: Any = None) -> None:
    """Send every log, ours and the libraries', through the same processors to standard error."""
    is_json = settings.log_format == "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso" if is_json else "%H:%M:%S", utc=is_json),
    ]
    last: Processor = structlog.processors.JSONRenderer() if is_json else _pretty(stream or sys.stderr)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_secrets,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    _quiet_the_talkative()


def _pretty(stream: Any) -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), pad_event_to=28, exception_formatter=structlog.dev.plain_traceback
    )


def _quiet_the_talkative() -> None:
    # They say on every job and every connection what our own logs and metrics say better.
    for name in ("procrastinate", "uvicorn.error", "asyncio", "httpx", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_is_no_refused_handshake)
    # Django's server logger repeats each 4xx; a refused host or a scanner would fill the logs.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)


def _is_no_refused_handshake(record: logging.LogRecord) -> bool:
    """Leave out what uvicorn calls an error whenever a WebSocket is refused with an HTTP answer, as ours are."""
    return record.msg != "ASGI callable returned without completing handshake."


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace secrets and escape control characters in all values, however deep."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and value is not None and not isinstance(value, bool | int | float):
        return HIDDEN
    if isinstance(value, str):
        return _CONTROL.sub(_escaped, _SECRET_TEXT.sub(_without_secret, value))
    if isinstance(value, dict):
        return {inner: _clean(str(inner), content) for inner, content in value.items()}
    if isinstance(value, list | tuple):
        return [_clean("", content) for content in value]
    return value


def _without_secret(match: re.Match[str]) -> str:
    return f"{match['before'] or match['bearer'] or match['query']}{HIDDEN}"


def _escaped(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
