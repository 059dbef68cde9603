"""The code of a handover: one side shows it for a minute, the other types or scans it, and it is spent.

The database keeps its fingerprint alone. Whoever shows it sees it again, because it is reckoned anew from the house's
secret and the moment in which it ends.
"""

import hashlib
import hmac
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.config import settings
from app.db import held, prepared_sql, writing
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.handing import change_hands, to_hand_over
from app.features.sharing.rules.lent import loan_for, side_of
from app.features.sharing.rules.stages import Lent, Side
from app.features.sharing.tables import HandoverCode
from app.features.skills.rules.standing import only_active
from app.kit.refusals import NotYours, Refusal
from app.kit.secret import secret
from app.kit.words import say

LIVES = timedelta(seconds=60)
TRIES = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Shown(Struct):
    """A code while it lives, for whoever shows it."""

    code: str
    until_at: datetime


class _Kept(Struct):
    shown_by: int
    code: str
    until_at: datetime
    wrong: int


_kept = prepared_sql("SELECT shown_by, code, until_at, wrong FROM handover_codes WHERE loan = {}", _Kept)


async def show_code(loan_id: int, *, by: Neighbour, now: datetime) -> None:
    """For a minute, in the place of any that was shown before."""
    only_active(by, now)
    async with writing():
        found, _ = await to_hand_over(loan_id, by=by, now=now)
        until = now + LIVES
        row = HandoverCode(loan=found.id, shown_by=by.id, code=_fingerprint(found.id, _code(found.id, by.id, until)))
        row.until_at, row.wrong = until, 0
        await HandoverCode.delete().where(HandoverCode.loan == found.id)
        await HandoverCode.insert(row)


async def shown_code(loan_id: int, *, by: Neighbour, now: datetime) -> Shown | None:
    """To whoever shows it, and to nobody else."""
    kept = await _kept.first(loan_id)
    if kept is None or kept.shown_by != by.id or not _lives(kept, now):
        return None
    return Shown(_code(loan_id, by.id, kept.until_at), kept.until_at)


async def type_code(loan_id: int, code: str, *, by: Neighbour, now: datetime) -> None:
    """With what the other side shows it has changed hands. A try is counted before it is looked at."""
    only_active(by, now)
    digits = "".join(each for each in unicodedata.normalize("NFKC", code) if each.isdigit())
    await _count_try(loan_id, by)
    async with writing():
        found, side = await to_hand_over(loan_id, by=by, now=now)
        kept = await _held(found.id)
        if kept is None or now >= kept.until_at:
            raise Refusal(say("There is no code now: it lives for a minute. Let them show a new one."), beside="code")
        await _must_be_the_others(found, kept, side)
        if kept.wrong > TRIES:
            raise Refusal(say("That was wrong too often. Let them show a new one."), beside="code")
        if not hmac.compare_digest(kept.code, _fingerprint(found.id, digits)):
            raise Refusal(say("That is not the code. Please look again."), beside="code")
        await HandoverCode.delete().where(HandoverCode.loan == found.id)
        await change_hands(found, side=side, by=by, now=now)


async def _count_try(loan_id: int, by: Neighbour) -> None:
    """Of the two sides alone: nobody else spoils a code."""
    found, side = await loan_for(loan_id, by=by)
    kept = await _kept.first(loan_id)
    if kept is not None:
        await _must_be_the_others(found, kept, side)
        more: dict[Any, Any] = {HandoverCode.wrong: HandoverCode.wrong + 1}
        async with writing(deed=False):
            await HandoverCode.update(more).where(HandoverCode.loan == loan_id)


async def _held(loan_id: int) -> _Kept | None:
    await held(HandoverCode.select(HandoverCode.id).where(HandoverCode.loan == loan_id))
    return await _kept.first(loan_id)


async def _must_be_the_others(found: Lent, kept: _Kept, side: Side) -> None:
    if await side_of(found, await people.neighbour(kept.shown_by)) == side:
        raise NotYours(say("Your side shows this code. The other side types it."))


def _lives(kept: _Kept, now: datetime) -> bool:
    return now < kept.until_at and kept.wrong < TRIES


def _code(loan_id: int, shown_by: int, until: datetime) -> str:
    """Six digits that nobody can tell who does not know the secret."""
    ends = (until - EPOCH) // timedelta(microseconds=1)
    number = int.from_bytes(_keyed(f"code of a handover\n{loan_id}\n{shown_by}\n{ends}").digest()[:8])
    return f"{number % 10**6:06}"


def _fingerprint(loan_id: int, code: str) -> str:
    return _keyed(f"fingerprint of a handover\n{loan_id}\n{code}").hexdigest()


def _keyed(words: str) -> Any:
    return hmac.new(secret(settings().secret_file), words.encode(), hashlib.sha256)
