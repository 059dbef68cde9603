"""A canary lives among us: a person with words that nobody else uses, in everything the house keeps about them.

Their words are looked for in every answer to every kind of person at every door, in logs and figures and in what others
are told. Who may read which is written here by hand; and those who may do find it, or the test would prove nothing.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from app import house
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.alerts import rules as alerts
from app.features.alerts.rules.knocking import knock as knock_at_silent_doors
from app.features.alerts.tables import Answer
from app.features.events import rules as events
from app.features.events.tables import Again
from app.features.help import rules as needs
from app.features.help.tables import Need, What
from app.features.household import rules as household
from app.features.moderation.tables import Report
from app.features.notices import rules as notices
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Audience, Kind, State
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterImport
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.rules.reach import note
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer
from app.features.sharing.tables import Did, Item, Loan
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.features.spaces.series import Series
from app.features.spaces.tables import Booking
from app.kit.clock import now
from tests.alerting import a_plan, an_alert
from tests.doors import DOORS, a_world
from tests.gathering import an_event, comes
from tests.makers import NOON, a_card, a_household, a_login, a_person, an_area
from tests.subscriptions import a_device, a_subscription
from tests.test_who_may import knock

CANARIES = {
    "name": "Quorra Zzyzx",
    "phone": "13899990042",
    "email": "quorra@zzyzx.example",
    "address": "Zzyzx Lane 77",
    "device": "Zzyzxphone",
    "need": "zzyzx dialysis",
    "note": "1.38ZZYZXE+10",
    "ask": "zzyzx washing machine",
    "notice": "zzyzx told you",
    "card": "zzyzx gas tap",
    "special": "zzyzx oxygen",
    "report": "zzyzx sells",
    "ringing": "Zzyzxbell",
    "endpoint": "zzyzx-endpoint",
    "wecom": "zzyzx.wecom",
    "errand": "zzyzx two eggs",
    "private": "zzyzx under the mat",
    "answer": "zzyzx stuck upstairs",
    "draft": "zzyzx water main",
    "event need": "zzyzx no peanuts",
    "feedback": "zzyzx cold tea",
    "purpose": "zzyzx divorce party",
    "item": "zzyzx raclette grill",
    "condition": "zzyzx burnt the plate",
    "fetch": "zzyzx behind the boiler",
    "loan": "zzyzx for a wake",
    "loan reason": "zzyzx you lost the last one",
    "damage": "zzyzx melted the cord",
    "sought": "zzyzx juice press",
    "has one": "zzyzx mine leaks",
}
ACTIVE = {
    "housemate",
    "helper",
    "resident",
    "other steward",
    "steward",
    "space manager",
    "coordinator",
    "administrator",
}
# Besides the canary itself. A name is for every neighbour; the rest for those who need it.
MAY_READ = {
    "name": ACTIVE,
    "phone": {"helper", "administrator"},
    "email": {"helper", "administrator"},
    "address": {"helper", "housemate", "steward", "administrator"},
    "ask": {"helper"},
    # what a list said: for whoever looks after the door (safety.md 1), each look noted
    "need": {"steward", "administrator"},
    "note": {"steward", "administrator"},
    # opened by the household to its building, and by themselves to stewards
    "card": {"housemate", "resident", "steward", "administrator"},
    "special": {"steward", "administrator"},
    "report": {"administrator"},
    # what somebody needs is for all who might take it; what only the helper should know, for the helper
    "errand": ACTIVE,
    "private": {"helper"},
    # who needs help in an alert says so to all who might come
    "answer": ACTIVE,
    # for the hosts of the event alone, each look noted; what is said afterwards, from five on and never by name
    "event need": {"helper"},
    # what is not sent yet is for those who lead
    "draft": {"coordinator", "administrator"},
    # what a room is for, once or again and again: for whoever manages it
    "purpose": {"space manager", "administrator"},
    # what somebody lends is for every neighbour; what it has been through, for whoever answers for it
    "item": ACTIVE,
    "condition": set(),
    "fetch": ACTIVE,
    # what a loan says, for whom it is and what became of it: for its two sides
    "loan": {"helper"},
    "loan reason": {"helper"},
    "damage": {"helper"},
    # what somebody looks for is for all who may have it; what they answer, for whoever looks
    "sought": ACTIVE,
    "has one": {"helper"},
}
# At one door only: at which doors nothing rings (facts-emergency-push.md, E 31), and nothing of who lives there.
ALERT = "/alerts/{alert_id:int}"
AT_ONE_DOOR = {
    ("coordinator", "address", door)
    for door in (
        "/reached/{area_id:int}",
        f"{ALERT}/board",
        f"{ALERT}/board/{{area_id:int}}",
        f"{ALERT}/doors/{{household_id:int}}",
        f"{ALERT}/paper/{{area_id:int}}",
        f"{ALERT}/walked/{{area_id:int}}",
        f"{ALERT}/knocks",
    )
}
EVERYBODY = ("stranger", "pending", "suspended", *sorted(ACTIVE))


@dataclass
class World:
    canary: Any
    people: dict[str, Any]
    ids: dict[str, Any]


async def the_world() -> World:
    here, there = await an_area(name="1"), await an_area(name="2")
    home = await a_household(area=here, door="707", address=CANARIES["address"])
    canary = await a_person(name=CANARIES["name"], phone="+86" + CANARIES["phone"], email=CANARIES["email"], home=home)
    people = {
        "stranger": None,
        "pending": await a_person(state=State.pending),
        "suspended": await a_person(state=State.suspended),
        "housemate": await a_person(home=home),
        "helper": await a_person(),
        "resident": await a_person(home=await a_household(area=here)),
        "other steward": await a_person(role=Kind.steward, area=there),
        "steward": await a_person(role=Kind.steward, area=here),
        "space manager": await a_person(role=Kind.space_manager),
        "coordinator": await a_person(role=Kind.coordinator),
        "administrator": await a_person(role=Kind.administrator),
    }
    ids = await a_world(canary, here)
    ids["ask_id"] = await _life_of(canary, people["helper"])
    ids["need_id"] = await _need_of(canary, people["helper"])
    await a_card(home, canary, open_to={"notes": Audience.building}, notes=CANARIES["card"])
    said = {"words": CANARIES["answer"], "by": canary, "now": now()}
    await alerts.answer(ids["alert_id"], canary.id, Answer.help, **said)
    await _a_door_that_stays_shut(here)
    await household.say_needs(CANARIES["special"], audience=Audience.stewards, agrees=True, by=canary, now=NOON)
    await Report.update({Report.words: CANARIES["report"]}).where(Report.id == ids["report_id"])
    await _draft_of(people["coordinator"])
    ids |= await _event_of(canary, people["helper"])
    typed = {Item.about: CANARIES["item"], Item.fetch: CANARIES["fetch"]}
    await Item.update(typed).where(Item.person == canary.id)
    await _lends_and_looks(ids, people["helper"])
    await note(ids["item_id"], Did.damaged, by=canary.id, now=NOON, words=CANARIES["condition"])
    await Booking.update({Booking.purpose: CANARIES["purpose"]}).where(Booking.person == canary.id)
    await Series.update({Series.purpose: CANARIES["purpose"]}).where(Series.person == canary.id)
    return World(canary, people, ids)


async def _a_door_that_stays_shut(area: Any) -> None:
    """Of another alert: nobody has answered, so somebody is to knock."""
    alert = await an_alert(areas=(area.id,), now=now())
    await knock_at_silent_doors(alert, now())
    assert await Need.exists().where((Need.origin == f"alert:{alert}:knock") & (Need.stage == "open"))


async def _event_of(canary: Any, helper: Any) -> dict[str, int]:
    """The helper hosts it, the canary comes and needs something, and was at another, of which one word was said."""
    event = await an_event(now=now(), by=helper, day=now().date() + timedelta(days=3))
    needs_of_hers = events.Needs(diet=CANARIES["event need"])
    await comes(event, by=canary, now=now(), needs=needs_of_hers, agrees=True)
    other = await an_event(now=NOON, by=helper)
    await comes(other, by=canary, now=NOON)
    await events.say_how(other.id, Again.perhaps, CANARIES["feedback"], by=canary, now=other.ends_at)
    answer = await events.answer_of(event.id, canary.id)
    assert answer is not None
    return {"event_id": event.id, "answer_id": answer.id}


async def _lends_and_looks(ids: dict[str, Any], helper: Any) -> None:
    """The helper has something of the canary's, says how it is, and has what the canary looks for."""
    said = {"words": CANARIES["loan"], "reason": CANARIES["loan reason"], "damage": CANARIES["damage"]}
    has = {"borrower": helper.id, "acted_by": None, "returned_at": now(), "condition_back": "worn"}
    await Loan.update({getattr(Loan, name): value for name, value in (said | has).items()}).where(
        Loan.id == ids["loan_id"]
    )
    loan = await lent(ids["loan_id"])
    await move(loan, Did.returned, by=helper.id, now=now(), words=CANARIES["damage"])
    await ItemSearch.update({ItemSearch.words: CANARIES["sought"]}).where(ItemSearch.id == ids["search_id"])
    answer = ItemSearchAnswer(search=ids["search_id"], person=helper.id, words=CANARIES["has one"], at=now())
    await ItemSearchAnswer.insert(answer)


