"""Field by field, reader by reader, audience by audience: whose words appear on any page of whom."""

import pytest

from app.features.household import rules
from app.features.people import rules as people
from app.features.people.tables import Audience, Kind, State
from app.features.skills import rules as skills
from app.kit.tables import AuditRow
from tests.makers import NOON, a_card, a_household, a_login, a_person, an_area

ME, STEWARDS, BUILDING, COMMUNITY = Audience
CANARY = {
    "emergency_contact": "CANARY-contact",
    "key_holder": "CANARY-key",
    "languages": "CANARY-tongue",
    "pets": "CANARY-pet",
    "notes": "CANARY-note",
    "needs": "CANARY-need",
}
NOBODY = dict.fromkeys(CANARY)
KEEPS_WATCH = dict.fromkeys(CANARY, STEWARDS)
ANY = NOBODY | {"languages": COMMUNITY, "pets": COMMUNITY}
# The narrowest audience at which this reader comes upon the field somewhere; None for never.
TABLE = {
    "herself": dict.fromkeys(CANARY, ME),
    "a housemate": dict.fromkeys(CANARY, ME) | {"needs": None},
    "her steward": KEEPS_WATCH,
    "an administrator": KEEPS_WATCH,
    "a neighbour of her building": ANY | {"languages": BUILDING, "pets": BUILDING, "notes": BUILDING},
    "a neighbour of another building": ANY,
    "another steward": ANY,
    "a coordinator": ANY,
    "a space manager": ANY,
    "a suspended housemate": NOBODY,
    "a suspended steward of hers": NOBODY,
    "a pending housemate": NOBODY,
}
RINGS = list(Audience)


async def a_world():
    three, five = await an_area(name="3"), await an_area(name="5")
    home = await a_household(area=three)
    lin = await a_person(name="Lin", home=home)
    await skills.offer(skills.Offer("Dumplings"), by=lin, now=NOON)
    return home, {
        "herself": lin,
        "a housemate": await a_person(home=home),
        "her steward": await a_person(role=Kind.steward, area=three),
        "an administrator": await a_person(role=Kind.administrator),
        "a neighbour of her building": await a_person(home=await a_household(area=three)),
        "a neighbour of another building": await a_person(home=await a_household(area=five)),
        "another steward": await a_person(role=Kind.steward, area=five),
        "a coordinator": await a_person(role=Kind.coordinator),
        "a space manager": await a_person(role=Kind.space_manager),
        "a suspended housemate": await a_person(home=home, state=State.suspended),
        "a suspended steward of hers": await a_person(role=Kind.steward, area=three, state=State.suspended),
        "a pending housemate": await a_person(home=home, state=State.pending),
    }


async def everything_open_to(audience: Audience, home, lin) -> None:
    """As far as each field may be opened at all."""
    fields = people.OF_A_HOUSEHOLD
    said = {name: min(audience, field.widest, key=RINGS.index) for name, field in fields.items()}
    contact = {"contact_name": CANARY["emergency_contact"], "contact_phone": "+8613800138000"}
    words = {name: CANARY[name] for name in ("languages", "pets", "notes")}
    await a_card(home, lin, **contact, **words, key_words=CANARY["key_holder"], open_to=said)
    needs = min(audience, STEWARDS, key=RINGS.index)
    await rules.say_needs(CANARY["needs"], audience=needs, agrees=True, by=lin, now=NOON)


async def read_by(browser, home, lin) -> str:
    paths = ("/household", f"/household?home={home.id}", f"/household/{home.id}/card", f"/households/{home.id}")
    more = (f"/neighbours/{lin.id}", "/households", "/account/needs", "/account/privacy", "/account/export", "/")
    return "".join([(await browser.get(path)).text for path in (*paths, *more)])


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("reader", TABLE)
async def test_each_reader_finds_the_words_that_the_table_says_and_each_look_is_noted(sign_in, reader, audience):
    home, readers = await a_world()
    lin = readers["herself"]
    await everything_open_to(audience, home, lin)

    page = await read_by(await sign_in(readers[reader]), home, lin)

    expected = {
        field
        for field, narrowest in TABLE[reader].items()
        if narrowest is not None and RINGS.index(narrowest) <= RINGS.index(audience)
    }
    assert {field for field, word in CANARY.items() if word in page} == expected
    keeps_watch = TABLE[reader] is KEEPS_WATCH and audience != ME
    looked = (AuditRow.did == "household looked at") & (AuditRow.concerns == lin.id)
    noted = await AuditRow.select().where(looked).order_by(AuditRow.id)
    assert bool(noted) == keeps_watch
    assert all(row["who"] == readers[reader].id for row in noted)
    if keeps_watch:
        assert noted[0]["fields"] == '["emergency_contact", "key_holder", "needs"]'


async def test_the_neighbours_page_asks_one_query_more_where_nothing_is_open_and_four_where_something_is(queries):
    home, readers = await a_world()
    lin, reader = readers["herself"], readers["a neighbour of her building"]
    queries.clear()
    assert await rules.shown_to(reader, lin.id) == []
    assert len(queries) == 1
    await everything_open_to(BUILDING, home, lin)
    queries.clear()
    assert [fact.field for fact in await rules.shown_to(reader, lin.id)] == ["languages", "pets", "notes"]
    assert len(queries) == 4  # the open fields, who lives there, where that is, where the reader lives


async def test_a_key_holder_who_said_yes_stands_where_the_household_opened_it_and_one_who_was_asked_does_not(sign_in):
    home, readers = await a_world()
    holder = await a_person(name="CANARY-holder")
    await a_login(holder)
    await a_card(home, readers["herself"], open_to={"key_holder": STEWARDS})
    key = await rules.ask_to_hold(home.id, holder.id, by=readers["herself"], now=NOON)
    steward = await sign_in(readers["her steward"])
    assert "CANARY-holder" not in (await steward.get(f"/households/{home.id}")).text
    await rules.agree(key, by=holder, now=NOON)
    assert "CANARY-holder" in (await steward.get(f"/households/{home.id}")).text
