"""代办: who may act for whom, that the record and the person know it, and what acting never is."""

from itertools import product

import pytest

from app.features.accounts.tables import FirstCode
from app.features.household import rules
from app.features.household.tables import Needs
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Audience, Consent, Kind, Membership, State
from app.features.skills import rules as skills
from app.features.skills.tables import Ask
from app.kit.refusals import Missing, NotYours
from app.kit.tables import AuditRow
from tests.makers import NOON, a_card, a_household, a_login, a_person, an_area

# Who may act for Lin, and who may change who answers in her household.
ACTS = {
    "herself": (True, False),
    "a housemate who may answer": (True, True),
    "a housemate who may not": (False, False),
    "a suspended housemate who might": (False, False),
    "her steward": (True, True),
    "another steward": (False, False),
    "an administrator": (False, True),
    "a coordinator": (False, False),
    "a neighbour next door": (False, False),
}


async def an_estate():
    three, five = await an_area(name="3"), await an_area(name="5")
    home = await a_household(area=three, address="CANARY-501")
    lin = await a_person(name="Lin", home=home, phone="+8613800138000")
    people_ = {
        "herself": lin,
        "a housemate who may answer": await a_person(name="Ben", home=home),
        "a housemate who may not": await a_person(home=home),
        "a suspended housemate who might": await a_person(home=home, state=State.suspended),
        "her steward": await a_person(name="Zheng", role=Kind.steward, area=three),
        "another steward": await a_person(role=Kind.steward, area=five),
        "an administrator": await a_person(role=Kind.administrator),
        "a coordinator": await a_person(role=Kind.coordinator),
        "a neighbour next door": await a_person(home=await a_household(area=three)),
    }
    for who in ("a housemate who may answer", "a suspended housemate who might"):
        mine = Membership.person == people_[who].id
        await Membership.update({Membership.may_answer_for: True}).where(mine)
    return home, people_


async def membership(person) -> int:
    return (await people.stays_of(person.id))[0].membership


async def answers(person) -> bool:
    return (await people.stays_of(person.id))[0].may_answer_for


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [row["sentence"] for row in rows]


async def test_who_may_act_and_who_may_say_so_is_as_the_table_says():
    home, everybody = await an_estate()
    at, lin = await people.household(home.id), everybody["herself"]
    found = {
        who: (await people.may_act_for(by, lin.id), await rules.may_change_answering(by, at))
        for who, by in everybody.items()
    }
    assert found == ACTS


@pytest.mark.parametrize("who", ACTS)
async def test_an_ask_for_somebody_names_who_typed_it_and_tells_the_person(who):
    _, everybody = await an_estate()
    lin, by = everybody["herself"], everybody[who]
    request = skills.Request("Somebody to carry shopping", for_whom=lin.id)
    if not ACTS[who][0]:
        with pytest.raises((Missing, NotYours)):
            await skills.ask_anybody(request, by=by, now=NOON)
        assert not await Ask.exists()
        return
    ask, _ = await skills.ask_anybody(request, by=by, now=NOON)
    row = await Ask.select(Ask.asker, Ask.acted_by).where(Ask.id == ask).first()
    assert row == {"asker": lin.id, "acted_by": by.id}
    assert len([each for each in await told(lin) if "on your behalf" in each]) == (by.id != lin.id)


async def test_whoever_acts_sees_no_more_than_before(sign_in):
    home, everybody = await an_estate()
    lin, ben, zheng = (everybody[who] for who in ("herself", "a housemate who may answer", "her steward"))
    await rules.say_needs("CANARY-need", audience=Audience.me, agrees=True, by=lin, now=NOON)
    helper = await a_person(name="Helper", phone="+8613900139000", email="canary@example.org")
    skill = await skills.offer(skills.Offer("Carpentry"), by=helper, now=NOON)
    asks = []
    for by in (ben, zheng):
        asks.append(await skills.ask(skill, skills.Request(f"A door {by.id}", for_whom=lin.id), by=by, now=NOON))
        await skills.accept(asks[-1], by=helper, now=NOON)
        await skills.complete(asks[-1], by=helper, now=NOON)
    for by, ask in zip((ben, zheng), asks, strict=True):
        phone = await sign_in(by)
        paths = (f"/asks/{ask}", f"/neighbours/{lin.id}", f"/neighbours/{helper.id}", "/account/export", "/notices")
        seen = "".join([(await phone.get(path)).text for path in (*paths, f"/households/{home.id}", "/household")])
        for canary in ("139 0013 9000", "13900139000", "canary@example.org", "CANARY-need", "13800138000"):
            assert canary not in seen, (by.name, canary)


