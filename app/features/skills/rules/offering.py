"""What a neighbour offers to do: offered, edited, paused, withdrawn; taken back with one tap."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.features.skills.rules.categories import category_of
from app.features.skills.rules.listing import index_people
from app.features.skills.rules.standing import only_active
from app.features.skills.tables import Category, Offered, Reach, Skill
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

MOST = 30


class Offer(Struct, frozen=True):
    """What somebody says about a skill of theirs."""

    words: str
    category: Category | None = None
    details: str = ""
    times: str = ""
    reach: Reach = Reach.community
    emergency: bool = False


class Shown(Struct):
    """A skill as its page shows it."""

    id: int
    person: int
    name: str
    photo: str
    category: Category
    words: str
    details: str
    lang: str
    times: str
    reach: Reach
    emergency: bool
    state: Offered
    before: Offered
    signs_in: bool


_one = prepared_sql(
    "SELECT skills.id, skills.person, people.name, people.photo, skills.category, skills.words, "  # noqa: S608
    "skills.details, "
    "skills.lang, skills.times, skills.reach, skills.emergency, skills.state, skills.before, "
    "EXISTS (SELECT 1 FROM logins WHERE logins.person = skills.person) AS signs_in FROM skills "
    "JOIN people ON people.id = skills.person WHERE skills.id = {0} "
    "AND (skills.person = {1} OR (skills.state = 'offered' AND people.state = 'active' "
    f"AND skills.person {NOT_BLOCKED.replace('{me}', '{1}')}))",
    Shown,
)


async def skill(skill_id: int, *, by: Neighbour) -> Shown:
    """What is offered, everybody sees; what is paused or withdrawn, only its owner."""
    found = await _one.first(skill_id, by.id)
    if found is None:
        raise Missing
    return found


async def offer(offered: Offer, *, by: Neighbour, now: datetime) -> int:
    only_active(by, now)
    async with writing():
        await held(Person.select(Person.id).where(Person.id == by.id))
        if await Skill.count().where((Skill.person == by.id) & _not_withdrawn()) >= MOST:
            raise Refusal(say("%(most)s skills are enough for one neighbour. Withdraw one first.", most=MOST))
        made = Skill(person=by.id, made_at=now, **_as_kept(offered, by))
        await made.save()
        await index_people([by.id])
        return int(made.id)


async def edit(skill_id: int, offered: Offer, *, by: Neighbour, now: datetime) -> None:
    only_active(by, now)
    async with writing():
        await _own(skill_id, by)
        kept = {getattr(Skill, name): value for name, value in _as_kept(offered, by).items()}
        await Skill.update({**kept, Skill.edited_at: now}).where(Skill.id == skill_id)
        await index_people([by.id])


async def put(skill_id: int, state: Offered, *, by: Neighbour, now: datetime) -> Offered:
    """Offer it, pause it or withdraw it; gives back what it was before, for whoever wants to undo.

    What officers took away can be withdrawn too: then it does not come back when they give it back.
    """
    only_active(by, now)
    async with writing():
        before = await _own(skill_id, by, also_taken=state == Offered.withdrawn)
        stands = Skill.before if before == Offered.taken else Skill.state
        await Skill.update({stands: state, Skill.edited_at: now}).where(Skill.id == skill_id)
        await index_people([by.id])
        return before


async def _own(skill_id: int, by: Neighbour, *, also_taken: bool = False) -> Offered:
    """Holds the person first and the skill then, always in this order."""
    await held(Person.select(Person.id).where(Person.id == by.id))
    mine = (Skill.id == skill_id) & (Skill.person == by.id)
    row = await held(Skill.select(Skill.state).where(mine)).first()
    if row is None:
        raise Missing
    if row["state"] == Offered.taken and not also_taken:
        raise NotYours(say("Officers took this away. You can disagree under Account."))
    return Offered(row["state"])


def _not_withdrawn() -> Any:
    while_taken = (Skill.state != Offered.taken) | (Skill.before != Offered.withdrawn)
    return (Skill.state != Offered.withdrawn) & while_taken


def _as_kept(offered: Offer, by: Neighbour) -> dict[str, Any]:
    said = f"{offered.words} {offered.details}"
    return {
        "words": offered.words,
        "category": offered.category or category_of(said),
        "details": offered.details,
        "times": offered.times,
        "reach": offered.reach,
        "emergency": offered.emergency,
        "lang": of_text(said, by.language or SOURCE),
    }
