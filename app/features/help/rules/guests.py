"""Somebody without an account asks by the public form: officers let it in, and a link shows how it goes.

The link is one secret that can be opened or typed; only its fingerprint is kept. Looking changes nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts.rules.codes import LETTERS, plain
from app.features.community import rules as community
from app.features.help.rules.asking import Asking, as_kept, must_fit
from app.features.help.rules.reach import Link, held_for, move, need_of, path_of
from app.features.help.rules.ringing import ring
from app.features.help.rules.stages import Act
from app.features.help.tables import Did, Guest, Stage
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit import audit, limits
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.words import say

LENGTH = 17  # 84 bits
BY_PHONE = Limit("need by link", 3, timedelta(days=1))
FROM_HERE = Limit("needs from here", 30, timedelta(hours=1))
OPENED = Limit("need link", 60, timedelta(hours=1))
GONE = say("We know no such code. Type it as it was shown, or ask anew.")


class Who(Struct, frozen=True):
    """A guest, for whoever takes it and for officers only."""

    name: str
    phone: str
    door: str
    agrees: bool = False


class Known(Struct):
    need: int
    name: str
    phone: str
    door: str


_by_fingerprint = prepared_sql("SELECT need, name, phone, door FROM need_guests WHERE fingerprint = {}", Known)
_of_need = prepared_sql("SELECT need, name, phone, door FROM need_guests WHERE need = {}", Known)


async def ask_by_link(asking: Asking, who: Who, *, area: int | None, network: str, language: str, now: datetime) -> str:
    """Gives back the secret of the link. Counted by the form with network and phone, since there is no account."""
    if not who.agrees:
        raise Refusal(say("Without this we may not keep anything about you."), beside="agrees")
    must_fit(asking, now)
    if asking.urgency not in (Urgency.everyday, Urgency.soon):
        raise Refusal(say("Please choose one of these."), beside="urgency")
    if area is not None and area not in {each.id for each in await community.top_areas()}:
        raise Refusal(say("Please choose one of these."), beside="area")
    for limit, key in ((BY_PHONE, BY_PHONE.key(network, who.phone)), (FROM_HERE, FROM_HERE.key(network, "form"))):
        if await limits.count(limit, key, now) > limit.times:
            raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=limit.wait(now))
    secret = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    async with writing():
        need = as_kept(asking, language, now)
        need.stage, need.area = Stage.asked, area
        await need.save()
        guest = Guest(need=need.id, name=who.name, phone=who.phone, door=who.door, fingerprint=fingerprint(secret))
        await Guest.insert(guest)
        await move(await need_of(need.id), Did.asked, by=None, now=now)
        await _tell_officers(need.id, area, now)
    return secret


async def _tell_officers(need_id: int, area: int | None, now: datetime) -> None:
    stewards = await people.stewards_around(area) if area is not None else []
    officers = [*await people.officers(Kind.coordinator), *await people.officers(Kind.administrator), *stewards]
    told = say("Somebody without an account asks for help. Please look at it first.")
    await notices.tell_all(
        officers, told, path=path_of(need_id), now=now, topic="needs", urgency=Urgency.soon, key=f"need:{need_id}:guest"
    )


async def link(code: str, *, network: str = "", now: datetime) -> Link:
    """Whose link it is. Raises Missing; whoever tries out codes soon waits."""
    known = await _by_fingerprint.first(fingerprint(plain(code)[:LENGTH])) if len(plain(code)) == LENGTH else None
    if known is None:
        key = OPENED.key(network, "link")
        if await limits.count(OPENED, key, now) > OPENED.times:
            raise TooOften(say("Too many tries. Please wait an hour."), wait=OPENED.wait(now))
        raise Missing(GONE)
    return Link(need=known.need, name=known.name)


async def guest_of(need_id: int) -> Known | None:
    return await _of_need.first(need_id)


async def admit(need_id: int, *, by: Neighbour, now: datetime) -> None:
    """An officer has looked at it: from now on it stands on the board, and the fitting neighbours are rung."""
    async with writing():
        held = await held_for(Act.admit, need_id, by=by, now=now)
        changes: dict[str, Any] = {"stage": Stage.open, "acted_by": by.id, "fresh_at": now}
        await notices.withdraw(f"need:{need_id}:guest")
        await move(held.need, Did.admitted, by=by.id, now=now, **changes)
        await audit.note("need let in", who=by.id, about=f"need:{need_id}", now=now)
        await ring(await need_of(need_id), now=now)


async def turn_away(need_id: int, reason: str, *, by: Neighbour, now: datetime) -> None:
    """The guest reads the reason behind the link."""
    async with writing():
        held = await held_for(Act.refuse, need_id, by=by, now=now)
        await notices.withdraw(f"need:{need_id}:guest")
        over: dict[str, Any] = {"stage": Stage.refused, "settled_at": now}
        await move(held.need, Did.refused, by=by.id, now=now, words=reason, **over)
        await audit.note("need turned away", who=by.id, about=f"need:{need_id}", now=now)


def fingerprint(secret: str) -> str:
    """84 random bits need no salt and no key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def grouped(secret: str) -> str:
    """To be read out and typed."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
