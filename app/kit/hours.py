"""Hours as people type them."""

import re

from app.kit.refusals import Refusal
from app.kit.words import say

HOUR = re.compile(r"([01]?[0-9]|2[0-4])[:：.]?([0-5][0-9])?")


def minute_of(typed: str, *, beside: str, ends: bool = False) -> int:
    """ "14:30", "1430" and "14" as minutes of the day; at the end of something, midnight is 24:00. Raises Refusal."""
    found = HOUR.fullmatch(typed.strip())
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if found is None or minute > 24 * 60:
        raise Refusal(say("A time like 14:30, please."), beside=beside)
    return 24 * 60 if ends and minute == 0 else minute


def hour_typed(minute: int) -> str:
    """As a time field shows it; the end of the day is 00:00."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
