"""A person's life here, and what each may do: rules of people/."""

import asyncio
from datetime import date, timedelta

import pytest

from app.db import Clash, writing
from app.features.community import rules as community
from app.features.people import rules
from app.features.people.rules.lives import STEPS
from app.features.people.tables import Capability, Kind, Membership, Person, Role, State
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import AuditRow
from tests.makers import NOON, a_community, a_household, a_person, an_administrator, an_area

ONLY = "That is the only administrator. Give somebody else the role first."


async def state_of(person_id: int) -> str:
    return (await rules.neighbour(person_id)).state


async def role_of(person) -> int:
    [role] = await rules.roles_of(person.id)
    return role.id


# --- Lives


async def test_what_is_typed_is_kept_in_one_shape():
    await a_community()
    said = {"name": "  林 \t 阿姨 ", "phone": "138 1234 5678", "email": " Lin@Example.ORG "}
    lin = await rules.add_person(**said, language="zh-Hans", now=NOON)
    kept = await rules.contact(lin)
    assert (kept.name, kept.phone, kept.email) == ("林 阿姨", "+8613812345678", "lin@example.org")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", " "),
        ("name", "Ana\x07"),
        ("phone", "12"),
        ("phone", "call me"),
        ("email", "ana"),
        ("email", "@example.org"),
        ("email", "ana@example"),
        ("email", "a na@example.org"),
        ("language", "tlh"),
        ("look", "pink"),
    ],
)
async def test_what_cannot_be_right_is_refused_beside_its_field(field, said):
    ana = await a_person(name="Ana")
    with pytest.raises(Refusal) as no:
        await rules.edit_person(ana.id, by=ana.id, now=NOON, **{field: said})
    assert no.value.beside == field
    assert (await rules.contact(ana.id)).name == "Ana"


async def test_an_edit_notes_which_fields_and_never_what_was_written():
    boss, ana = await an_administrator(), await a_person(name="Ana")
    await rules.edit_person(ana.id, by=boss.id, now=NOON, name="Ana", phone="13812345678", email="")
    [row] = await AuditRow.select(AuditRow.did, AuditRow.who, AuditRow.concerns, AuditRow.fields)
    assert row == {"did": "person edited", "who": boss.id, "concerns": ana.id, "fields": '["phone"]'}
    await rules.edit_person(ana.id, by=boss.id, now=NOON, phone="138-1234-5678")
    assert await AuditRow.count() == 1


async def test_what_stood_there_before_is_not_asked_about_again():
    """A number of a list that nobody could call must not keep its owner from choosing a language."""
    ana = await a_person(phone="+86123")
    await rules.edit_person(ana.id, by=ana.id, now=NOON, phone="+86123", language="zh-Hans")
    assert (await rules.neighbour(ana.id)).language == "zh-Hans"
    with pytest.raises(Refusal):
        await rules.edit_person(ana.id, by=ana.id, now=NOON, phone="+86124")


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
async def test_from_each_state_lead_the_steps_that_make_sense(before, after):
    boss, ana = await an_administrator(), await a_person(state=before)
    if after in STEPS[before]:
        await rules.settle(ana.id, after, by=boss.id, now=NOON, reason="noise")
        assert await state_of(ana.id) == after
    else:
        with pytest.raises(Taken):
            await rules.settle(ana.id, after, by=boss.id, now=NOON, reason="noise")
        assert await state_of(ana.id) == before


async def test_a_reason_stays_as_long_as_the_suspension():
    boss, ana = await an_administrator(), await a_person()
    with pytest.raises(Refusal) as no:
        await rules.settle(ana.id, State.suspended, by=boss.id, now=NOON)
    assert no.value.beside == "reason"
    await rules.settle(ana.id, State.suspended, by=boss.id, now=NOON, reason=" noise ")
    assert await rules.why_suspended(ana.id) == "noise"
    await rules.settle(ana.id, State.active, by=boss.id, now=NOON, reason="noise")
    assert await rules.why_suspended(ana.id) == ""


async def test_nobody_shuts_themselves_out():
    boss = await an_administrator()
    await an_administrator()
    for state in (State.suspended, State.gone, State.pending):
        with pytest.raises(NotYours):
            await rules.settle(boss.id, state, by=boss.id, now=NOON, reason="noise")


async def test_whoever_goes_leaves_roles_and_households_behind_and_comes_back_without_them():
    boss, home = await an_administrator(), await a_household()
    ana = await a_person(home=home, role=Kind.coordinator)
    await rules.settle(ana.id, State.gone, by=boss.id, now=NOON)
    assert await rules.roles_of(ana.id) == [] and await rules.members_of(home.id) == []
    with pytest.raises(Refusal):
        await rules.join(ana.id, home.id, on=NOON.date(), by=boss.id, now=NOON)
    await rules.settle(ana.id, State.active, by=boss.id, now=NOON)
    assert await rules.roles_of(ana.id) == [] and await rules.members_of(home.id) == []


