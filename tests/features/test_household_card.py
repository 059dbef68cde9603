"""The household's card: filled once, by any member, and nobody's words are lost unseen."""

import asyncio
import re

import pytest

from app.features.household import rules
from app.features.household.tables import HouseholdCard, KeyHolding
from app.features.people import rules as people
from app.features.people.tables import Audience, FieldAudience, Kind, State
from app.kit.clock import now
from app.kit.refusals import Missing, Refusal
from app.kit.tables import AuditRow
from tests.makers import NOON, a_card, a_household, a_person, an_administrator

FULL = {
    "contact_name": "林小雨",
    "contact_relation": "女儿",
    "contact_phone": "+8613800138000",
    "key_words": "物业前台",
    "languages": "普通话、四川话",
    "pets": "一只叫团子的猫",
    "notes": "门铃声音小，请多敲几下",
}


async def test_any_member_fills_it_in_and_it_begins_closed_to_everybody_else():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    await a_card(home, ana, **FULL)
    card, audiences = await rules.card_of(home.id)
    assert {name: getattr(card, name) for name in FULL} == FULL
    assert set(audiences.values()) == {Audience.me} and (card.version, card.edited_by) == (1, ana.name)
    await a_card(home, ben, notes="")
    card, _ = await rules.card_of(home.id)
    assert (card.notes, card.pets, card.version, card.edited_by) == ("", FULL["pets"], 2, ben.name)


async def test_what_was_written_is_in_no_audit_row_and_which_field_it_was_is():
    home = await a_household()
    ana = await a_person(home=home)
    await a_card(home, ana, **FULL)
    await a_card(home, ana, notes="neu")
    rows = await AuditRow.select().where(AuditRow.did == "household card changed").order_by(AuditRow.id)
    assert [row["fields"] for row in rows][-1] == '["notes"]'
    everything = str(await AuditRow.select())
    assert not any(word in everything for word in (*FULL.values(), "neu"))


@pytest.mark.parametrize(
    ("said", "beside"),
    [
        ({"contact_name": "Wu"}, "contact_phone"),
        ({"contact_phone": "13800138000"}, "contact_name"),
        ({"contact_name": "Wu", "contact_phone": "12"}, "contact_phone"),
    ],
)
async def test_a_contact_is_a_name_and_a_number_that_can_be_dialled(said, beside):
    home = await a_household()
    ana = await a_person(home=home)
    with pytest.raises(Refusal) as no:
        await a_card(home, ana, **said)
    assert no.value.beside == beside and not await HouseholdCard.exists()


async def test_nobody_but_its_members_writes_a_card():
    home = await a_household()
    suspended = await a_person(home=home, state=State.suspended)
    pending = await a_person(home=home, state=State.pending)
    steward = await a_person(role=Kind.steward)
    for by in (suspended, pending, steward, await an_administrator(), await a_person(home=await a_household())):
        with pytest.raises(Missing):
            await rules.save(home.id, rules.Written(pets="x"), {}, version=0, by=by, now=NOON)
        with pytest.raises(Missing):
            await rules.ours(home.id, by=by)


async def test_of_two_who_change_it_at_once_the_second_sees_both_and_nothing_is_overwritten():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    await a_card(home, ana, pets="Cat")
    await rules.save(home.id, rules.Written(pets="Two cats"), {}, version=1, by=ana, now=NOON)
    with pytest.raises(rules.ChangedMeanwhile) as changed:
        await rules.save(home.id, rules.Written(pets="Dog"), {}, version=1, by=ben, now=NOON)
    assert changed.value.card.pets == "Two cats" and (await rules.card_of(home.id))[0].pets == "Two cats"


