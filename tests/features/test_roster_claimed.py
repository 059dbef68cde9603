"""What a list claimed: its owner confirms or deletes it, its steward reads it until then, 90 days erase it."""

import asyncio
from datetime import timedelta

import pytest

from app.features.household import rules as household
from app.features.household.tables import Needs
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.roster import rules
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterImport
from app.kit.refusals import Missing, Refusal
from app.kit.tables import AuditRow
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

WORDS = "CANARY-dialysis"


async def a_claim(person, words=WORDS) -> int:
    came = RosterImport(at=NOON, basis="Civil protection act", file_fingerprint="x")
    await came.save()
    claimed = ClaimedNeed(person=person.id, roster_import=came.id, words=words, claimed_at=NOON)
    await claimed.save()
    return claimed.id


async def a_note(person) -> int:
    note = PhoneNote(person=person.id, words="1.38E+10", noted_at=NOON)
    await note.save()
    return note.id


async def test_confirmed_it_becomes_their_own_words_by_their_own_consent_and_the_claim_is_gone():
    lin = await a_person()
    claimed = await a_claim(lin)
    with pytest.raises(Refusal) as no:
        await rules.confirm(claimed, agrees=False, by=lin, now=NOON)
    assert no.value.beside == "agrees" and await ClaimedNeed.exists() and not await Needs.exists()
    await rules.confirm(claimed, agrees=True, by=lin, now=NOON)
    assert not await ClaimedNeed.exists() and (await household.own_needs(lin)).words == WORDS
    assert await people.has_consented(lin.id, "needs")
    await household.withdraw_needs(by=lin, now=NOON)
    assert not await Needs.exists() and not await ClaimedNeed.exists()


async def test_deleted_it_is_gone_and_nothing_was_agreed_to():
    lin = await a_person()
    await rules.erase(await a_claim(lin), by=lin, now=NOON)
    assert not await ClaimedNeed.exists() and not await Needs.exists()
    assert not await people.consents_of(lin.id) and WORDS not in str(await AuditRow.select())


async def test_nobody_else_answers_not_even_who_may_act_for_them():
    area = await an_area()
    lin = await a_person(home=await a_household(area=area))
    claimed = await a_claim(lin)
    for by in (await a_person(role=Kind.steward, area=area), await an_administrator(), await a_person()):
        with pytest.raises(Missing):
            await rules.confirm(claimed, agrees=True, by=by, now=NOON)
        with pytest.raises(Missing):
            await rules.erase(claimed, by=by, now=NOON)


async def test_of_two_taps_at_once_one_confirms():
    lin = await a_person()
    claimed = await a_claim(lin)
    taps = [rules.confirm(claimed, agrees=True, by=lin, now=NOON) for _ in range(5)]
    answers = await asyncio.gather(*taps, return_exceptions=True)
    assert sum(answer is None for answer in answers) == 1
    assert (await household.own_needs(lin)).words == WORDS


async def test_at_first_sign_in_home_leads_there_before_anything_else(sign_in):
    lin = await a_person(home=await a_household())
    claimed = await a_claim(lin)
    phone = await sign_in(lin)
    assert "/account/needs/claimed" in (await phone.get("/")).text
    page = (await phone.get("/account/needs/claimed")).text
    assert WORDS in page and "Civil protection act" in page
    path = f"/account/needs/claimed/{claimed}"
    refused = await phone.post(f"{path}/confirmation", follow_redirects=False)
    assert refused.status_code == 422 and f'id="agrees-{claimed}-wrong"' in refused.text
    done = await phone.post(f"{path}/confirmation", data={"agrees": "1"}, follow_redirects=False)
    assert done.status_code == 303
    home = (await phone.get("/")).text
    assert "/account/needs/claimed" not in home and 'href="/household"' in home
    assert WORDS in (await phone.get("/account/needs")).text
    second = await a_claim(lin, "wheelchair")
    page = (await phone.get("/account/needs/claimed")).text
    assert 'name="agrees"' not in page  # agreed already
    assert (await phone.post(f"/account/needs/claimed/{second}/removal", follow_redirects=False)).status_code == 303


async def test_whoever_looks_after_the_door_reads_it_and_each_look_stands_in_the_list_of_its_owner(sign_in):
    area = await an_area()
    home = await a_household(area=area)
    lin, ben = await a_person(home=home), await a_person(home=home)
    await a_claim(lin)
    await a_note(ben)
    readers = [await a_person(role=Kind.steward, area=area), await an_administrator()]
    others = [lin, ben, await a_person(role=Kind.coordinator), await a_person(role=Kind.steward, area=await an_area())]
    for by in readers:
        page = await (await sign_in(by)).get(f"/households/{home.id}/told")
        assert WORDS in page.text and "1.38E+10" in page.text
        assert WORDS not in (await (await sign_in(by)).get(f"/households/{home.id}")).text
    for by in others:
        page = await (await sign_in(by)).get(f"/households/{home.id}/told")
        assert page.status_code == 404 and WORDS not in page.text
    assert [(look.who, look.fields) for look in (await household.looks(lin.id)).rows] == [
        (by.id, '["claimed_needs"]') for by in reversed(readers)
    ]
    assert [look.fields for look in (await household.looks(ben.id)).rows] == ['["phone_notes"]'] * 2


async def test_a_note_that_was_asked_about_goes_and_only_by_whoever_looks_after_the_door():
    area = await an_area()
    home = await a_household(area=area)
    lin, steward = await a_person(home=home), await a_person(role=Kind.steward, area=area)
    note = await a_note(lin)
    for by in (lin, await a_person(role=Kind.steward, area=await an_area())):
        with pytest.raises(Missing):
            await rules.put_right(note, by=by, now=NOON)
    assert await rules.put_right(note, by=steward, now=NOON) == home.id
    with pytest.raises(Missing):
        await rules.put_right(note, by=steward, now=NOON)


async def test_what_nobody_confirmed_is_erased_after_ninety_days_and_what_was_stays_theirs():
    lin, ben = await a_person(), await a_person()
    await a_claim(lin)
    await rules.confirm(await a_claim(ben), agrees=True, by=ben, now=NOON)
    await rules.purge(NOON + timedelta(days=91))
    assert not await ClaimedNeed.exists() and (await household.own_needs(ben)).words == WORDS
