"""Nobody reads or changes what is another's by changing a number in an address."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.features.accounts.rules.signing_in import Place, open_door
from app.features.notices import rules as notices
from app.features.people.rules import neighbour
from app.features.people.tables import Person
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.kit.clock import now
from app.kit.words import say
from app.piccolo_app import APP_CONFIG
from tests.doors import ADMINISTRATORS, DOORS
from tests.makers import NOON, a_household, a_login, a_person, an_area

CANARIES = ("13800138000", "138 0013 8000", "canary@example.org", "CANARY-501", "canary ask", "canary device")
NUMBERED = [door for door in DOORS if re.search(r"\{\w+:int\}", door.path) and door.access != ADMINISTRATORS]
WRITTEN_BY_ANY_KNOCK = {"deeds", "tallies", "audit", "changes", "known_devices", "later"}


async def an_estate() -> Any:
    """Ana asked Ben for something and he said yes: each of them has much that is nobody else's. Mallory looks on."""
    home = await a_household(area=await an_area(name="3"), address="CANARY-501")
    ana = await a_person(name="Ana", home=home, phone="+8613800138000", email="canary@example.org")
    ben = await a_person(name="Ben", home=home, phone="+8613800138000", email="canary@example.org")
    mallory = await a_person(name="Mallory")
    await a_login(ana, "canary@example.org")
    await open_door(ana.id, place=Place("192.0.2", device="canary device"), now=now())
    await notices.tell(ana.id, say("canary ask"), path="/asks", now=NOON)
    offer = skills.Offer(words="Carpentry", category=Category.repairs)
    skill = await skills.offer(offer, by=ben, now=NOON)
    ask = await skills.ask(skill, skills.Request(words="canary ask"), by=ana, now=NOON)
    await skills.accept(ask, by=ben, now=NOON)
    return mallory


@pytest.fixture
async def mallory(database):
    return await an_estate()


async def everything(mallory: int) -> dict[str, list[Any]]:
    """Every row that is not Mallory's own, but for what any knock writes (counters, the audit, the deed's own key)."""
    kept = [table for table in APP_CONFIG.table_classes if table._meta.tablename not in WRITTEN_BY_ANY_KNOCK]
    return {table._meta.tablename: [row for row in await table.select() if not is_of(row, mallory)] for table in kept}


def is_of(row: dict[str, Any], person: int) -> bool:
    return any(row.get(column) == person for column in ("person", "asker", "giver"))


@given(door=st.sampled_from(NUMBERED), number=st.integers(-1, 12), words=st.sampled_from(["", "later", "x" * 700]))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
async def test_no_number_opens_what_is_anothers(mallory, sign_in, door, number, words):
    browser, before = await sign_in(mallory), await everything(mallory.id)
    path = re.sub(r"\{\w+:int\}", str(number), door.path)

    if door.method == "GET":
        answer = await browser.get(path, follow_redirects=False)
    else:
        said = dict.fromkeys(("reason", "when", "thanks"), words)
        answer = await browser.request(door.method, path, data=said, follow_redirects=False)

    assert answer.status_code < 500
    assert [canary for canary in CANARIES if canary in answer.text] == [], (path, answer.status_code)
    assert await everything(mallory.id) == before, path


async def test_ana_and_ben_do_see_each_other(mallory, sign_in):
    """So that the test above means anything: the canaries are there for those whom they concern."""
    ana = await neighbour((await Person.select(Person.id).where(Person.name == "Ana").first())["id"])
    browser = await sign_in(ana)
    shown = (await browser.get("/asks/1")).text + (await browser.get("/account")).text
    shown += (await browser.get("/account/sessions")).text + (await browser.get("/notices")).text
    seen = {each for each in CANARIES if each in shown}
    assert seen >= {
        "canary@example.org",
        "CANARY-501",
        "canary ask",
        "canary device",
    }
    assert re.search(r"138[ -]?0013[ -]?8000", shown)