async def test_of_ten_who_fill_in_the_empty_card_at_once_one_does():
    home = await a_household()
    members = [await a_person(home=home) for _ in range(10)]
    await asyncio.gather(*[rules.card_of(home.id) for _ in members])  # ten connections stand open: all begin at once
    saved = await asyncio.gather(
        *[rules.save(home.id, rules.Written(pets=f"{m.id}"), {}, version=0, by=m, now=NOON) for m in members],
        return_exceptions=True,
    )
    assert sum(answer is None for answer in saved) == 1
    assert sum(isinstance(answer, rules.ChangedMeanwhile) for answer in saved) == 9
    assert await HouseholdCard.count() == 1


async def test_saving_what_stands_there_already_changes_nothing():
    home = await a_household()
    ana = await a_person(home=home)
    await a_card(home, ana, pets="Cat", open_to={"pets": Audience.building})
    await a_card(home, ana, pets="Cat", open_to={"pets": Audience.building})
    assert (await rules.card_of(home.id))[0].version == 1


async def test_those_who_move_in_after_them_find_nothing_of_those_who_moved_out():
    home = await a_household()
    ana, holder = await a_person(home=home), await a_person()
    await a_card(home, ana, pets="Cat", open_to={"pets": Audience.community})
    key = await rules.ask_to_hold(home.id, holder.id, by=ana, now=NOON)
    await rules.agree(key, by=holder, now=NOON)
    [stay] = await people.stays_of(ana.id)
    await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)
    ben = await a_person(home=home)

    ours = await rules.ours(home.id, by=ben)
    assert (ours.card, ours.holding) == (rules.Card(), None)
    assert set(ours.audiences.values()) == {Audience.me}
    assert await rules.shown_to(await a_person(), ben.id) == []
    await a_card(home, ben, notes="Ring twice")
    ours = await rules.ours(home.id, by=ben)
    assert (ours.card.pets, ours.card.notes, ours.audiences["pets"]) == ("", "Ring twice", Audience.me)
    assert not await KeyHolding.exists()


async def test_whoever_stays_keeps_the_card_and_a_slip_of_moving_out_is_undone_with_it():
    home = await a_household()
    ana = await a_person(home=home)
    await a_card(home, ana, pets="Cat")
    ben = await a_person(home=home)
    [stay] = await people.stays_of(ana.id)
    await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)
    assert (await rules.card_of(home.id))[0].pets == ""
    await people.rejoin(stay.membership, by=1, now=NOON)
    assert (await rules.ours(home.id, by=ben)).card.pets == "Cat"
    await a_card(home, ben, notes="Ring twice")
    await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)
    assert (await rules.card_of(home.id))[0].pets == "Cat"


async def test_what_was_left_behind_is_swept_away():
    home = await a_household()
    ana = await a_person(home=home)
    await a_card(home, ana, pets="Cat", open_to={"pets": Audience.community})
    await rules.purge(NOON)
    assert await HouseholdCard.exists()
    await people.settle(ana.id, State.gone, by=0, now=NOON)
    await rules.purge(NOON)
    assert not await HouseholdCard.exists() and not await FieldAudience.exists()


@pytest.mark.parametrize("first", [people.forget, rules.forget])
async def test_a_card_goes_with_the_last_member_whichever_feature_forgets_first(first):
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    await a_card(home, ana, pets="Cat")
    second = rules.forget if first is people.forget else people.forget
    for member, left in ((ana, 1), (ben, 0)):
        await first(member.id, now=NOON)
        await second(member.id, now=NOON)
        assert await HouseholdCard.count() == left
        assert not await HouseholdCard.exists().where(HouseholdCard.edited_by == ana.id)


async def test_the_export_has_the_card_of_those_who_were_let_in_only():
    home = await a_household()
    ana, pending = await a_person(home=home), await a_person(home=home, state=State.pending)
    await a_card(home, ana, **FULL)
    [card] = (await rules.mine(ana.id))["cards"]
    assert card["contact_name"] == "林小雨" and card["address"] == home.address
    assert (await rules.mine(pending.id))["cards"] == []


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page)
    found += re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)', page)
    return dict(found)


