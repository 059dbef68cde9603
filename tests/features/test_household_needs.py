"""Special needs: said by oneself, kept by one's own consent, gone with it."""

import pytest

from app.features.household import rules
from app.features.household.tables import Needs
from app.features.people import rules as people
from app.features.people.rules import consents
from app.features.people.rules.consents import Purpose
from app.features.people.tables import Audience, Consent, Kind
from app.kit.refusals import NotYours, Refusal
from app.kit.tables import AuditRow
from tests.makers import NOON, a_household, a_person, an_area

STEWARDS = Audience.stewards


async def lin_and_her_steward():
    area = await an_area()
    return await a_person(name="Lin", home=await a_household(area=area)), await a_person(role=Kind.steward, area=area)


async def said(by, words="dialysis", audience=STEWARDS, agrees=True) -> None:
    await rules.say_needs(words, audience=audience, agrees=agrees, by=by, now=NOON)


async def seen(by, owner) -> str:
    found = await rules.readable_needs([owner.id], by=by)
    return found[owner.id].words if found else ""


async def test_without_consent_nothing_is_kept_and_the_consent_is_asked_once():
    lin, steward = await lin_and_her_steward()
    with pytest.raises(Refusal) as no:
        await said(lin, agrees=False)
    assert no.value.beside == "agrees" and not await Needs.exists() and not await Consent.exists()
    await said(lin)
    await said(lin, "dialysis, Mondays", agrees=False)
    assert await seen(steward, lin) == "dialysis, Mondays" and await Consent.count() == 1


async def test_withdrawn_nothing_of_it_is_left_anywhere_but_that_there_was_a_consent():
    lin, steward = await lin_and_her_steward()
    await said(lin)
    await rules.withdraw_needs(by=lin, now=NOON)
    assert not await Needs.exists() and await seen(steward, lin) == ""
    assert [each.withdrawn_at for each in await people.consents_of(lin.id)] == [NOON]
    assert "dialysis" not in str(await AuditRow.select()) + str(await rules.mine(lin.id))
    assert await rules.own_needs(lin) is None


async def test_when_the_withdrawal_breaks_half_way_consent_and_words_are_both_still_there(monkeypatch):
    lin, steward = await lin_and_her_steward()
    await said(lin)

    def breaks(*_, **__):
        raise ConnectionError("the disk is full")

    monkeypatch.setattr("app.features.household.rules.needs.Needs.delete", breaks)
    with pytest.raises(ConnectionError):
        await rules.withdraw_needs(by=lin, now=NOON)
    assert await people.has_consented(lin.id, "needs") and await seen(steward, lin) == "dialysis"


async def test_to_new_words_of_the_purpose_nobody_has_agreed_yet_so_nobody_else_reads_it(monkeypatch):
    lin, steward = await lin_and_her_steward()
    await said(lin)
    changed = Purpose(people.PURPOSES["needs"].words, "2099-01-01")
    monkeypatch.setitem(consents.PURPOSES, "needs", changed)
    assert await seen(steward, lin) == "" and await seen(lin, lin) == ""
    assert (await rules.own_needs(lin)).words == "dialysis"
    with pytest.raises(Refusal):
        await said(lin, agrees=False)
    await said(lin)
    assert await seen(steward, lin) == "dialysis"


async def test_closed_to_everybody_it_is_closed_to_the_steward_too():
    lin, steward = await lin_and_her_steward()
    await said(lin, audience=Audience.me)
    assert await seen(steward, lin) == ""
    with pytest.raises(Refusal):
        await said(lin, audience=Audience.building)


async def test_what_a_list_said_is_added_once_and_only_as_far_as_there_is_room():
    lin, _ = await lin_and_her_steward()
    await said(lin, "wheelchair")
    for _ in range(2):
        await rules.add_needs("dialysis", agrees=False, by=lin, now=NOON)
    assert (await rules.own_needs(lin)).words == "wheelchair\ndialysis"
    await said(lin, "x" * 595)
    with pytest.raises(Refusal):
        await rules.add_needs("dialysis", agrees=False, by=lin, now=NOON)
    assert (await rules.own_needs(lin)).words == "x" * 595


async def test_the_forgotten_need_nothing():
    lin, _ = await lin_and_her_steward()
    await said(lin)
    assert [each["words"] for each in (await rules.mine(lin.id))["needs"]] == ["dialysis"]
    await rules.forget(lin.id, now=NOON)
    assert not await Needs.exists()


async def test_the_page_names_the_purpose_keeps_what_was_typed_and_takes_the_consent_back(sign_in):
    lin, _ = await lin_and_her_steward()
    phone = await sign_in(lin)
    form = {"needs": "dialysis", "audience": "stewards"}
    answer = await phone.post("/account/needs", data=form)
    assert answer.status_code == 422 and "dialysis</textarea>" in answer.text and 'id="f-agrees-wrong"' in answer.text
    assert "so that your steward and helpers find you in an emergency" in answer.text
    assert (await phone.post("/account/needs", data=form | {"agrees": "1"}, follow_redirects=False)).status_code == 303
    page = (await phone.get("/account/privacy")).text
    assert "/account/privacy/consents/needs/withdrawal" in page
    answer = await phone.post("/account/privacy/consents/needs/withdrawal", follow_redirects=False)
    assert answer.status_code == 303 and not await Needs.exists()
    page = (await phone.get("/account/privacy")).text
    assert "taken back on" in page and "consents/needs/withdrawal" not in page


async def test_the_terms_end_with_being_here_and_an_unknown_purpose_is_not_there(sign_in):
    lin, _ = await lin_and_her_steward()
    await people.consent(lin.id, "terms", by=lin.id, now=NOON)
    with pytest.raises(NotYours):
        await rules.take_back("terms", by=lin, now=NOON)
    assert await people.has_consented(lin.id, "terms")
    answer = await (await sign_in(lin)).post("/account/privacy/consents/shoes/withdrawal")
    assert answer.status_code == 404
