"""Own words of the many: who says in the same moment that they are safe, or away, is written down with the others.

Ten thousand say it within a minute, and a transaction for each of them costs the house more than anything else. What
is more than that word (a cry for help, or the end of one; a knock to call off) is left to be said by itself.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.db import DB, Gathering, first_in_transaction, writing
from app.features.alerts.rules.called import Called, Word, held_of, may_count, say_themselves
from app.features.alerts.rules.knocking import may_be_out
from app.features.alerts.rules.telling import thread_of
from app.features.alerts.rules.words import channel_of
from app.features.alerts.tables import Answer
from app.features.notices import rules as notices
from app.kit import changes
from app.kit.claims import Claim, claim_all, claim_here

log = logging.getLogger(__name__)


class OwnWord(NamedTuple):
    """`claim` is that of its form, to be kept with it or not at all."""

    alert: int
    person: int
    answer: Answer
    now: datetime
    claim: Claim | None


async def own_word(alert: int, person: int, answer: Answer, *, now: datetime) -> bool:
    """False: nothing was written. It is to be said by itself, and where it cannot be said one hears why there."""
    claim = claim_here()
    if DB.transaction_exists() or not await _gathered.bring(OwnWord(alert, person, answer, now, claim)):
        return False
    if claim is not None:
        first_in_transaction.set(None)
    return True


async def _write(words: list[OwnWord]) -> list[bool]:
    by_alert = defaultdict[int, list[OwnWord]](list)
    for word in words:
        by_alert[word.alert].append(word)
    written: set[int] = set()
    for alert, some in by_alert.items():
        try:
            written |= await _write_down(alert, some)
        except Exception:  # of one of them, most likely: each hears of their own
            log.warning("answers are said one by one", exc_info=True)
    return [id(word) in written for word in words]


async def _write_down(alert: int, words: Sequence[OwnWord]) -> set[int]:
    """Claims, then recipients, then people (whom an answer points at), then notices: so goes whoever answers alone."""
    one_each = {word.person: word for word in reversed(words)}
    now = max(word.now for word in words)
    claims = [word.claim for word in one_each.values() if word.claim is not None]
    async with writing(deed=False):
        await claim_all(claims, now)
        ours = {word.person: word for word in one_each.values() if word.claim is None or word.claim.made}
        called = {each.person: each for each in await held_of(alert, ours) if _is_bare(each, ours[each.person], now)}
        for word in ours.values():
            if word.claim is not None and word.person not in called:
                await word.claim.undone()
        await say_themselves([(called[person], ours[person].answer) for person in sorted(called)], now)
        await notices.read_thread(thread_of(alert), called, by=called, but="", now=now)
        channels = [channel_of(each.area) for each in called.values()]
        await changes.announce(*channels, *(f"person:{person}" for person in called))
    return {id(ours[person]) for person in called}


def _is_bare(called: Called, word: OwnWord, now: datetime) -> bool:
    """Nothing has to be looked for beside the answer itself: no need that it ends, no knock."""
    asked = called.roll_call and called.sent_at <= now and not called.is_over(now)
    fits = asked and not may_be_out(called.sent_at, called.steps, now)
    return fits and called.answer != Answer.help and may_count(called, Word(word.answer, word.person, now), now)


_gathered = Gathering(_write)
