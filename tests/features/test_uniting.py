"""Is the newcomer the person on the list? The two become one when an officer has made sure."""

import re

import pytest

from app.features.accounts import rules as accounts
from app.features.accounts.rules import Place
from app.features.accounts.rules.signing_in import open_door
from app.features.accounts.tables import Login
from app.features.community.tables import Area
from app.features.joining import rules
from app.features.people import rules as people
from app.features.people.tables import Kind, Person, State
from app.kit.refusals import Missing, Refusal
from tests.joining import KNOCK, a_newcomer, a_poster
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area

HERE = Place("192.0.2", device="Firefox, Android")


async def listed(typed="fang@example.org", **on_file):
    """(an administrator, Fang as the list has them, the number of whoever came by the poster and says to be Fang)"""
    boss, area = await an_administrator(), await an_area()
    home = await a_household(area=area, address="3-2-501")
    fang = await a_person(name=KNOCK.name, home=home, **on_file)
    return boss, fang, await a_newcomer(await a_poster(area), login=typed)


async def test_the_newcomer_and_the_person_on_the_list_become_one_and_stay_signed_in():
    boss, fang, newcomer = await listed()
    key = await open_door(newcomer, place=HERE, now=NOON)
    assert [each.id for each in await rules.on_the_list(newcomer, by=boss)] == [fang.id]

    await rules.unite(newcomer, fang.id, checked=False, by=boss, now=NOON)

    [viewer, _] = await accounts.whose(key.token, NOON)
    assert (viewer.id, viewer.state) == (fang.id, State.active)
    assert await people.has_consented(fang.id, "terms")
    assert (await people.neighbour(newcomer)).state == State.gone
    assert [row["person"] for row in await Login.select(Login.person)] == [fang.id]
    assert (await Person.select(Person.email).where(Person.id == fang.id).first())["email"].endswith("@example.org")


@pytest.mark.parametrize("on_file", [{"phone": "+8613812345678"}, {"email": "wu@example.org"}])
@pytest.mark.parametrize("typed", ["138 1234 5678", "wu@example.org", "another@example.org"])
async def test_where_a_contact_is_on_file_the_officer_asks_there_first_whoever_typed_it(on_file, typed):
    boss, fang, newcomer = await listed(typed, **on_file)
    with pytest.raises(Refusal) as no:
        await rules.unite(newcomer, fang.id, checked=False, by=boss, now=NOON)
    assert no.value.beside == "checked"
    assert (await people.neighbour(newcomer)).state == State.pending
    await rules.unite(newcomer, fang.id, checked=True, by=boss, now=NOON)
    assert (await people.neighbour(newcomer)).state == State.gone


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("138 1234 5678", "That proves nothing"), ("another@example.org", "Another phone or e-mail is on file.")],
)
async def test_the_page_tells_the_officer_to_call_the_number_on_file_and_does_not_show_it_to_a_steward(
    sign_in, typed, hint
):
    boss, fang, newcomer = await listed(typed, phone="+8613812345678")
    steward = await a_person(role=Kind.steward, area=await Area.objects().first())
    for officer, reads in ((steward, False), (boss, True)):
        browser = await sign_in(officer)
        page = (await browser.get(f"/welcomes/{newcomer}")).text
        assert hint in page
        assert "Call the number on file" in page
        assert (f"/admin/people/{fang.id}" in page) is reads
        assert not re.search(r"138 ?1234 ?5678", page)

    answer = await browser.post(f"/welcomes/{newcomer}/union", data={"listed": fang.id})
    assert answer.status_code == 422 and f'href="#f-checked-{fang.id}"' in answer.text


async def test_nobody_is_united_with_somebody_of_another_name_or_door_or_who_signs_in():
    boss, fang, newcomer = await listed()
    await a_login(fang)
    stranger = await a_person(name="Wu", home=await a_household(address="9-9-9"))
    for other in (fang, stranger):
        with pytest.raises(Missing):
            await rules.unite(newcomer, other.id, checked=True, by=boss, now=NOON)
