"""A child under 14 is here through a guardian, and only until it is of age."""

import json
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from app import house
from app.features.accounts import rules as accounts
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.household import rules as household
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.features.people.tables import Audience, State
from app.features.privacy import rules
from app.features.skills import rules as skills
from app.kit.refusals import Missing, NotYours, Refusal
from tests.makers import NOON, a_household, a_login, a_person

MONTH, OF_AGE = "2028-04", date(2028, 5, 1)
GROWN = NOON + timedelta(days=3 * 365)


async def a_family():
    home = await a_household()
    ana, ben = await a_person(name="Ana", home=home), await a_person(name="Ben", home=home)
    kim = await rules.add_child("Kim", month=MONTH, household=home.id, by=ana, now=NOON)
    return ana, ben, await people.neighbour(kim)


async def test_a_guardian_brings_a_child_of_the_household_in_and_agrees_for_it():
    ana, _, kim = await a_family()
    [child] = await rules.children(ana, now=NOON)
    assert (child.id, child.of_age_on) == (kim.id, OF_AGE)
    [given] = await people.consents_of(kim.id)
    assert (given.purpose, given.given_by) == ("terms", ana.id)
    assert [stay.household for stay in await people.stays_of(kim.id)] == [
        stay.household for stay in await people.stays_of(ana.id)
    ]


async def test_a_child_reads_along_and_is_called_and_shown_to_nobody():
    _, ben, kim = await a_family()
    skill = await skills.offer(skills.Offer("Carpentry"), by=ben, now=NOON)
    request = skills.Request("My bike")
    for deed in (
        skills.offer(skills.Offer("Carpentry"), by=kim, now=NOON),
        skills.ask(skill, request, by=kim, now=NOON),
        skills.ask_anybody(request, by=kim, now=NOON),
    ):
        with pytest.raises(NotYours):
            await deed
    assert [each.name for each in await skills.neighbours(skills.Wanted(), by=kim)] == ["Ben"]
    assert kim.id not in {each.id for each in await skills.neighbours(skills.Wanted(), by=ben)}
    with pytest.raises(Missing):
        await skills.person(kim.id, by=await a_person(), now=NOON)


async def test_nobody_asks_in_a_childs_name_since_a_yes_shows_a_door():
    home = await a_household()
    ana = await a_person(name="Ana", home=home)
    kim = await rules.add_child("Kim", month=MONTH, household=home.id, by=ana, now=NOON)
    [stay] = await people.stays_of(ana.id)
    await people.may_answer(stay.membership, yes=True, by=ana.id, now=NOON)
    skill = await skills.offer(skills.Offer("Carpentry"), by=await a_person(), now=NOON)
    with pytest.raises(Refusal) as no:
        await skills.ask(skill, skills.Request("A bike", for_whom=kim), by=ana, now=NOON)
    assert no.value.beside == "for_whom"


async def test_the_right_of_the_guardian_ends_on_the_day_without_anybody_doing_anything():
    ana, _, kim = await a_family()
    eve = OF_AGE - timedelta(days=1)
    assert kim.is_child(eve) and not kim.is_child(OF_AGE)
    assert await people.children_of(ana.id, eve) and not await people.children_of(ana.id, OF_AGE)
    with pytest.raises(Missing):
        await rules.code_for_child(kim.id, by=ana, now=GROWN)
    assert await skills.offer(skills.Offer("Carpentry"), by=kim, now=GROWN)


async def test_whoever_comes_of_age_is_asked_for_the_terms_and_agrees_alone():
    _, _, kim = await a_family()

    async def agreed(now) -> bool:
        key = await open_door(kim.id, place=Place("192.0.2"), now=now)
        return (await accounts.whose(key.token, now))[0].agreed

    assert await agreed(NOON)
    assert not await agreed(GROWN)
    await people.consent(kim.id, "terms", by=kim.id, now=GROWN)
    assert await agreed(GROWN)
    standing = [each.given_by for each in await people.consents_of(kim.id) if each.withdrawn_at is None]
    assert standing == [kim.id]


async def test_a_child_neither_holds_a_key_nor_asks_anybody_in_nor_is_found_to_be_asked():
    _, ben, kim = await a_family()
    await a_login(kim)
    other = await a_household()
    cleo = await a_person(home=other)
    assert (await household.candidates(other.id, "kim", by=cleo, today=NOON.date()))[0] == []
    assert (await household.candidates(other.id, "kim", by=cleo, today=OF_AGE))[0]
    with pytest.raises(Missing):
        await household.ask_to_hold(other.id, kim.id, by=cleo, now=NOON)
    [stay] = await people.stays_of(ben.id)
    with pytest.raises(NotYours):
        await household.ask_to_hold(stay.household, cleo.id, by=kim, now=NOON)
    assert await household.ask_to_hold(other.id, kim.id, by=cleo, now=GROWN)


