"""The words in which people hear of roles, and who hears them. People stands below the doorbell and cannot ring."""

from datetime import date, datetime

from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Away, Neighbour, Proposed
from app.features.people.tables import Kind, Task
from app.kit import later
from app.kit.words import Sentence, say

TOPIC = "account"
ASKED = {
    Task.handover: say("%(name)s would like to hand a role over to you: %(role)s"),
    Task.deputy: say("%(name)s asks you to be deputy: %(role)s"),
    Task.cover: say("%(name)s asks you to stand in for a while: %(role)s"),
}


async def tell(person_id: int, told: Sentence, *, path: str, now: datetime, key: str | None = None) -> None:
    """The newest word under a key replaces the one before: both together would contradict each other."""
    if key:
        await notices.withdraw(key, person_id=person_id)
    await notices.tell(person_id, told, path=path, now=now, topic=TOPIC, key=key)


async def tell_stand_in_that_it_ended(away: Away | None, *, by: Neighbour, now: datetime) -> None:
    """The role was handed over or ended under them."""
    if away and away.stand_in and away.stand_in != by.id:
        told = say("You stand in no longer: %(role)s", role=await title(away.role))
        await tell(away.stand_in, told, path="/account/roles", now=now, key=absence_key(away))


async def tell_administrators(told: Sentence, *, path: str, now: datetime, besides: set[int]) -> None:
    whom = set(await people.officers(Kind.administrator, now=now)) - besides
    await notices.tell_all(whom, told, path=path, now=now, topic=TOPIC)


async def tell_asked(found: Proposed, *, by: Neighbour, now: datetime) -> None:
    """Whoever is asked; and the holder, when it was an administrator who asked."""
    words = await title(found.role)
    told = say(ASKED[found.task].words, name=by.name, role=words)
    await tell(found.person, told, path=proposal_path(found.id), now=now, key=proposal_key(found.id))
    if found.holder not in (by.id, found.person):
        asked = say(
            "%(name)s has been asked to help with your role: %(role)s", name=await name_of(found.person), role=words
        )
        await tell(found.holder, asked, path=role_path(found.role), now=now)
    await later.at(found.until_at, "roles.unanswered", key=f"{proposal_key(found.id)}:over", proposal=found.id)


async def title(role_id: int) -> Sentence:
    return (await people.role(role_id)).title


async def name_of(person_id: int, by: Neighbour | None = None) -> str:
    return by.name if by and by.id == person_id else (await people.neighbour(person_id)).name


async def days(away: Away) -> tuple[date, date]:
    """The first and the last day, on the community's clock."""
    here = await community.here()
    return away.days(here.clock if here else None)


def proposal_path(proposal_id: int) -> str:
    return f"/account/proposals/{proposal_id}"


def role_path(role_id: int) -> str:
    return f"/account/roles/{role_id}"


def proposal_key(proposal_id: int) -> str:
    return f"proposal:{proposal_id}"


def absence_key(away: Away) -> str:
    return f"absence:{away.id}"
