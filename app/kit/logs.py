"""Structured logs: one line an event, as text for people or JSON for machines, without personal data."""

import logging
import sys
from traceback import format_tb
from typing import Any

import structlog


def write_logs(style: str) -> None:
    """`style` is "text" or "json". Our own events and those of libraries leave by one door, standard error. Ours go
    straight to it: one for each request, by way of the library's machinery they cost twice as much.
    """
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, stamp]
    renderer = structlog.processors.JSONRenderer() if style == "json" else as_text
    structlog.configure(
        processors=[*shared, told_by_place, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    own = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[own, told_by_place, renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "asyncio", "PIL", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it quotes addresses, which hold keys


def as_text(_: Any, __: str, event: structlog.typing.EventDict) -> str:
    """When, how grave, what, then all else by name: structlog's own way costs ten times as much."""
    head = f"{event.pop('timestamp')} [{event.pop('level'):<8}] {event.pop('event')}"
    broken = event.pop("exception", "")
    line = " ".join([head, *(f"{name}={_plain(value)}" for name, value in event.items())])
    return f"{line}\n{broken}" if broken else line


def _plain(value: Any) -> str:
    """Nobody's words begin a line of their own."""
    word = str(value)
    return word if word.isprintable() and " " not in word else repr(word)


def told_by_place(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What broke and where. Not its message: a database quotes the row, a parser the words that somebody typed."""
    told = event.pop("exc_info", None)
    broken = told[1] if isinstance(told, tuple) else told if isinstance(told, BaseException) else sys.exc_info()[1]
    return {**event, "exception": _chain(broken)} if told and broken else event


def _chain(broken: BaseException) -> str:
    before = broken.__cause__ or (None if broken.__suppress_context__ else broken.__context__)
    within = broken.exceptions if isinstance(broken, BaseExceptionGroup) else ()
    told = [_chain(each) for each in (before, *within) if each]
    return "\n\n".join([*told, "".join(format_tb(broken.__traceback__)) + type(broken).__qualname__])
