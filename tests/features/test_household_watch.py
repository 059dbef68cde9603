"""Those who keep watch: what they see of the doors of their areas, and who reads that they looked."""

import pytest

from app.features.household import rules
from app.features.people import rules as people
from app.features.people.tables import Audience, Kind, State
from app.kit.refusals import Missing, NotYours
from app.kit.tables import AuditRow
from tests.makers import NOON, a_card, a_household, a_person, an_administrator, an_area

CONTACT = {"contact_name": "Wu", "contact_phone": "+8613800138000"}


async def test_a_steward_lists_the_households_inside_their_areas_and_an_administrator_all_of_them():
    three, five = await an_area(name="3"), await an_area(name="5")
    inside = await an_area(parent=three.id, name="2")
    homes = {
        "3-2-501": await a_household(area=inside, address="3-2-501"),
        "3-2-1102": await a_household(area=inside, address="3-2-1102"),
        "5-101": await a_household(area=five, address="5-101"),
    }
    for home in homes.values():
        await a_person(name=f"of {home.address}", home=home)
    await a_household(area=inside, address="3-2-502")  # nobody lives there
    await a_person(home=await a_household(area=inside, address="3-2-503"), state=State.pending)
    steward = await a_person(role=Kind.steward, area=three)

    assert [door.address for door in await rules.households(steward)] == ["3-2-501", "3-2-1102"]
    assert [door.names for door in await rules.households(steward, "1102")] == ["of 3-2-1102"]
    assert not await rules.households(steward, "5-101") and not await rules.households(steward, "%")
    assert len((await rules.households(await an_administrator())).rows) == 3
    for other in (Kind.coordinator, Kind.space_manager, None):
        with pytest.raises(NotYours):
            await rules.households(await a_person(role=other))


async def test_looking_without_seeing_anything_sensitive_is_nobodys_news():
    area = await an_area()
    home = await a_household(area=area)
    lin, steward = await a_person(home=home), await a_person(role=Kind.steward, area=area)
    await a_card(home, lin, **CONTACT, pets="Cat", open_to={"pets": Audience.community})
    seen = await rules.household(home.id, by=steward, now=NOON)
    assert [fact.field for fact in seen.facts] == ["pets"] and not seen.noted
    assert not await rules.looks(lin.id)


async def test_a_look_at_where_the_key_lies_is_noted():
    area = await an_area()
    home = await a_household(area=area)
    lin, steward = await a_person(home=home), await a_person(name="Zheng", role=Kind.steward, area=area)
    await a_card(home, lin, key_words="With the guard", open_to={"key_holder": Audience.stewards})
    assert (await rules.household(home.id, by=steward, now=NOON)).noted
    [look] = await rules.looks(lin.id)
    assert (look.name, [str(each) for each in look.seen]) == ("Zheng", ["where a key to your home is"])


async def test_each_member_reads_who_saw_the_contact_and_only_their_own_needs():
    area = await an_area()
    home = await a_household(area=area)
    lin, ben = await a_person(home=home), await a_person(home=home)
    steward = await a_person(name="Zheng", role=Kind.steward, area=area)
    await a_card(home, lin, **CONTACT, open_to={"emergency_contact": Audience.stewards})
    await rules.say_needs("dialysis", audience=Audience.stewards, agrees=True, by=ben, now=NOON)

    assert (await rules.household(home.id, by=steward, now=NOON)).noted
    [of_lin], [of_ben] = await rules.looks(lin.id), await rules.looks(ben.id)
    assert (of_lin.name, of_lin.fields) == ("Zheng", '["emergency_contact"]')
    assert of_ben.fields == '["emergency_contact", "needs"]'
    assert "dialysis" not in str(await AuditRow.select())


async def test_a_steward_who_lives_there_sees_the_contact_unnoted_and_a_housemates_needs_noted():
    area = await an_area()
    home = await a_household(area=area)
    ben, steward = await a_person(home=home), await a_person(role=Kind.steward, area=area, home=home)
    await a_card(home, ben, **CONTACT)
    for each in (ben, steward):
        await rules.say_needs("dialysis", audience=Audience.stewards, agrees=True, by=each, now=NOON)
    seen = await rules.household(home.id, by=steward, now=NOON)
    assert [fact.phone for fact in seen.facts] == [CONTACT["contact_phone"]] and set(seen.needs) == {ben.id, steward.id}
    assert [look.fields for look in await rules.looks(ben.id)] == ['["needs"]']
    assert not await rules.looks(steward.id)


