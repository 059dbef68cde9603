"""How somebody wants to be told: what, on which roads, and when."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time

from msgspec import Struct, structs

from app.db import held, prepared, writing
from app.features.notices.rules.readers import Wish, wishes_of_some
from app.features.notices.rules.topics import Topics, heard_on
from app.features.notices.tables import By, Choice, Wishes
from app.features.people.tables import Person
from app.kit import audit
from app.kit.refusals import Refusal, Several
from app.kit.words import say

DAY = 24 * 60
MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_@.\-]{0,63}")  # of WeCom: never @all, and never two


class _Chosen(Struct):
    topic: str
    by: str
    wanted: bool


_choices = prepared(
    lambda person: Choice.select(Choice.topic, Choice.by, Choice.wanted).where(Choice.person == person), _Chosen
)


def minute_of(typed: str) -> int:
    """ "22:00" is 1320; -1 for what is no time of a day."""
    try:
        at = time.fromisoformat(typed)
    except ValueError:
        return -1
    return at.hour * 60 + at.minute


async def wishes(person_id: int) -> Wish:
    return await wishes_of_some.first([person_id]) or Wish(person_id)


async def heard_by(person_id: int, topics: Topics, has: Collection[By]) -> dict[str, frozenset[By]]:
    """By topic: the roads on which it comes, out of those that reach this person."""
    choices = await _choices(person_id)
    chosen = {name: {By(each.by): each.wanted for each in choices if each.topic == name} for name in topics}
    return {name: heard_on(topic, chosen[name], frozenset(has)) for name, topic in topics.items()}


async def choose(
    wished: Wish,
    chosen: Mapping[str, Collection[str]],
    *,
    asked: Collection[By],
    topics: Topics,
    now: datetime,
) -> None:
    """`chosen` are the roads of each topic, out of those that were `asked`; what was not asked stays as it is.

    All of it, or a refusal beside each thing that cannot be.
    """
    _must_fit(wished)
    person_id = wished.person
    async with writing():
        await held(Person.objects().where(Person.id == person_id))
        if wished != await wishes(person_id):
            await Wishes.delete().where(Wishes.person == person_id)
            await Wishes.insert(Wishes(**structs.asdict(wished)))
        heard = await heard_by(person_id, topics, asked)
        for name in [name for name, topic in topics.items() if not topic.always]:
            meant = frozenset(by for by in asked if by in chosen.get(name, ()))
            for by, yes in _changed(heard[name], meant, asked).items():
                await _say(person_id, name, by, yes)
        await audit.note("notices chosen", who=person_id, about=f"person:{person_id}", now=now, concerns=person_id)


def _changed(heard: frozenset[By], meant: frozenset[By], asked: Collection[By]) -> dict[By, bool]:
    """Who unticks the last road wants no e-mail in its place either."""
    changed = {by: by in meant for by in heard ^ meant}
    if changed and not meant and By.email in asked:
        changed[By.email] = False
    return changed


async def _say(person_id: int, topic: str, by: By, yes: bool) -> None:
    """Only what somebody changed is a row: what the topic itself says may change later."""
    await Choice.delete().where((Choice.person == person_id) & (Choice.topic == topic) & (Choice.by == by))
    await Choice.insert(Choice(person=person_id, topic=topic, by=by, wanted=yes))


def _must_fit(wished: Wish) -> None:
    wrong = []
    if wished.wecom and not MEMBER.fullmatch(wished.wecom):
        words = say("A WeCom id begins with a letter or a digit, and has only those and . _ - @.")
        wrong.append(Refusal(words, beside="wecom"))
    for name in ("quiet_from", "quiet_until", "daily_at"):
        if not 0 <= (getattr(wished, name) or 0) < DAY:
            wrong.append(Refusal(say("A time of the day, please, like 22:00."), beside=name))
    if wrong:
        raise Several(wrong)
