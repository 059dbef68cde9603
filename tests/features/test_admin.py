"""The committee's desk: who may sit there, and what it does."""

import re
from datetime import date

import pytest

from app.features.admin import rules
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind, Person, State
from app.kit.tables import AuditRow
from app.kit.words import Sentence
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

DESK = (
    "",
    "/community",
    "/areas",
    "/areas/{area}",
    "/households/{home}",
    "/households/{home}?q=lin",
    "/people",
    "/people?q=ana&state=active&role=steward&page=2",
    "/people/new",
    "/people/{ana}",
    "/roles",
    "/audit",
)
LATER = date(2090, 1, 1)


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


async def state_of(person) -> str:
    return (await people.neighbour(person.id)).state


async def test_an_administrator_opens_every_page_of_the_desk_in_both_languages(sign_in):
    home = await a_household()
    ana = await a_person(name="Ana", home=home, role=Kind.steward, area=await an_area())
    for language, name in (("en", "Roles"), ("zh-Hans", "角色")):
        browser = await sign_in(await an_administrator(language=language))
        for path in DESK:
            answer = await browser.get("/admin" + path.format(area=home.area, home=home.id, ana=ana.id))
            assert answer.status_code == 200, path
            assert answer.text.count("<h1") == 1, path
            assert answer.headers["cache-control"] == "no-store"
        assert name in (await browser.get("/admin")).text


@pytest.mark.parametrize("role", [None, Kind.steward, Kind.space_manager, Kind.coordinator])
async def test_nobody_else_sits_at_the_desk(sign_in, role):
    home = await a_household()
    ana = await a_person(name="Ana", home=home)
    browser = await sign_in(await a_person(role=role, area=await an_area() if role == Kind.steward else None))
    for path in DESK:
        answer = await browser.get("/admin" + path.format(area=home.area, home=home.id, ana=ana.id))
        assert answer.status_code == 403, path
    for deed in ("welcome", "suspension", "departure", "roles", "capabilities", "code", "details", "households"):
        assert (await browser.post(f"/admin/people/{ana.id}/{deed}", data={"kind": "administrator"})).status_code == 403
    assert await people.roles_of(ana.id) == [] and await state_of(ana) == State.active


async def test_a_suspended_administrator_does_not_either(sign_in):
    await an_administrator()
    browser = await sign_in(await an_administrator(state=State.suspended))
    assert (await browser.get("/admin")).status_code == 403


async def test_who_waits_is_let_in_and_told_and_a_slip_is_taken_back(sign_in):
    browser, ana = await sign_in(await an_administrator()), await a_person(state=State.pending)
    assert "One neighbour waits" in (await browser.get("/admin")).text

    page = await browser.post(f"/admin/people/{ana.id}/welcome")
    assert await state_of(ana) == State.active
    assert await told(ana) == ["You have been let in. Welcome!"]
    [undo] = re.findall(r'action="(/admin/people/\d+/wait)"', page.text)
    await browser.post(undo)
    assert await state_of(ana) == State.pending and await told(ana) == []


async def test_a_suspension_has_a_reason_which_the_person_reads(sign_in):
    boss, ana = await an_administrator(), await a_person()
    browser = await sign_in(boss)
    refused = await browser.post(f"/admin/people/{ana.id}/suspension", data={"reason": "  "})
    assert refused.status_code == 422 and await state_of(ana) == State.active

    await browser.post(f"/admin/people/{ana.id}/suspension", data={"reason": "Sold things to neighbours."})
    assert await told(ana) == ["Your account is suspended. Why: Sold things to neighbours."]
    assert "Sold things" in (await (await sign_in(ana)).get("/account")).text

    await (await sign_in(boss)).post(f"/admin/people/{ana.id}/suspension/end")
    assert await told(ana) == ["Your account is open again."]
    assert (await Person.select(Person.reason).where(Person.id == ana.id).first())["reason"] == ""


async def test_a_deed_that_somebody_else_did_a_moment_ago_is_a_conflict(sign_in):
    browser, ana = await sign_in(await an_administrator()), await a_person(state=State.pending)
    assert (await browser.post(f"/admin/people/{ana.id}/welcome")).status_code == 200
    assert (await browser.post(f"/admin/people/{ana.id}/welcome")).status_code == 409
    assert (await browser.post("/admin/people/999/welcome")).status_code == 404


async def test_a_steward_needs_an_area_and_hears_of_it(sign_in):
    browser, ana, area = await sign_in(await an_administrator()), await a_person(), await an_area(name="3")
    refused = await browser.post(f"/admin/people/{ana.id}/roles", data={"kind": "steward"})
    assert refused.status_code == 422 and "Which area does the steward look after?" in refused.text

    page = await browser.post(f"/admin/people/{ana.id}/roles", data={"kind": "steward", "area": area.id})
    assert await told(ana) == ["You have a role now: Steward, Building 3"]
    [role] = await people.roles_of(ana.id)
    assert f'action="/admin/roles/{role.id}/end"' in page.text
    code = f'action="/admin/people/{ana.id}/code"'
    assert code not in page.text and "kith user reset-code" in page.text  # no button that only leads to a refusal
    page = await browser.post(f"/admin/roles/{role.id}/end")
    assert await told(ana) == ["Your role has ended: Steward, Building 3"]
    assert await people.roles_of(ana.id) == []
    assert code in (await browser.get(f"/admin/people/{ana.id}")).text
    await browser.post(f"/admin/roles/{role.id}/return")
    assert await told(ana) == ["You have a role now: Steward, Building 3"]


