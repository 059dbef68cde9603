"""Alerts for journeys, in a house that runs: "declare real urgent", "end", somebody's "link", what they "answers";
"silence" declares one more than half an hour ago, and says the door of that neighbour."""

import asyncio
import sys
from datetime import timedelta

from app.db import close_database, open_database
from app.features.accounts.rules import Viewer
from app.features.alerts import rules
from app.features.alerts.tables import Alert, Answer, Kind, Level, Lifeline, Recipient, Said, Stage
from app.features.people import rules as people
from app.features.people.rules import neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership, Person, Role
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.kit.clock import now
from tests.alerting import WORDS, a_plan, looking


async def zhao() -> Viewer:
    held = await Role.select(Role.person).where(Role.kind == "coordinator").first()
    return looking(await neighbour(held["person"]), now())


async def declare(kind: str, level: str, *, minutes: int = 0) -> None:
    at = now() - timedelta(minutes=minutes)
    by = looking(await zhao(), at)
    plan = a_plan(kind=Kind(kind), level=Level(level), until_at=now() + timedelta(hours=4))
    alert = await rules.draft(plan, by=by, now=at)
    await rules.send(alert, WORDS[plan.kind], by=by, now=at)
    print(alert)


async def silence(kind: str, name: str) -> None:
    await declare(kind, Level.urgent, minutes=31)
    person = await Person.select(Person.id).where(Person.name == name).first()
    print((await people.contact(person["id"])).addresses[0])


async def steward(*names: str) -> None:
    """They look after the building they live in."""
    for name in names:
        person = await Person.select(Person.id).where(Person.name == name).first()
        [home, *_] = await people.stays_of(person["id"])
        area = (await people.household(home.household)).area
        await Role.insert(Role(person=person["id"], kind=RoleKind.steward, area=area, given_at=now()))


async def nurse(name: str) -> None:
    """Offers it for an emergency, and has answered that she is safe."""
    who = await Person.select(Person.id).where(Person.name == name).first()
    person = await neighbour(who["id"])
    await skills.offer(skills.Offer("Nursing", Category.health, emergency=True), by=person, now=now())
    for row in await Alert.select(Alert.id).where(Alert.stage == Stage.active):
        await rules.answer(row["id"], person.id, Answer.safe, by=person, now=now())


async def end() -> None:
    """All that is going on."""
    for row in await Alert.select(Alert.id).where(Alert.stage == Stage.active):
        await rules.all_clear(row["id"], by=await zhao(), now=now())


async def link(alert: str, name: str) -> None:
    person = await Person.select(Person.id).where(Person.name == name).first()
    print(rules.link_path(int(alert), person["id"], now()))


async def answers(alert: str, name: str) -> None:
    """All that was said for somebody, the first first, and what counts."""
    whom = Recipient.person.name == name
    row = await Recipient.select(Recipient.id, Recipient.answer).where((Recipient.alert == int(alert)) & whom).first()
    said = await Said.select(Said.answer).where(Said.recipient == row["id"]).order_by(Said.id)
    print(*(each["answer"] for each in said), "=", row["answer"])


async def lifelines() -> None:
    await Lifeline(titles='{"zh-Hans": "集合点：东门广场", "en": "Meet at the east gate"}', sort=1).save()
    await Lifeline(titles='{"zh-Hans": "物业值班", "en": "The keeper on duty"}', phone="+8613800138000", sort=2).save()


async def over() -> None:
    """All that is going on is to end by itself in a moment."""
    await Alert.update({Alert.until_at: now() + timedelta(seconds=4)}).where(Alert.stage == Stage.active)


async def together(name: str, other: str) -> None:
    """The two share a door, and the first may answer for the second."""
    ids = [(await Person.select(Person.id).where(Person.name == each).first())["id"] for each in (name, other)]
    home = await Membership.select(Membership.household).where(Membership.person == ids[0]).first()
    await Membership.update({Membership.household: home["household"]}).where(Membership.person == ids[1])
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ids[0])


DEEDS = {
    each.__name__: each for each in (declare, end, link, answers, lifelines, over, together, silence, steward, nurse)
}


async def run(did: str, *said: str) -> None:
    await open_database()
    await DEEDS[did](*said)
    await close_database()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
