"""The log says what broke and where, and nothing that somebody typed."""

import logging
from io import StringIO

import pytest
import structlog

from app.kit.logs import write_logs

PHONE = "138 0013 8000"


@pytest.fixture(params=["text", "json"])
def written(request, monkeypatch):
    """The log as `kith serve` writes it; pytest gets its own back."""
    root, kept, lines = logging.getLogger(), structlog.get_config(), StringIO()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", lines)
    write_logs(request.param)
    yield lines
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**kept)


def break_it(typed):
    try:
        int(typed)
    except ValueError as broken:
        raise RuntimeError(f"Key (phone)=({typed}) already exists") from broken


def test_what_broke_is_told_by_its_place_and_not_by_its_words(written):
    try:
        break_it(PHONE)
    except RuntimeError as broken:
        logging.getLogger("kith").error("broken %s", "1a2b", exc_info=broken)
        structlog.get_logger("kith.request").error("broken too", exc_info=True)
    told = written.getvalue()

    assert PHONE not in told
    assert "1a2b" in told and "ValueError" in told and "in break_it" in told
    assert told.count("RuntimeError") >= 2