async def test_the_last_administrator_stays():
    boss, ben = await an_administrator(), await an_administrator(state=State.suspended)
    helper, role = await a_person(role=Kind.coordinator), await role_of(boss)
    for shut in (
        lambda: rules.end_role(role, by=boss.id, now=NOON),
        lambda: rules.settle(boss.id, State.suspended, by=helper.id, now=NOON, reason="noise"),
        lambda: rules.settle(boss.id, State.gone, by=helper.id, now=NOON),
        lambda: rules.settle(boss.id, State.pending, by=helper.id, now=NOON),
        lambda: rules.forget(boss.id, now=NOON),
    ):
        with pytest.raises(Refusal) as no:
            await shut()
        assert str(no.value) == ONLY
    assert await rules.officers(Kind.administrator) == [boss.id]

    await rules.settle(ben.id, State.active, by=boss.id, now=NOON)
    await rules.end_role(role, by=boss.id, now=NOON)
    assert await rules.officers(Kind.administrator) == [ben.id]


@pytest.mark.parametrize("times", range(5))
@pytest.mark.parametrize("way", ["role", "suspension", "departure", "one of each"])
async def test_two_administrators_who_shut_each_other_out_at_once_leave_one(way, times):
    """Seen to leave nobody on PostgreSQL, when `administrators()` holds no rows."""
    ana, ben = await an_administrator(), await an_administrator()

    async def shut(other, by, how):
        if how == "role":
            return await rules.end_role(await role_of(other), by=by.id, now=NOON)
        state = State.suspended if how == "suspension" else State.gone
        return await rules.settle(other.id, state, by=by.id, now=NOON, reason="noise")

    ways = ("role", "suspension") if way == "one of each" else (way, way)
    answers = await asyncio.gather(shut(ben, ana, ways[0]), shut(ana, ben, ways[1]), return_exceptions=True)
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert len(await rules.officers(Kind.administrator)) == 1


async def test_who_is_forgotten_leaves_a_nameless_row():
    await an_administrator()
    home = await a_household()
    ana = await a_person(
        name="Ana", phone="+8613812345678", email="a@example.org", photo="x" * 43, home=home, role=Kind.coordinator
    )
    await rules.grant(ana.id, "first aid", until=None, by=ana.id, now=NOON)
    await rules.forget(ana.id, now=NOON)

    kept = await Person.select().where(Person.id == ana.id).first()
    assert (kept["state"], kept["id"]) == (State.gone, ana.id)
    assert not {"Ana", "+8613812345678", "a@example.org", "x" * 43} & {str(value) for value in kept.values()}
    assert await rules.members_of(home.id) == [] and await rules.roles_of(ana.id) == []
    assert await Capability.count() == 0
    with pytest.raises(Missing):
        await rules.settle(ana.id, State.active, by=1, now=NOON)


async def test_a_person_takes_all_of_it_with_them():
    home = await a_household(address="3-2-501")
    ana = await a_person(name="Ana", home=home, role=Kind.coordinator)
    await rules.grant(ana.id, "first aid", until=date(2027, 1, 1), by=ana.id, now=NOON)
    [stay] = await rules.stays_of(ana.id)
    await rules.leave(stay.membership, on=date(2026, 6, 1), by=ana.id, now=NOON)

    mine = await rules.mine(ana.id)
    assert mine["person"]["name"] == "Ana"
    [lived] = mine["households"]
    assert (lived["household.address"], lived["until_on"]) == ("3-2-501", date(2026, 6, 1))
    assert [role["kind"] for role in mine["roles"]] == ["coordinator"]
    assert [each["kind"] for each in mine["capabilities"]] == ["first aid"]
    assert (await rules.mine((await a_person()).id))["households"] == []


# --- Roles and capabilities


async def test_a_steward_looks_after_an_area_and_all_others_after_everything():
    ana, area = await a_person(), await an_area(name="3")
    with pytest.raises(Refusal) as nowhere:
        await rules.give_role(ana.id, Kind.steward, area=None, by=1, now=NOON)
    assert nowhere.value.beside == "area"
    with pytest.raises(Missing):
        await rules.give_role(ana.id, Kind.steward, area=999, by=1, now=NOON)
    await rules.give_role(ana.id, Kind.steward, area=area.id, by=1, now=NOON)
    await rules.give_role(ana.id, Kind.coordinator, area=area.id, by=1, now=NOON)
    assert [(role.kind, role.area) for role in await rules.roles_of(ana.id)] == [
        ("steward", area.id),
        ("coordinator", None),
    ]
    assert (await rules.neighbour(ana.id)).areas_as(Kind.steward) == [area.id]


