"""Logs: JSON lines with ids, and nothing that names or reaches a person.

What may be logged is a list of keys; anything else is left out. The message of a stranger's error
may repeat a value (a unique violation repeats the e-mail address), so of errors only the type and
the frames are logged.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, Final

import orjson
import structlog
from structlog.typing import EventDict
from typing_extensions import override

KEYS: Final = frozenset(
    {
        "attempt", "attempts", "batch", "bytes", "campaign_id", "causation_id", "consumer_group",
        "correlation_id", "count", "decision_number", "duration_ms", "error", "event", "event_id",
        "event_type", "exception", "feed", "frames", "import_id", "kind", "lead_id", "level",
        "logger", "loop",
        "merge_id", "method", "offer_id", "offset", "parked_id", "partition", "person_id",
        "policy_version", "pool_id", "port", "prospect_id", "reason", "rep_id", "request_id",
        "route", "row", "seconds", "service", "shard", "source_id", "state", "status", "timer",
        "timestamp", "topic", "traceparent", "vendor", "version",
    }
)  # fmt: skip
"""What may stand in a line; `reason` and `error` hold sentences of our own, or a type's name."""
QUIET: Final = {
    "aiokafka": "WARNING",
    "asyncio": "WARNING",
    "kafka": "WARNING",
    "alembic": "WARNING",
    "httpcore": "WARNING",
    "httpx": "WARNING",
}
"""Below this, these print keys and values of messages, and the addresses that are asked."""


def configure_logs(service: str, level: str) -> None:
    """Send everything that is logged in this process through the same gate, to standard output."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _ServiceName(service),
        keep_allowed,
    ]
    number = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_StrangersFormatter(service))
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def keep_allowed(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Leave out what is not on the list, and reduce an error to its type and frames."""
    failure = line.pop("exc_info", None)
    kept = {key: value for key, value in line.items() if key in KEYS}
    if failure:
        kept |= describe(failure)
    return kept


def describe(failure: object) -> dict[str, object]:
    """An error as far as it may be logged."""
    error = failure[1] if isinstance(failure, tuple) else failure
    if not isinstance(error, BaseException):
        error = sys.exc_info()[1]
    if error is None:
        return {}
    return {"exception": type(error).__qualname__, "frames": _frames(error.__traceback__)}


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-12:]]


def _json(value: object, **_: object) -> str:
    return orjson.dumps(value, default=str).decode()


class _ServiceName:
    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _logger: object, _method: str, line: EventDict) -> EventDict:
        line["service"] = self._service
        return line


class _StrangersFormatter(logging.Formatter):
    """Lines of other libraries: their template, never their arguments."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    @override
    def format(self, record: logging.LogRecord) -> str:
        """One JSON line."""
        line: dict[str, object] = {
            "timestamp": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg)[:500] if record.args else _plain(record),
            "service": self._service,
        }
        if record.exc_info:
            line |= describe(record.exc_info)
        return _json(line)


def _plain(record: logging.LogRecord) -> str:
    """A message without arguments may have been formatted already: only its first line is kept."""
    return str(record.msg).splitlines()[0][:200] if str(record.msg) else ""