async def _draft_of(coordinator: Any) -> None:
    """An alert that was written and not sent."""
    words = {"zh-Hans": CANARIES["draft"], "en": CANARIES["draft"]}
    plan = a_plan(headlines=words, bodies=words, until_at=now() + timedelta(hours=4))
    await alerts.draft(plan, by=coordinator, now=now())


async def _life_of(canary: Any, helper: Any) -> int:
    """Everything that the house can keep about somebody. Gives back the ask that the helper accepted."""
    await a_login(canary, CANARIES["email"])
    await open_door(canary.id, place=Place("192.0.2", device=CANARIES["device"]), now=NOON)
    browser = a_subscription(f"https://fcm.googleapis.com/fcm/send/{CANARIES['endpoint']}")
    await a_device(canary, name=CANARIES["ringing"], subscription=browser)
    wish = notices.Wish(person=canary.id, wecom=CANARIES["wecom"])
    await notices.choose(wish, {}, asked=(), topics=house.TOPICS, now=NOON)
    came = RosterImport(at=NOON, basis="test", file_fingerprint="x")
    await came.save()
    need = ClaimedNeed(person=canary.id, roster_import=came.id, words=CANARIES["need"], claimed_at=NOON)
    await ClaimedNeed.insert(need)
    await PhoneNote.insert(PhoneNote(person=canary.id, words=CANARIES["note"], noted_at=NOON))
    skill = await skills.offer(skills.Offer("Mending", Category.repairs), by=helper, now=NOON)
    ask = await skills.ask(skill, skills.Request(CANARIES["ask"]), by=canary, now=NOON)
    await skills.accept(ask, by=await neighbour(helper.id), now=NOON)
    return ask