async def test_whoever_gives_up_the_role_leaves_the_desk(sign_in):
    boss = await an_administrator()
    [role] = await people.roles_of(boss.id)
    browser = await sign_in(boss)
    alone = await browser.post(f"/admin/roles/{role.id}/end")
    assert alone.status_code == 422 and "only administrator" in alone.text

    await an_administrator()
    answer = await browser.post(f"/admin/roles/{role.id}/end")
    assert answer.url.path == "/account" and (await browser.get("/admin")).status_code == 403


async def test_a_capability_runs_until_its_day_and_an_ended_one_comes_back_with_it(sign_in):
    browser, ana = await sign_in(await an_administrator()), await a_person()
    data = {"capability": "first aid", "until_on": "2099-12-31"}
    assert "First aid" in (await browser.post(f"/admin/people/{ana.id}/capabilities", data=data)).text
    [first] = await people.capabilities_of(ana.id, LATER)
    page = await browser.post(f"/admin/capabilities/{first.id}/end")
    assert await people.capabilities_of(ana.id, LATER) == []

    [undo] = re.findall(r'action="(/admin/capabilities/[^"]+)"', page.text)
    await browser.post(undo)
    assert [each.until_on.year for each in await people.capabilities_of(ana.id, LATER)] == [2099]
    past = await browser.post(f"/admin/people/{ana.id}/capabilities", data={**data, "until_on": "2001-01-01"})
    assert past.status_code == 422 and "That day has passed." in past.text
    assert (
        await browser.post(f"/admin/people/{ana.id}/capabilities", data={"capability": "wizard"})
    ).status_code == 422


async def test_a_code_is_shown_once_with_its_link_and_opens_the_door(sign_in, browser):
    ana = await a_person(name="Ana")
    page = (await (await sign_in(await an_administrator())).post(f"/admin/people/{ana.id}/code")).text
    [link] = re.findall(r"http://[^<]+/join/(\w{17})", page)
    browser.cookies.clear()
    assert "Welcome, Ana" in (await browser.get(f"/join/{link}")).text


async def test_nobody_gets_a_code_for_another_officer(sign_in):
    browser = await sign_in(await an_administrator())
    answer = await browser.post(f"/admin/people/{(await a_person(role=Kind.coordinator)).id}/code")
    assert answer.status_code == 403 and "command line" in answer.text


async def test_a_person_moves_in_and_moves_out_and_back(sign_in):
    browser, home = await sign_in(await an_administrator()), await a_household(address="3-2-501")
    page = await browser.post(
        "/admin/people", data={"name": "Ana", "address": "３-２-５０１", "phone": "138 1234 5678"}
    )
    assert "Ana" in page.text and "+8613812345678" in page.text
    [ana] = await people.members_of(home.id)

    page = await browser.post(f"/admin/memberships/{ana.membership}/end")
    assert await people.members_of(home.id) == []
    await browser.post(re.findall(r'action="(/admin/memberships/\d+/return)"', page.text)[0])
    assert [each.id for each in await people.members_of(home.id)] == [ana.id]
    await browser.post(f"/admin/memberships/{ana.membership}/answering", data={"yes": "1"})
    assert (await people.members_of(home.id))[0].may_answer_for


async def test_nobody_is_added_when_the_address_is_unknown_and_what_was_typed_is_kept(sign_in):
    browser = await sign_in(await an_administrator())
    answer = await browser.post("/admin/people", data={"name": "Ana Maria", "address": "9-9-999"})
    assert answer.status_code == 422
    assert "There is no household at 9-9-999 yet." in answer.text and 'value="Ana Maria"' in answer.text
    assert not await Person.exists().where(Person.name == "Ana Maria")


async def test_every_look_at_a_persons_page_is_noted(sign_in):
    boss, ana = await an_administrator(), await a_person()
    browser = await sign_in(boss)
    await browser.get("/admin/people")
    assert await AuditRow.count() == 0
    await browser.get(f"/admin/people/{ana.id}")
    [look] = await AuditRow.select(AuditRow.who, AuditRow.did, AuditRow.concerns)
    assert look == {"who": boss.id, "did": "person looked at", "concerns": ana.id}


