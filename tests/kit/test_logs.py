"""The log says what broke and where, and nothing that somebody typed."""

import json
import logging

import pytest
import structlog

from app.kit.logs import write_logs

PHONE = "13800138000"


@pytest.fixture(params=["text", "json"])
def style(request, capsys):
    """The logs as `kith serve` writes them, and afterwards those of pytest again."""
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    write_logs(request.param)
    yield request.param
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**kept)


def break_it(typed):
    try:
        int(typed)
    except ValueError as broken:
        raise RuntimeError(f"Key (phone)=({typed}) already exists") from broken


def test_what_broke_is_told_by_its_place_and_not_by_its_words(style, capsys):
    try:
        break_it(PHONE)
    except RuntimeError as broken:
        logging.getLogger("kith").error("broken %s", "1a2b", exc_info=broken)
        structlog.get_logger("kith.request").error("broken too", exc_info=True)
    written = capsys.readouterr().err

    assert PHONE not in written
    assert written.count("RuntimeError") >= 2 and "ValueError" in written and "in break_it" in written
    assert "1a2b" in written
    if style == "json":
        assert [json.loads(line)["level"] for line in written.splitlines()] == ["error", "error"]