async def _need_of(canary: Any, helper: Any) -> int:
    """The helper has taken it, and it is not done yet."""
    asking = needs.Asking(What.parcel, CANARIES["errand"], CANARIES["private"])
    need = await needs.ask_for_help(asking, by=canary, now=now())
    await needs.take(need, by=await neighbour(helper.id), now=now())
    return need


def may_read(name: str) -> set[str]:
    return MAY_READ.get(name, set())


def found_in(text: str) -> set[str]:
    """However a phone is grouped, and whatever a page escapes."""
    plain = re.sub(r"(?<=\d)[ \u00a0-](?=\d)", "", text)
    return {name for name, words in CANARIES.items() if words in plain}


@pytest.mark.parametrize("role", EVERYBODY)
async def test_nobody_reads_what_is_not_for_them_at_any_door(role, browser, sign_in, sweep, capfd, caplog):
    world, seen, wrong = await the_world(), set(), []
    for door in DOORS:
        if world.people[role]:
            await sign_in(world.people[role])
        else:
            browser.cookies.clear()
        answer = await knock(browser, door, world.ids)
        read = found_in(answer.text + str(answer.headers))
        seen |= read
        read -= {name for name in read if (role, name, door.path) in AT_ONE_DOOR}
        wrong += [f"{name} at {door.method} {door.path}" for name in read if role not in may_read(name)]
        if answer.status_code in (303, 201, 204):
            wrong += await told_to_others(world)
            await sweep()
            world = await the_world()

    assert wrong == []
    assert {name for name, roles in MAY_READ.items() if role in roles} <= seen, "they may, and do not find it"
    out = capfd.readouterr()
    assert found_in(out.out + out.err + caplog.text) == set(), "in the log"


async def told_to_others(world: World) -> list[str]:
    """What the doorbell told somebody who may not know it."""
    roles = {person.id: role for role, person in world.people.items() if person}
    wrong = []
    for row in await Notice.select(Notice.person, Notice.sentence).where(Notice.person != world.canary.id):
        role = roles.get(row["person"], "resident")
        wrong += [f"{name} told to the {role}" for name in found_in(row["sentence"]) if role not in may_read(name)]
    return wrong


async def test_the_canary_reads_all_of_it_in_their_own_export(browser, sign_in):
    world = await the_world()
    browser = await sign_in(world.canary)
    answer = await browser.get("/account/export")
    with ZipFile(BytesIO(answer.content)) as file:
        read = found_in("".join(file.read(name).decode("utf-8", "replace") for name in file.namelist()))
    assert read >= {"name", "phone", "email", "address", "device", "need", "note", "ask", "card", "special", "report",
        "ringing", "wecom", "errand", "private", "answer", "event need", "feedback", "item", "condition", "fetch",
        "loan reason", "damage", "sought",
    }  # fmt: skip


async def test_figures_name_nobody(browser, sign_in):
    world = await the_world()
    await (await sign_in(world.people["administrator"])).get(f"/admin/people/{world.canary.id}")
    assert found_in((await browser.get("/metrics")).text) == set()