async def test_the_form_keeps_what_was_typed_and_shows_what_the_other_wrote(sign_in):
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(name="Ben", home=home)
    await a_card(home, ana, pets="Cat")
    phone, path = await sign_in(ana), f"/household/{home.id}/card"
    form = fields((await phone.get(path)).text)
    await rules.save(home.id, rules.Written(pets="Two cats", notes="Gas"), {}, version=1, by=ben, now=now())

    answer = await phone.post(path, data=form | {"pets": "Cat and dog"}, follow_redirects=False)
    assert answer.status_code == 409
    assert "It says now: Two cats" in answer.text and "It says now: Gas" in answer.text
    again = fields(answer.text)
    assert (again["pets"], again["version"]) == ("Cat and dog", "2")

    form = again | {"notes": "Gas", "_deed": ""}
    assert (await phone.post(path, data=form, follow_redirects=False)).status_code == 303
    card, _ = await rules.card_of(home.id)
    assert (card.pets, card.notes, card.version) == ("Cat and dog", "Gas", 3)


async def test_a_refused_form_says_what_is_wrong_beside_its_field(sign_in):
    home = await a_household()
    phone = await sign_in(await a_person(home=home))
    said = {"contact_name": "Wu", "contact_phone": "12", "pets": "Cat", "who_pets": "everybody", "version": "0"}
    answer = await phone.post(f"/household/{home.id}/card", data=said, follow_redirects=False)
    assert answer.status_code == 422 and 'value="Cat"' in answer.text and 'id="f-who_pets-wrong"' in answer.text
    answer = await phone.post(f"/household/{home.id}/card", data=said | {"who_pets": "me"}, follow_redirects=False)
    assert answer.status_code == 422 and 'id="f-contact_phone-wrong"' in answer.text
    wide = {"who_emergency_contact": "community"}
    answer = await phone.post(f"/household/{home.id}/card", data=wide, follow_redirects=False)
    assert answer.status_code == 422 and "cannot be opened that far" in answer.text


async def test_somebody_with_two_households_switches_between_them(sign_in):
    one, two = await a_household(address="1-1"), await a_household(address="2-2")
    ana = await a_person(home=one)
    await people.join(ana.id, two.id, on=NOON.date(), by=None, now=NOON)
    phone = await sign_in(ana)
    assert f'/household/{one.id}/card"' in (await phone.get("/household")).text
    page = (await phone.get(f"/household?home={two.id}")).text
    assert f'/household/{two.id}/card"' in page and "1-1" in page
    assert (await phone.get(f"/household?home={(await a_household()).id}")).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_every_page_speaks_both_languages_and_counts_its_queries(sign_in, queries, language):
    home = await a_household()
    ana = await a_person(name="Ana", language=language, home=home)
    ben = await a_person(home=home)
    await a_card(home, ben, **FULL)
    phone = await sign_in(ana)
    most = {
        "/household": 9,
        f"/household/{home.id}/card": 9,
        f"/household/{home.id}/key-holder": 4,
        f"/household/{home.id}/key-holder?q=ben": 5,
        "/household/acting": 7,
        "/household/keys": 2,
        "/account/needs": 4,
        "/account/privacy": 8,
    }
    for path, number in most.items():
        queries.clear()
        page = await phone.get(path)
        assert (path, page.status_code) == (path, 200)
        assert len(queries) <= number, (path, len(queries))
        assert f'<html lang="{language}"' in page.text and page.text.count("<h1") == 1


async def test_home_asks_for_the_card_until_one_of_their_households_has_it():
    ana = await a_person()
    assert (await rules.on_home(ana, now=NOON)).first_step is None
    one, two = await a_household(), await a_household()
    for home in (one, two):
        await people.join(ana.id, home.id, on=NOON.date(), by=None, now=NOON)
    assert (await rules.on_home(ana, now=NOON)).first_step.path == "/household"
    await a_card(two, ana, pets="Cat")
    assert (await rules.on_home(ana, now=NOON)).first_step is None
