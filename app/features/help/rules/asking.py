"""Asking for help: for oneself, one's household, or somebody one may act for. The same again is joined, not doubled."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.db import DB, Clash, prepared_sql, writing
from app.features.help.rules.kinds import ASKED_FOR, CARE
from app.features.help.rules.reach import askers, call_key, move, name_of, need_of, path_of, subject, tell, took_of
from app.features.help.rules.ringing import ring
from app.features.help.tables import Among, Did, Need, Stage, Voice, What, Word
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit import limits
from app.kit.languages import SOURCE, of_text
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.words import Sentence, say

ASKS = Limit("needs", 15, timedelta(days=1))
FURTHEST = timedelta(days=60)
MOST_CENTS = 100_000_00


class Twin(StrEnum):
    """What to do when the household needs something of that kind already: say so, join it, or it is another."""

    tell = "tell"
    same = "same"
    another = "another"


class Asking(Struct, frozen=True):
    """What is needed. `details` are for whoever takes it; `sum_cents` may be spent, agreed by taking it."""

    kind: What
    words: str
    details: str = ""
    whole_household: bool = False
    until_at: datetime | None = None
    urgency: Urgency = Urgency.everyday
    helpers: int = 1
    sum_cents: int | None = None
    twin: Twin = Twin.same


class FromAbove(Struct, frozen=True):
    """What something above us says of a need that it asks for: see `Need`. `whom` alone are rung, if there are any."""

    origin: str = ""
    among: Among = Among.everybody
    sentence: Sentence | None = None
    whom: Collection[int] = ()


NOTHING_ABOVE = FromAbove()


class AskedAlready(Taken):
    """Somebody of the household asked for the same, and it still waits."""

    def __init__(self, need: int) -> None:
        super().__init__(
            say("Your household has asked for this already. Is it the same?"), way=(path_of(need), say("Look at it"))
        )
        self.need = need


async def ask_for_help(asking: Asking, *, for_whom: int | None = None, by: Neighbour, now: datetime) -> int:
    """From the form: whoever asks may act for whom they ask. The need it gives back may have stood already."""
    only_active(by, now)
    person = for_whom or by.id
    if not await people.may_act_for(by, person):
        raise Missing
    whom = await people.neighbour(person)
    if not whom.is_active:
        raise Refusal(say("They are not an active neighbour."), beside="for_whom")
    if whom.is_child(now.date()):
        raise Refusal(say("Ask in your own name: a child's door and phone are shown to nobody."), beside="for_whom")
    must_fit(asking, now)
    if asking.urgency == Urgency.critical:
        raise Refusal(say("Please choose one of these."), beside="urgency")
    await _count(by, now)
    return await ask(asking, person=person, acted_by=by.id, language=by.language, now=now)


def must_fit(asking: Asking, now: datetime) -> None:
    if asking.kind not in ASKED_FOR:
        raise Refusal(say("Please choose one of these."), beside="kind")
    if asking.until_at is not None and not now < asking.until_at <= now + FURTHEST:
        raise Refusal(say("A day from today on, within two months, please."), beside="until_on")
    if asking.helpers not in (1, 2):
        raise Refusal(say("One helper, or two together."), beside="helpers")
    if asking.sum_cents is not None and not 0 < asking.sum_cents <= MOST_CENTS:
        raise Refusal(say("A sum that somebody can carry, please."), beside="sum")


async def _count(by: Neighbour, now: datetime) -> None:
    key = ASKS.key(by.id)
    if await limits.count(ASKS, key, now) > ASKS.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=ASKS.wait(now))


async def ask(
    asking: Asking,
    *,
    person: int,
    acted_by: int | None,
    now: datetime,
    place: int | None = None,
    language: str = "",
    above: FromAbove = NOTHING_ABOVE,
) -> int:
    """For whoever has made sure that it may be asked: the form, or an alert. `place` is an area, mostly the home's.

    Nobody is asked whether an alert's need is another one: what the household needs of that kind is joined. What is
    critical never becomes a line under something that has time. Within somebody else's transaction a clash undoes all
    of it, so it is theirs to begin anew.
    """
    inside = DB.transaction_exists()
    home = next(iter(await people.stays_of(person)), None)
    area = place or ((await people.household(home.household)).area if home else None)
    household = home.household if home else None
    turn = await next_turn(household, asking.kind, above.origin) if asking.twin == Twin.another else 0
    try:
        async with writing():
            need = as_kept(asking, language, now)
            need.person, need.acted_by, need.household, need.area, need.turn = person, acted_by, household, area, turn
            need.origin, need.among = above.origin, above.among
            if above.sentence is not None:
                need.sentence = above.sentence.as_json()
            return await made(need, by=acted_by, now=now, whom=above.whom)
    except Clash:
        if inside:
            raise
        first = await _first_of(household, asking)
        if first is None and asking.urgency == Urgency.critical and asking.twin != Twin.another:
            own = replace(asking, twin=Twin.another)
            same: dict[str, Any] = {"place": place, "language": language, "above": above}
            return await ask(own, person=person, acted_by=acted_by, now=now, **same)
        if first is None:
            raise
        if asking.twin == Twin.tell:
            raise AskedAlready(first) from None
        return await join(first, asking.words, person=acted_by or person, language=language, now=now)


def as_kept(asking: Asking, language: str, now: datetime) -> Need:
    return Need(
        kind=asking.kind,
        words=asking.words,
        lang=of_text(asking.words, language or SOURCE),
        details=asking.details,
        whole_household=asking.whole_household,
        until_at=asking.until_at,
        urgency=asking.urgency,
        helpers=2 if CARE[asking.kind].pair else asking.helpers,
        sum_cents=asking.sum_cents,
        stage=Stage.open,
        asked_at=now,
        stage_at=now,
        fresh_at=now,
    )


async def made(kept: Need, *, by: int | None, now: datetime, whom: Collection[int] = ()) -> int:
    """Written, told to whom it was asked for, and the fitting neighbours rung. Within the caller's transaction."""
    await kept.save()
    need = await need_of(kept.id)
    step = await move(need, Did.asked, by=by, now=now)
    if need.person != by:
        for_you = say("%(name)s asked for help on your behalf: %(what)s", name=await name_of(by), what=subject(need))
        await tell(need, [need.person], for_you, step=step, by=by, now=now)
    await ring(need, now=now, whom=whom)
    return int(kept.id)


