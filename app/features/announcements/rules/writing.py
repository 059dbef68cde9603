"""Putting up an announcement, changing it, taking it down, and hanging it up again."""

import json
from datetime import date, datetime

from msgspec import Struct

from app.db import held, writing
from app.features.announcements.rules.board import path_of
from app.features.announcements.rules.reach import is_for, may_write, readers
from app.features.announcements.tables import Announcement
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say, written

TOPIC = "announcements"


class Draft(Struct, frozen=True):
    """What somebody wants to say, by language; one language is enough, and the page says so."""

    titles: dict[str, str]
    words: dict[str, str]
    pinned_until: date | None = None


async def announce(draft: Draft, *, area: int | None, by: Neighbour, now: datetime) -> int:
    """Everybody whom it is for is told once, in their own language."""
    async with writing():
        if area is None and by.is_a(Kind.steward) and not by.is_a(Kind.administrator):
            raise Refusal(say("Please choose one of these."), beside="area")
        if not await may_write(by, area):
            raise NotYours(say("You may write to the areas that you look after."))
        if area is not None:
            await community.area(area)
        draft = await _fitting(draft, now)
        made = Announcement(area=area, by=by.id, pinned_until=draft.pinned_until, at=now)
        made.titles, made.words = json.dumps(draft.titles), json.dumps(draft.words)
        await made.save()
        await _tell(made.id, area, draft.titles, by=by.id, now=now)
        await audit.note("announcement made", who=by.id, about=_about(made.id), now=now)
        return int(made.id)


async def edit(id: int, draft: Draft, *, by: Neighbour, now: datetime) -> None:
    """Nobody is told again; the page says that it was changed, and when."""
    async with writing():
        row = await _own(id, by)
        _must_not_be_taken(row)
        draft = await _fitting(draft, now, was=row.pinned_until)
        changed = (json.loads(row.titles), json.loads(row.words)) != (draft.titles, draft.words)
        await Announcement.update(
            {
                Announcement.titles: json.dumps(draft.titles),
                Announcement.words: json.dumps(draft.words),
                Announcement.pinned_until: draft.pinned_until,
                Announcement.changed_at: now if changed else row.changed_at,
            }
        ).where(Announcement.id == id)
        await audit.note("announcement changed", who=by.id, about=_about(id), now=now)


async def withdraw(id: int, *, by: Neighbour, now: datetime) -> None:
    """Down from the board; whoever was told finds the notice gone, and robots that have not said it yet say nothing."""
    async with writing():
        row = await _own(id, by)
        if row.withdrawn_at is not None:
            raise Taken(say("It was taken down already."))
        await Announcement.update({Announcement.withdrawn_at: now}).where(Announcement.id == id)
        await _hush(id)
        await audit.note("announcement withdrawn", who=by.id, about=_about(id), now=now)


async def put_up_again(id: int, *, by: Neighbour, now: datetime) -> None:
    """Taking it down was a slip. What officers took away stays away."""
    async with writing():
        row = await _own(id, by)
        _must_not_be_taken(row)
        if row.withdrawn_at is None:
            raise Taken(say("It hangs there already."))
        await Announcement.update({Announcement.withdrawn_at: None}).where(Announcement.id == id)
        await _tell(id, row.area, json.loads(row.titles), by=by.id, now=now)
        await audit.note("announcement made", who=by.id, about=_about(id), now=now)


async def take_away(id: int, *, kind: str = "announcement", now: datetime) -> None:
    """By a decision about a report."""
    async with writing():
        await Announcement.update({Announcement.taken: True}).where(Announcement.id == id)
        await _hush(id)


async def give_back(id: int, *, kind: str = "announcement", now: datetime) -> None:
    """The decision was overturned. Nobody is told of old words anew, and what was taken down stays down."""
    await Announcement.update({Announcement.taken: False}).where(Announcement.id == id)


async def _hush(id: int) -> None:
    """Nobody is led to it any more: neither a neighbour nor a group."""
    await notices.withdraw(_key(id))
    await notices.take_back(_key(id))


def _must_not_be_taken(row: Announcement) -> None:
    if row.taken:
        raise NotYours(say("Officers took this away. You can disagree under Account."))


async def _own(id: int, by: Neighbour) -> Announcement:
    """Held. Missing for whom it is not to read, NotYours for a reader."""
    row = await held(Announcement.objects().where(Announcement.id == id)).first()
    if row is None or not await is_for(by, row.area):
        raise Missing
    if not await may_write(by, row.area):
        raise (
            Missing
            if row.withdrawn_at is not None or row.taken
            else NotYours(say("Only those who look after this area can."))
        )
    return row


async def _fitting(draft: Draft, now: datetime, *, was: date | None = None) -> Draft:
    """A title and words in at least one language, both in each that was begun."""
    titles = {tag: typed.strip() for tag, typed in draft.titles.items() if typed.strip()}
    words = {tag: typed.strip() for tag, typed in draft.words.items() if typed.strip()}
    if not words and not titles:
        raise Refusal(say("Please write it in at least one language."), beside="words_0")
    for place, tag in enumerate(draft.words):
        if tag in titles and tag not in words:
            raise Refusal(say("There is a title in this language, and no words yet."), beside=f"words_{place}")
        if tag in words and tag not in titles:
            raise Refusal(say("A title, please: it is what people see first."), beside=f"title_{place}")
    until = draft.pinned_until
    if until is not None and until != was and until < await community.today(now):
        raise Refusal(say("That day has passed."), beside="pinned_until")
    return Draft(titles, words, until)


async def _tell(id: int, area: int | None, titles: dict[str, str], *, by: int, now: datetime) -> None:
    told = say("On the board: %(title)s", title=written(titles))
    whom = await readers(area) - {by}
    await notices.tell_all(whom, told, path=path_of(id), now=now, topic=TOPIC, key=_key(id))
    if area is None:
        await notices.post_to_groups(told, path=path_of(id), key=_key(id), now=now)


def _key(id: int) -> str:
    return f"announcement:{id}"


def _about(id: int) -> str:
    return f"announcement:{id}"