async def test_a_child_does_not_consent_to_its_needs_being_kept():
    _, _, kim = await a_family()
    for deed in (household.say_needs, household.add_needs):
        more = {"audience": Audience.stewards} if deed is household.say_needs else {}
        with pytest.raises(NotYours):
            await deed("dialysis", agrees=True, by=kim, now=NOON, **more)
        await deed("dialysis", agrees=True, by=kim, now=GROWN, **more)


async def test_nobody_else_answers_for_a_child():
    _, ben, kim = await a_family()
    for deed in (
        rules.code_for_child(kim.id, by=ben, now=NOON),
        rules.leave_child(kim.id, by=ben, step_back=(), now=NOON),
        rules.stay_child(kim.id, by=ben, now=NOON),
    ):
        with pytest.raises(Missing):
            await deed
    assert await rules.children(ben, now=NOON) == []


@pytest.mark.parametrize(
    ("month", "beside"), [("2026-04", "month"), ("2041-01", "month"), ("May", "month"), ("2030-13", "month")]
)
async def test_the_month_must_lie_ahead_and_be_a_month(month, beside):
    ana = await a_person(home=await a_household())
    with pytest.raises(Refusal) as no:
        await rules.add_child("Kim", month=month, household=None, by=ana, now=NOON)
    assert no.value.beside == beside


async def test_a_child_answers_for_no_other_child_and_nobody_brings_one_into_anothers_household():
    ana, _, kim = await a_family()
    with pytest.raises(NotYours):
        await rules.add_child("Pip", month=MONTH, household=None, by=kim, now=NOON)
    with pytest.raises(Missing):
        await rules.add_child("Pip", month=MONTH, household=(await a_household()).id, by=ana, now=NOON)
    with pytest.raises(Refusal):
        await rules.add_child("Pip", month=MONTH, household=None, by=await a_person(), now=NOON)


async def test_children_leave_with_their_guardian_and_come_back_with_them():
    ana, _, kim = await a_family()
    await a_login(ana)
    said = {"password": "three plain words", "reason": "", "step_back": house.STEP_BACK, "now": NOON}
    await rules.leave(ana, sign_in=0, **said)
    assert (await people.neighbour(kim.id)).state == State.leaving
    await rules.stay(ana.id, by=ana.id, now=NOON)
    assert (await people.neighbour(kim.id)).state == State.active
    await rules.leave(await people.neighbour(ana.id), sign_in=0, **said)
    await house.erase_due(NOON + timedelta(days=31))
    assert [(await people.neighbour(each.id)).name for each in (ana, kim)] == ["", ""]


async def test_a_guardian_signs_a_child_in_takes_its_data_and_has_it_erased(sign_in):
    ana, _, kim = await a_family()
    browser = await sign_in(ana)
    assert "Kim" in (await browser.get("/household/children")).text
    assert "/join/" in (await browser.post(f"/household/children/{kim.id}/code")).text
    taken = await browser.get(f"/household/children/{kim.id}/export")
    assert taken.status_code == 200 and taken.headers["content-type"] == "application/zip"
    await browser.post(f"/household/children/{kim.id}/leaving")
    assert (await people.neighbour(kim.id)).state == State.leaving
    await browser.post(f"/household/children/{kim.id}/return")
    assert (await people.neighbour(kim.id)).state == State.active


async def test_what_a_child_says_to_officers_and_whom_they_block_is_not_for_their_guardian(sign_in):
    ana, _, kim = await a_family()
    await moderation.block(ana.id, by=await people.neighbour(kim.id), now=NOON)
    theirs = (await (await sign_in(ana)).get(f"/household/children/{kim.id}/export")).content
    with ZipFile(BytesIO(theirs)) as file:
        told = json.loads(file.read("data.json"))["moderation"]
    assert "decisions" in told and not {"reports", "blocks"} & told.keys()


async def test_the_form_keeps_what_was_typed_and_asks_to_agree(sign_in):
    ana = await a_person(home=await a_household())
    browser = await sign_in(ana)
    no = await browser.post("/household/children", data={"name": "Kim Canary", "month": "2031-05"})
    assert no.status_code == 422 and "Kim Canary" in no.text and "Please agree to it for the child." in no.text
    yes = await browser.post("/household/children", data={"name": "Kim", "month": "2031-05", "agreed": "1"})
    assert yes.status_code == 200 and "under 14 until" in yes.text