async def join(need_id: int, words: str, *, person: int, language: str = "", now: datetime) -> int:
    """Somebody of the household asks for the same: their words stand with it, and they hear what becomes of it."""
    async with writing():
        need, took = await need_of(need_id), await took_of(need_id)
        others = [*await askers(need), *(each.helper for each in took if each.stands)]
        once = Voice.insert(Voice(need=need_id, person=person, at=now))
        await once.on_conflict(target=(Voice.need, Voice.person), action="DO NOTHING")
        said = Word(need=need_id, person=person, words=words[:400], at=now, private=need.stage != Stage.open)
        said.lang = of_text(words, language or SOURCE)
        await said.save()
        step = await move(need, Did.joined, by=person, now=now)
        told = say("%(name)s asks for the same: %(what)s", name=await name_of(person), what=subject(need))
        await tell(need, others, told, step=step, by=person, now=now)
        await notices.withdraw(call_key(need), person_id=person)
    return need_id


class _Turn(Struct):
    id: int
    turn: int
    urgency: str


_turns = prepared_sql(
    "SELECT id, turn, urgency FROM needs WHERE household = {} AND kind = {} AND origin = {} "
    "AND stage IN ('open', 'taken', 'way') ORDER BY turn",
    _Turn,
)


async def _first_of(household: int | None, asking: Asking) -> int | None:
    found = await _turns(household or 0, str(asking.kind), "")
    fits = [row.id for row in found if asking.urgency != Urgency.critical or row.urgency == Urgency.critical]
    return fits[0] if fits else None


async def next_turn(household: int | None, kind: What, origin: str = "") -> int:
    """The lowest that is free; whoever is faster with it is joined."""
    used = {row.turn for row in await _turns(household or 0, str(kind), origin)}
    return next(turn for turn in range(len(used) + 1) if turn not in used)
