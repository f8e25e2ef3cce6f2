"""Logs: one line per event on stderr, with every token masked before it is written."""

from __future__ import annotations

import logging
import logging.config
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from sharing.net.redact import redact

LEVELS = ("debug", "info", "warning", "error")


def configure(level: str) -> None:
    """Send the logs of structlog and the standard library to one masked stream. Safe to call again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper() if level in LEVELS else "INFO")
    for noisy in ("urllib3", "requests_oauthlib", "oauthlib", "amqp", "kombu", "mail.log", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING")


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: redact(value) if isinstance(value, str) else value for name, value in event.items()}


class _Stderr:
    """The stream that is `sys.stderr` at the moment of writing, because tests and supervisors replace it."""

    def write(self, text: str) -> int:
        return self._stream().write(text)

    def flush(self) -> None:
        self._stream().flush()

    @staticmethod
    def _stream() -> TextIO:
        return sys.stderr