async def test_acting_never_consents_sets_passwords_exports_or_reads_what_is_kept(sign_in):
    """Every deed that would be one of these is done for whoever is signed in, whatever the form says."""
    home, everybody = await an_estate()
    lin = everybody["herself"]
    await a_login(lin, "lin@example.org")
    await a_card(home, lin, pets="Cat")
    acting = ("a housemate who may answer", "her steward")
    forms = [
        ("/account/needs", {"needs": "dialysis", "agrees": "1", "audience": "stewards"}),
        ("/account/needs/withdrawal", {}),
        ("/account/password", {"old": "three plain words", "password": "four plain words now"}),
        ("/account/settings", {"name": "Mallory", "phone": "", "email": ""}),
        (f"/admin/people/{lin.id}/code", {}),
    ]
    before = await about(lin)
    for who, (path, form) in product(acting, forms):
        for whom in ("person", "for_whom", "person_id", "by"):
            phone = await sign_in(everybody[who])
            await phone.post(path, data=form | {whom: str(lin.id)})
    assert await about(lin) == before
    phone = await sign_in(everybody["a housemate who may answer"])
    assert "lin@example.org" not in (await phone.get(f"/account/export?person={lin.id}")).text


async def about(person) -> list:
    from app.features.accounts.tables import Login
    from app.features.people.tables import Person

    tables = [(Consent, "person"), (Needs, "person"), (Login, "person"), (FirstCode, "person"), (Person, "id")]
    return [await table.select().where(getattr(table, column) == person.id) for table, column in tables]


async def test_to_give_the_right_takes_somebody_who_has_it_or_keeps_watch_and_all_at_home_are_told():
    _, everybody = await an_estate()
    lin, quiet = everybody["herself"], everybody["a housemate who may not"]
    for who, (_, may) in ACTS.items():
        by = everybody[who]
        if by is quiet:
            continue  # anybody gives up their own: below
        for yes in (True, False):
            if may:
                await rules.let_answer(await membership(quiet), yes=yes, by=by, now=NOON)
                assert await answers(quiet) is yes
            else:
                with pytest.raises((NotYours, Missing)):
                    await rules.let_answer(await membership(quiet), yes=yes, by=by, now=NOON)
    [of_lin], [of_quiet] = await told(lin), await told(quiet)  # the newest word replaces the one before
    assert "no longer answers for you" in of_lin and "You no longer answer for your household" in of_quiet
    ben = everybody["a housemate who may answer"]
    rows = await AuditRow.select().where((AuditRow.did == "answering for changed") & (AuditRow.who == ben.id))
    assert [row["concerns"] for row in rows] == [quiet.id, quiet.id]


async def test_anybody_gives_up_their_own_and_nobody_takes_it_themselves():
    _, everybody = await an_estate()
    ben, lin = everybody["a housemate who may answer"], everybody["herself"]
    changed = await rules.let_answer(await membership(ben), yes=False, by=ben, now=NOON)
    assert not changed.may_undo and not await answers(ben) and "no longer answers for you" in (await told(lin))[-1]
    for by in (ben, lin):
        with pytest.raises(NotYours):
            await rules.let_answer(await membership(by), yes=True, by=by, now=NOON)
    with pytest.raises(Missing):
        await rules.let_answer(9999, yes=True, by=ben, now=NOON)


async def test_of_somebody_who_waits_to_be_let_in_nobody_at_home_is_told():
    home, everybody = await an_estate()
    waiting, ben = await a_person(home=home, state=State.pending), everybody["a housemate who may answer"]
    with pytest.raises(Missing):
        await rules.let_answer(await membership(waiting), yes=True, by=ben, now=NOON)
    assert not await answers(waiting) and await told(everybody["herself"]) == []


async def test_the_page_says_for_whom_one_may_act_and_who_may_act_for_one(sign_in):
    _, everybody = await an_estate()
    page = (await (await sign_in(everybody["herself"])).get("/household/acting")).text
    assert "Ben" in page and "Zheng" in page and "Nobody but yourself" in page
    page = (await (await sign_in(everybody["a housemate who may answer"])).get("/household/acting")).text
    assert "Lin" in page and "/asks/new" in page
    page = (await (await sign_in(everybody["her steward"])).get("/household/acting")).text
    assert "Building 3" in page and 'href="/households"' in page
