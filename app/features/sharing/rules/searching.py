"""Looking for something that nobody has offered: those who may have it are rung, and every neighbour can answer."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.db import writing
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules import drafts
from app.features.sharing.rules.fitting import Fits, is_it_one, who_may_have
from app.features.sharing.rules.guessing import category_of
from app.features.sharing.rules.lent import name_of
from app.features.sharing.rules.reach import tell
from app.features.sharing.rules.search_ticking import wind
from app.features.sharing.rules.searches import OPEN_FOR, Search, call_key, search_of
from app.features.sharing.searches import ItemSearch, Sought
from app.features.sharing.tables import Category
from app.features.skills.rules.reach import shortened
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import the_zone
from app.kit import limits
from app.kit.languages import SOURCE, of_text
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, Several, TooOften
from app.kit.words import say

SEARCHES = Limit("looking for", 3, timedelta(days=1))
FURTHEST = timedelta(days=365)


class Looking(Struct, frozen=True):
    """What is looked for. Without a day, whenever it turns up; with only a first, for that one day."""

    words: str
    details: str = ""
    category: Category | None = None
    first_on: date | None = None
    last_on: date | None = None
    for_whom: int | None = None

    @property
    def kind(self) -> Category:
        return self.category or category_of(f"{self.words} {self.details}")

    @property
    def days(self) -> tuple[date | None, date | None]:
        return self.first_on or self.last_on, self.last_on or self.first_on


async def already_here(looking: Looking, *, by: Neighbour, now: datetime) -> list[Fits]:
    """On the board already, and perhaps what they look for: shown before anybody is rung."""
    reader = await _asker(looking, by, now)
    return await is_it_one(looking.words, category=looking.kind, reader=reader, now=now)


async def look_for(looking: Looking, *, by: Neighbour, now: datetime) -> tuple[int, int]:
    """Every neighbour may read it; those who may have it are rung. Gives back the post, and how many were."""
    only_active(by, now)
    asker = await _asker(looking, by, now)
    first, last = looking.days
    async with writing():
        await _count(by, now)
        made = ItemSearch(
            person=asker,
            acted_by=by.id,
            category=looking.kind,
            words=looking.words,
            details=looking.details,
            lang=of_text(f"{looking.words} {looking.details}", by.language or SOURCE),
            first_on=first,
            last_on=last,
            stage=Sought.open,
            made_at=now,
            until_at=await open_until(last, now),
        )
        await made.save()
        found = await search_of(made.id)
        await wind(found, await end_of(last))
        rung = await _ring(found, by, now)
        await _tell_whom(found, by, now)
        return found.id, rung


async def open_until(last: date | None, now: datetime) -> datetime:
    """Thirty days, or to the end of the last day on which it is of use."""
    end = await end_of(last)
    return now + OPEN_FOR if end is None else min(now + OPEN_FOR, end)


async def end_of(day: date | None) -> datetime | None:
    """On the community's clock; None for no day."""
    return drafts.end_of(day, await the_zone()) if day else None


async def _asker(looking: Looking, by: Neighbour, now: datetime) -> int:
    today = await community.today(now)
    _days_fit(looking, today)
    asker = looking.for_whom or by.id
    if not await people.may_act_for(by, asker):
        raise Missing
    whom = await people.neighbour(asker)
    if not whom.is_active:
        raise Refusal(say("They are not an active neighbour."), beside="for_whom")
    if whom.is_child(today):
        raise Refusal(say("Ask in your own name: a child's door and phone are shown to nobody."), beside="for_whom")
    return asker


def _days_fit(looking: Looking, today: date) -> None:
    wrong = [
        Refusal(say("A day from today on, within a year, please."), beside=name)
        for name, day in (("first_on", looking.first_on), ("last_on", looking.last_on))
        if day is not None and not today <= day <= today + FURTHEST
    ]
    first, last = looking.days
    if not wrong and first is not None and last is not None and last < first:
        wrong.append(Refusal(say("The last day comes before the first."), beside="last_on"))
    if wrong:
        raise Several(wrong)


async def _count(by: Neighbour, now: datetime) -> None:
    key = SEARCHES.key(by.id)
    if await limits.counted(SEARCHES, key, now) >= SEARCHES.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=SEARCHES.wait(now))
    await limits.count(SEARCHES, key, now)


async def _ring(found: Search, by: Neighbour, now: datetime) -> int:
    whom = await who_may_have(
        found.words,
        category=found.category,
        asker=found.person,
        typist=by.id,
        today=await community.today(now),
        now=now,
        but={found.person, by.id},
    )
    if whom:
        question = say(
            "%(name)s looks for something you may have: %(what)s",
            name=await name_of(found.person), what=shortened(found.words),
        )  # fmt: skip
        await tell(whom, question, found.path, by=by.id, now=now, key=call_key(found.id))
        await ItemSearch.update({ItemSearch.rung: len(whom)}).where(ItemSearch.id == found.id)
    return len(whom)


async def _tell_whom(found: Search, by: Neighbour, now: datetime) -> None:
    """Who is acted for hears of it."""
    for_you = say("%(name)s looks for this on your behalf: %(what)s", name=by.name, what=shortened(found.words))
    await tell([found.person], for_you, found.path, by=by.id, now=now)
