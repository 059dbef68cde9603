"""What is kept of notices, for whom, and how long."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from app.db import one_of, prepared_sql, writing
from app.features.notices.rules.devices import KEPT_SILENCED, purge_silenced
from app.features.notices.rules.losing import drop_notices
from app.features.notices.rules.telling import AT_ONCE, look_again
from app.features.notices.tables import Choice, Device, GroupPost, Notice, Silenced, Wishes, Worked
from app.features.people.tables import Person
from app.kit.keeping import Keeping
from app.kit.words import say


class _Id(Struct):
    id: int


KEPT_READ, KEPT_UNREAD = timedelta(days=90), timedelta(days=365)
THEIRS = (Device, Silenced, Wishes, Choice, Worked)
_under = prepared_sql("SELECT id FROM notices WHERE path = {} OR path LIKE {} ORDER BY id", _Id)
NAMES = "CAST(sentence AS text) LIKE {} ESCAPE '!'"


async def hand_over(person_id: int, *, to: int) -> None:
    """Two rows were one person. What both were told, under one key, was told once. How the one who signs in wishes to
    be told holds, and their phones ring on.
    """
    async with writing():
        keys = [
            row["key"]
            for row in await Notice.select(Notice.key).where((Notice.person == to) & Notice.key.is_not_null())
        ]
        await drop_notices((Notice.person == person_id) & one_of(Notice.key, keys))
        for chosen in (Wishes, Choice, Worked):
            await chosen.delete().where(chosen.person == to)
        for table in (Notice, *THEIRS):
            await table.update({table.person: to}).where(table.person == person_id)


async def mine(person_id: int) -> dict[str, Any]:
    told = Notice.select(Notice.sentence, Notice.path, Notice.made_at, Notice.read_at)
    device = Device.select(Device.name, Device.origin, Device.made_at, Device.seen_at, Device.rang_at, Device.heard_at)
    wishes = Wishes.select(
        Wishes.quiet_from, Wishes.quiet_until, Wishes.daily_at, Wishes.shows_words, Wishes.wecom
    ).where(Wishes.person == person_id)
    choices = Choice.select(Choice.topic, Choice.by, Choice.wanted).where(Choice.person == person_id)
    return {
        "notices": await told.where(Notice.person == person_id).order_by(Notice.id),
        "phones_that_ring": await device.where(Device.person == person_id).order_by(Device.id),
        "notice_wishes": await wishes,
        "notice_choices": await choices.order_by(Choice.topic, Choice.by),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Theirs, and those in which others read their name. Former names go when the notices have had their time."""
    for table in (Notice, *THEIRS):
        await table.delete().where(table.person == person_id)
    person = await Person.select(Person.name).where(Person.id == person_id).first()
    if person and person["name"]:
        await drop_notices(WhereRaw(NAMES, f"%{_as_pattern(person['name'])}%"))


async def forget_about(paths: Iterable[str]) -> None:
    """What those pages were about is erased: nobody keeps its words in a notice."""
    everywhere = list(paths)
    for some in (everywhere[start : start + AT_ONCE] for start in range(0, len(everywhere), AT_ONCE)):
        await look_again(await drop_notices(Notice.path.is_in(some)))


async def forget_under(path: str) -> None:
    """All that was told about that page and those below it, some at a time, each time in a transaction of its own."""
    ids = [each.id for each in await _under(path, f"{path}/%")]
    for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        await look_again(await drop_notices(one_of(Notice.id, some)))


async def purge(now: datetime) -> None:
    """What was read goes after 90 days; what nobody read, after a year. Its deliveries go with it."""
    await Notice.delete().where((Notice.read_at < now - KEPT_READ) | (Notice.made_at < now - KEPT_UNREAD))


async def purge_posts(now: datetime) -> None:
    await GroupPost.delete().where(GroupPost.made_at < now - KEPT_READ)


def _as_pattern(name: str) -> str:
    """As a value of a sentence stands in JSON, whole; with nothing left that LIKE would read as a sign."""
    value = json.dumps(name, ensure_ascii=False)
    for sign in "!%_":
        value = value.replace(sign, "!" + sign)
    return value


KEPT = (
    Keeping(
        say("What you were told; what you have read goes after 90 days"),
        say("So that you can look it up again"),
        ("notices", "deliveries"),
        KEPT_UNREAD,
        purge,
    ),
    Keeping(
        say("The phones that you let ring, until you sign out on them; how and when you want to be told"),
        say("So that a notice reaches you on a road that works"),
        ("devices", "notice_choices", "notice_wishes", "roads_that_worked"),
    ),
    Keeping(
        say("A seal of the browsers that you let go of, from which nobody can read which they are"),
        say("So that they do not ring again by themselves"),
        ("silenced_phones",),
        KEPT_SILENCED,
        purge_silenced,
        since=say("after you let go of it"),
    ),
    Keeping(
        say("What was posted to the groups of neighbours; it names nobody"),
        say("So that nothing is posted twice"),
        ("group_posts",),
        KEPT_READ,
        purge_posts,
        personal=False,
    ),
    Keeping(
        say("Which push services answer"),
        say("So that those which are down are asked again later"),
        ("push_services",),
        personal=False,
    ),
)