async def test_people_are_found_by_any_piece_of_what_an_administrator_knows():
    home = await a_household(address="3-2-501")
    lin = await a_person(name="林阿姨", phone="+8613812345678", home=home)
    await a_person(name="Ben 100%_", email="ben@example.org", role=Kind.coordinator)
    gone = await a_person(name="Gone", state=State.gone)

    for q in ("林", "阿姨", "5678", "138 1234", "+86 138-1234-5678", "0086138", "3-2-501", "３-２"):
        assert [each.id for each in await rules.find(q)] == [lin.id], q
    assert [each.address for each in await rules.find("林")] == ["3-2-501"]
    for q in ("BEN", "example.ORG", "100%", "%_"):
        assert [each.name for each in await rules.find(q)] == ["Ben 100%_"], q
    for q in ("%", "_", "!", "'", "5679", "gone"):
        assert [each.name for each in await rules.find(q)] in ([], ["Ben 100%_"]), q
    assert [str(role) for each in await rules.find(role="coordinator") for role in each.roles] == ["Coordinator"]
    assert [each.id for each in await rules.find(state="gone")] == [gone.id]
    assert [each.id for each in await rules.find("林", state="pending")] == []


async def test_the_audit_says_names_and_fields_in_the_readers_language_and_no_values(sign_in):
    boss, ana = await an_administrator(language="zh-Hans", name="林阿姨"), await a_person(name="Ana")
    await people.edit_person(ana.id, by=boss.id, now=NOON, phone="13812345678")
    page = (await (await sign_in(boss)).get("/admin/audit")).text
    assert "修改信息" in page and "电话" in page and "Ana" in page and "13812345678" not in page


def test_every_sentence_the_desk_keeps_is_a_sentence():
    assert all(isinstance(words, Sentence) for words in (*rules.STATES.values(), *people.KINDS.values()))
    assert set(rules.STATES) == set(State) and set(people.KINDS) == set(Kind)


async def test_htmx_gets_the_list_alone_and_going_back_gets_the_page(sign_in):
    browser = await sign_in(await an_administrator())
    asked = {"HX-Request": "true", "HX-Target": "section#found"}
    block = (await browser.get("/admin/people?q=x", headers=asked)).text
    assert block.strip().startswith('<section id="found"') and "<html" not in block
    assert "<html" in (await browser.get("/admin/people", headers={**asked, "HX-History-Restore-Request": "true"})).text


async def test_an_area_is_made_moved_renamed_removed_and_brought_back(sign_in):
    browser = await sign_in(await an_administrator())
    for name in ("1", "2"):
        assert (await browser.post("/admin/areas", data={"kind": "building", "name": name})).status_code == 200
    first, second = await community.top_areas()
    page = await browser.post("/admin/areas", data={"kind": "entrance", "name": "7", "parent": first.id})
    assert page.url.path == f"/admin/areas/{first.id}" and "Entrance 7" in page.text
    await browser.post(f"/admin/areas/{second.id}/place")
    await browser.post(f"/admin/areas/{second.id}/name", data={"name": "Rose House"})
    assert [area.name for area in await community.top_areas()] == ["Rose House", "1"]
    taken = await browser.post(f"/admin/areas/{second.id}/name", data={"name": "1"})
    assert taken.status_code == 422 and "There is an area of that name here already." in taken.text

    refused = await browser.post(f"/admin/areas/{first.id}/removal")
    assert refused.status_code == 422 and "There are areas inside it." in refused.text
    page = await browser.post(f"/admin/areas/{second.id}/removal")
    [undo] = re.findall(r'action="(/admin/areas/return[^"]+)"', page.text)
    await browser.post(undo.replace("&amp;", "&"))
    assert sorted(area.name for area in await community.top_areas()) == ["1", "Rose House"]


async def test_a_household_is_added_where_it_stands_and_its_address_put_right(sign_in):
    browser, area = await sign_in(await an_administrator()), await an_area(name="3")
    assert 'value="3-"' in (await browser.get(f"/admin/areas/{area.id}")).text
    page = await browser.post(f"/admin/areas/{area.id}/households", data={"door": "501", "address": "3-501"})
    home = int(page.url.path.rpartition("/")[2])
    again = await browser.post(f"/admin/areas/{area.id}/households", data={"door": "501", "address": "3-501"})
    assert again.status_code == 422 and "There is a household at 3-501 already." in again.text
    await browser.post(f"/admin/households/{home}/address", data={"door": "502", "address": "3-502"})
    assert (await people.household(home)).address == "3-502"
    page = await browser.post(f"/admin/households/{home}/removal")
    assert page.url.path == f"/admin/areas/{area.id}" and "3-502" not in page.text


async def test_the_community_is_called_otherwise_and_mistakes_are_kept(sign_in):
    browser = await sign_in(await an_administrator())
    said = {"name": "Mill Green", "zone": "Europe/London", "region": "GB", "area_kinds": "Street\nLane"}
    refused = await browser.post("/admin/community", data=said)
    assert refused.status_code == 422 and "Choose at least one language." in refused.text
    assert 'value="Mill Green"' in refused.text
    page = await browser.post("/admin/community", data={**said, "languages": ["en"]})
    assert "Mill Green" in page.text
    here = await community.here()
    assert (here.zone, here.area_kinds, here.languages) == ("Europe/London", ("street", "lane"), ("en",))
