"""Who answers for what is the community's: several neighbours, each of whom lends it and takes it back."""

from datetime import datetime

from msgspec import Struct

from app.db import Clash, held, prepared_sql, writing
from app.features.community import rules as community
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import Thing, kept_item, tell
from app.features.sharing.tables import ItemKeeper
from app.features.skills.rules.standing import only_active
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

MOST, FOUND = 8, 10


class Face(Struct):
    id: int
    name: str
    photo: str


_keepers = prepared_sql(
    "SELECT people.id, people.name, people.photo FROM item_keepers JOIN people ON people.id = item_keepers.person "
    "AND people.state = 'active' WHERE item_keepers.item = {} ORDER BY item_keepers.id",
    Face,
)
# ruff: noqa: S608 (all of these words are ours)
_named = prepared_sql(
    "SELECT people.id, people.name, people.photo FROM people JOIN logins ON logins.person = people.id "
    "WHERE people.state = 'active' AND lower(people.name) LIKE {0} ESCAPE '!' "
    "AND (people.of_age_on IS NULL OR people.of_age_on <= {1}) AND people.id NOT IN "
    f"(SELECT person FROM item_keepers WHERE item = {{2}}) AND people.id {NOT_BLOCKED.replace('{me}', '{3}')} "
    "ORDER BY people.name, people.id LIMIT {4}",
    Face,
)


async def keepers_named(item_id: int) -> list[Face]:
    """Those who are here; of a person's or a household's thing nobody."""
    return list(await _keepers(item_id))


async def might_keep(item_id: int, q: str, *, by: Neighbour, now: datetime) -> list[Face]:
    """Neighbours of that name who can answer here."""
    await _ours(item_id, by)
    plain = " ".join(q.lower().split())
    for sign in "!%_":
        plain = plain.replace(sign, "!" + sign)
    return list(await _named(f"%{plain}%", await community.today(now), item_id, by.id, FOUND)) if plain else []


async def add_keeper(item_id: int, person_id: int, *, by: Neighbour, now: datetime) -> None:
    """They are told, and answer for it with the others from then on."""
    only_active(by, now)
    try:
        async with writing():
            found = await _ours(item_id, by)
            who = await people.neighbour(person_id)
            if not who.is_active or who.is_child(await community.today(now)):
                raise Missing
            if len(await keepers_named(item_id)) >= MOST:
                raise Refusal(say("%(most)s keepers are enough.", most=MOST))
            await ItemKeeper.insert(ItemKeeper(item=item_id, person=person_id))
            await audit.note("keeper added", who=by.id, about=f"item:{item_id}", now=now, concerns=person_id)
            words = say("You answer for this from now on, with the others: %(item)s", item=found.name)
            await tell([person_id], words, found.path, by=by.id, now=now)
    except Clash:
        raise Taken(say("They answer for it already.")) from None


async def drop_keeper(item_id: int, person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Somebody always answers for it: the last one stays until there is another."""
    only_active(by, now)
    async with writing():
        found = await _ours(item_id, by)
        await held(ItemKeeper.select(ItemKeeper.id).where(ItemKeeper.item == item_id))
        there = {each.id for each in await keepers_named(item_id)}
        if person_id not in there:
            raise Missing
        if len(there) == 1:
            raise Refusal(say("Somebody has to answer for it. Add another neighbour first."))
        await ItemKeeper.delete().where((ItemKeeper.item == item_id) & (ItemKeeper.person == person_id))
        await audit.note("keeper removed", who=by.id, about=f"item:{item_id}", now=now, concerns=person_id)
        words = say("You no longer answer for this: %(item)s", item=found.name)
        await tell([person_id], words, found.path, by=by.id, now=now)


async def _ours(item_id: int, by: Neighbour) -> Thing:
    """Raises Missing for what belongs to a person or a household."""
    async with writing(deed=False):
        found = await kept_item(item_id, by=by)
    if not found.is_ours:
        raise Missing
    return found
