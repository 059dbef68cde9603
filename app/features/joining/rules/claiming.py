"""A slip is claimed: the password is set, the terms are accepted, and those who share the door hear of it."""

from datetime import datetime

from app.features.accounts import rules as accounts
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.refusals import Refusal, Several
from app.kit.words import say


async def claim(code: str, *, login: str, password: str, terms: bool, old_enough: bool, now: datetime) -> int:
    """Gives back the person. Raises what `accounts.redeem` raises, and Refusal beside what was not ticked."""
    must_agree(terms, old_enough)

    async def welcome(person_id: int) -> None:
        await people.consent(person_id, "terms", by=person_id, now=now)
        await _tell_the_household(person_id, now)

    return await accounts.redeem(code, login=login, password=password, now=now, also=welcome)


def must_agree(terms: bool, old_enough: bool) -> None:
    wrong = []
    if not terms:
        wrong.append(Refusal(say("Without this we may not keep anything about you."), beside="terms"))
    if not old_enough:
        guardian = say("Under 14, a guardian in your household does this for you, on the household's page.")
        wrong.append(Refusal(guardian, beside="old_enough"))
    if wrong:
        raise wrong[0] if len(wrong) == 1 else Several(wrong)


async def _tell_the_household(person_id: int, now: datetime) -> None:
    """Once a person: whoever sees it and knows that it cannot be, says so while there is time."""
    who = await people.neighbour(person_id)
    for stay in await people.stays_of(person_id):
        others = [each.id for each in await people.members_of(stay.household) if each.state == State.active]
        told = say("%(name)s of your household signs in here now. Is that wrong? Tell your steward.", name=who.name)
        others = [each for each in others if each != person_id]
        await notices.tell_all(others, told, path="/household", now=now, topic="account", key=f"joined:{person_id}")