async def test_a_steward_whose_role_has_ended_sees_nothing_any_more():
    area = await an_area()
    home = await a_household(area=area)
    await a_person(home=home)
    steward = await a_person(role=Kind.steward, area=area)
    await rules.household(home.id, by=steward, now=NOON)
    [role] = await people.roles_of(steward.id)
    await people.end_role(role.id, by=0, now=NOON)
    with pytest.raises(Missing):
        await rules.household(home.id, by=await people.neighbour(steward.id), now=NOON)


async def test_the_list_of_looks_names_people_and_also_the_committees_desk(sign_in):
    area = await an_area()
    home = await a_household(area=area)
    lin, steward = await a_person(home=home), await a_person(name="Zheng", role=Kind.steward, area=area)
    boss = await an_administrator(name="Zhou")
    await a_card(home, lin, **CONTACT, open_to={"emergency_contact": Audience.stewards})
    phone = await sign_in(steward)
    for _ in range(22):
        assert "That you looked is noted" in (await phone.get(f"/households/{home.id}")).text
    await (await sign_in(boss)).get(f"/admin/people/{lin.id}")

    page = (await (await sign_in(lin)).get("/account/privacy")).text
    assert "Zhou" in page and "looked at your page at the committee&#39;s desk" in page.replace("'", "&#39;")
    assert page.count("saw your emergency contact") == 19 and "page=2" in page
    assert (await phone.get("/account/privacy?page=2")).text.count("saw your emergency contact") == 3
    assert "Zhou" not in (await (await sign_in(steward)).get("/account/privacy")).text


async def test_the_choosers_are_one_form_and_a_change_reaches_whoever_has_the_card_open(sign_in):
    home = await a_household()
    lin, ben = await a_person(home=home), await a_person(home=home)
    await a_card(home, ben, pets="Cat")
    await rules.say_needs("dialysis", audience=Audience.stewards, agrees=True, by=lin, now=NOON)
    phone = await sign_in(lin)
    page = (await phone.get("/account/privacy")).text
    assert 'name="needs"' in page and f'name="pets_{home.id}"' in page

    said = {"needs": "me", f"pets_{home.id}": "building", f"pets_{home.id + 1}": "community", "shoes": "me"}
    assert (await phone.post("/account/privacy", data=said, follow_redirects=False)).status_code == 303
    card, audiences = await rules.card_of(home.id)
    assert (audiences["pets"], audiences["notes"], card.version) == (Audience.building, Audience.me, 2)
    assert (await people.audiences_of(lin.id))["needs"] == Audience.me
    with pytest.raises(rules.ChangedMeanwhile):
        await rules.save(home.id, rules.Written(pets="Dog"), audiences, version=1, by=ben, now=NOON)


async def test_of_a_form_with_one_wrong_answer_nothing_is_changed_and_the_sentence_stands_beside_it(sign_in):
    home = await a_household()
    lin = await a_person(home=home)
    await a_card(home, lin, pets="Cat")
    phone = await sign_in(lin)
    said = {f"pets_{home.id}": "building", f"emergency_contact_{home.id}": "community"}
    answer = await phone.post("/account/privacy", data=said, follow_redirects=False)
    assert answer.status_code == 422 and f'id="f-emergency_contact_{home.id}-wrong"' in answer.text
    assert '<option value="building" selected>' in answer.text
    assert (await rules.card_of(home.id))[1]["pets"] == Audience.me


async def test_somebody_suspended_still_reaches_their_own_privacy_page_and_takes_consents_back(sign_in):
    home = await a_household()
    lin = await a_person(home=home)
    await a_card(home, lin, pets="CANARY")
    await rules.say_needs("dialysis", audience=Audience.stewards, agrees=True, by=lin, now=NOON)
    await people.settle(lin.id, State.suspended, by=0, now=NOON, reason="noise")
    phone = await sign_in(lin)
    page = (await phone.get("/account/privacy")).text
    assert 'name="needs"' in page and f'name="pets_{home.id}"' not in page
    assert (await phone.post("/account/needs/withdrawal", follow_redirects=False)).status_code == 303
    await rules.settle({f"pets_{home.id}": "community"}, by=await people.neighbour(lin.id), now=NOON)
    assert (await rules.card_of(home.id))[1]["pets"] == Audience.me
