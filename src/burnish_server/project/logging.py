"""One line an event, as JSON or for a console; third-party loggers take the same road.

Lines carry ids, names, counts and durations. Query strings, bodies and secrets are never logged.
"""

import logging.config
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "api_key", "database_url")
HIDDEN = "[hidden]"


def hide_secrets(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace values whose name says that they are secret."""
    for name in line:
        if any(word in name.lower() for word in SECRET_WORDS):
            line[name] = HIDDEN
    return line


def _chain() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]


def _renderers(form: str) -> list[Any]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [drop, structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    colors = sys.stderr.isatty()
    return [drop, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]


def logging_config(form: str, level: str) -> dict[str, Any]:
    """Return the standard library's configuration: one handler, to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _renderers(form),
                "foreign_pre_chain": _chain(),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # The request log has a line for every request already.
            "django.request": {"level": "CRITICAL"},
            "_granian": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "procrastinate": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def configure(config: Mapping[str, Any]) -> None:
    """Apply `config` and route structlog through it (Django's `LOGGING_CONFIG`)."""
    logging.config.dictConfig(dict(config))
    structlog.configure(
        processors=[
            # Lines nobody keeps are not worked on.
            structlog.stdlib.filter_by_level,
            *_chain(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