@pytest.mark.parametrize("state", [State.pending, State.suspended, State.gone])
async def test_only_somebody_who_is_in_holds_a_role(state):
    ana = await a_person(state=state)
    with pytest.raises(Refusal) as no:
        await rules.give_role(ana.id, Kind.coordinator, area=None, by=1, now=NOON)
    assert no.value.beside == "kind"
    with pytest.raises(Missing):
        await rules.give_role(999, Kind.coordinator, area=None, by=1, now=NOON)


async def test_a_role_is_held_once_however_often_it_is_given():
    ana, area, other = await a_person(), await an_area(), await an_area()
    give = [rules.give_role(ana.id, Kind.steward, area=area.id, by=1, now=NOON) for _ in range(10)]
    answers = await asyncio.gather(*give, return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert all(isinstance(answer, int | Refusal | Clash) for answer in answers)
    await rules.give_role(ana.id, Kind.steward, area=other.id, by=1, now=NOON)
    assert len(await rules.roles_of(ana.id)) == 2


async def test_the_index_keeps_one_role_and_one_membership_where_no_rule_looked():
    home = await a_household()
    ana = await a_person(role=Kind.coordinator, home=home)
    with pytest.raises(Clash):
        async with writing():
            await Role.insert(Role(person=ana.id, kind=Kind.coordinator, area=None, given_at=NOON))
    with pytest.raises(Clash):
        async with writing():
            await Membership.insert(Membership(person=ana.id, household=home.id, since_on=NOON.date()))


async def test_an_ended_role_is_gone_and_comes_back_once():
    await an_administrator()
    ana = await a_person(role=Kind.coordinator)
    role = await role_of(ana)
    assert await rules.end_role(role, by=1, now=NOON) == ana.id
    with pytest.raises(Missing):
        await rules.end_role(role, by=1, now=NOON)
    assert await rules.give_role_again(role, by=1, now=NOON) == ana.id
    with pytest.raises(Missing):
        await rules.give_role_again(role, by=1, now=NOON)

    await rules.end_role(role, by=1, now=NOON)
    await rules.give_role(ana.id, Kind.coordinator, area=None, by=1, now=NOON)
    with pytest.raises(Clash):
        await rules.give_role_again(role, by=1, now=NOON)


async def test_a_capability_counts_on_its_last_day_and_not_the_day_after():
    ana = await a_person()
    today = await community.today(NOON)
    await rules.grant(ana.id, "first aid", until=today, by=1, now=NOON)
    assert [each.kind for each in await rules.capabilities_of(ana.id, today)] == ["first aid"]
    assert await rules.capabilities_of(ana.id, today + timedelta(days=1)) == []
    with pytest.raises(Refusal) as past:
        await rules.grant(ana.id, "first aid", until=today - timedelta(days=1), by=1, now=NOON)
    assert past.value.beside == "until_on"


async def test_granting_again_renews_and_never_doubles():
    ana, today = await a_person(), await community.today(NOON)
    for until in (today, today + timedelta(days=365), None):
        await rules.grant(ana.id, "first aid", until=until, by=1, now=NOON)
        assert [each.until_on for each in await rules.capabilities_of(ana.id, today)] == [until]
    await asyncio.gather(*[rules.grant(ana.id, "key training", until=None, by=1, now=NOON) for _ in range(5)])
    kinds = [each.kind for each in await rules.capabilities_of(ana.id, today)]
    assert sorted(kinds) == ["first aid", "key training"]


async def test_an_ended_capability_comes_back_with_its_day():
    ana, today = await a_person(), await community.today(NOON)
    until = today + timedelta(days=30)
    made = await rules.grant(ana.id, "vetted helper", until=until, by=1, now=NOON)
    ended = await rules.revoke(made, by=1, now=NOON)
    assert (ended.person, ended.until_on) == (ana.id, until)
    assert await rules.capabilities_of(ana.id, today) == []
    with pytest.raises(Missing):
        await rules.revoke(made, by=1, now=NOON)
    await rules.grant_again(made, until=ended.until_on, by=1, now=NOON)
    assert [each.until_on for each in await rules.capabilities_of(ana.id, today)] == [until]


@pytest.mark.parametrize("kind", ["", "wizard", "First aid"])
async def test_only_what_the_house_knows_is_granted(kind):
    ana = await a_person()
    with pytest.raises(Refusal):
        await rules.grant(ana.id, kind, until=None, by=1, now=NOON)
    with pytest.raises(Missing):
        await rules.grant((await a_person(state=State.gone)).id, "first aid", until=None, by=1, now=NOON)
