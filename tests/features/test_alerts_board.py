"""Whoever looks for people sees at a glance who answered, who needs help, and at whose door to look first."""

from datetime import timedelta

import pytest

from app.features.alerts.rules.at_hand import doors_of, news_of
from app.features.alerts.rules.board import board, board_of, sought
from app.features.alerts.rules.delivery import panel
from app.features.alerts.rules.doors import behind
from app.features.alerts.tables import Alert, Recipient
from app.features.household import rules as household
from app.features.notices.tables import By, Delivery, Fate, Notice
from app.features.people.tables import Kind as RoleKind
from app.kit.refusals import Missing
from tests.alerting import a_coordinator, an_alert
from tests.makers import NOON, a_household, a_person, an_area

MINUTE = timedelta(minutes=1)


async def answers(**by_person):
    for person, answer in by_person.values():
        await Recipient.update({Recipient.answer: answer}).where(Recipient.person == person.id)


async def the(alert):
    return await Alert.objects().where(Alert.id == alert).first()


async def an_estate():
    """A building of two floors; five households, one of them empty; a lane elsewhere."""
    building = await an_area(name="3", sort=1)
    low, high = [await an_area(parent=building.id, kind="floor", name=name, sort=int(name)) for name in ("1", "2")]
    lane = await an_area(kind="street", name="Willow", sort=2)
    doors = {
        name: await a_household(area=area, door=name, address=f"{name}-x")
        for name, area in (("101", low), ("102", low), ("201", high), ("202", high), ("7", lane))
    }
    people = {
        name: await a_person(home=doors[door], name=name)
        for name, door in (("ana", "101"), ("ben", "101"), ("cat", "102"), ("dan", "201"), ("eve", "7"))
    }
    return building, lane, doors, people


async def test_a_building_looks_again_for_its_own_doors_and_the_whole_for_every_door():
    building, lane, doors, _ = await an_estate()
    by = await a_coordinator()
    alert = await the(await an_alert(by=by))

    floors = {doors["101"].area, doors["201"].area}
    assert set((await board_of(alert, building.id, by=by)).channels) == {
        f"officers:{area}" for area in (building.id, *floors)
    }
    assert (await board_of(alert, lane.id, by=by)).channels == (f"officers:{lane.id}",)
    assert (await board(alert, by=by)).channels == ("officers",)


async def test_households_count_once_by_what_matters_most_and_areas_roll_up():
    _building, _lane, _, who = await an_estate()
    by = await a_coordinator()
    alert = await an_alert(by=by)
    await answers(a=(who["ana"], "help"), b=(who["ben"], "safe"), c=(who["dan"], "away"), d=(who["eve"], "safe"))

    seen = await board(await the(alert), by=by)

    assert [(str(each.name), each.homes, each.help, each.silent, each.safe, each.away) for each in seen.inside] == [
        ("3", 3, 1, 1, 0, 1),
        ("Willow", 1, 0, 0, 1, 0),
        ("", 1, 0, 1, 0, 0),  # the coordinator has no door here
    ]
    assert (seen.whole.homes, seen.whole.answered, seen.whole.people_help) == (5, 3, 1)


async def test_whoever_has_no_door_here_counts_as_a_door_on_the_board_as_on_home():
    building, _lane, _, who = await an_estate()
    by = await a_coordinator()
    guest, steward = await a_person(name="Gus"), await a_person(role=RoleKind.steward, area=building)
    alert = await the(await an_alert(by=by))
    await answers(a=(who["eve"], "safe"), g=(guest, "help"))

    seen, of_steward = await board(alert, by=by), await board(alert, by=steward)

    assert [(str(each.label), each.homes, each.help, each.answered) for each in seen.inside][2:] == [
        ("People without a door here", 3, 1, 1)
    ]
    on_home = await doors_of(await news_of(alert), now=NOON)
    assert (seen.whole.homes, seen.whole.help, seen.whole.silent) == (on_home.homes, on_home.help, on_home.silent)
    assert (seen.whole.homes, seen.whole.people, of_steward.whole.homes) == (7, 8, 3)


async def test_a_building_is_its_windows_the_highest_floor_on_top():
    building, _, _, who = await an_estate()
    by = await a_coordinator()
    alert = await an_alert(by=by)
    await answers(a=(who["ana"], "safe"), c=(who["cat"], "help"), d=(who["dan"], "safe"))

    seen = await board_of(await the(alert), building.id, by=by)

    [floors] = seen.floors.values()
    assert [[(door.door, door.look) for door in floor.doors] for floor in floors] == [
        [("201", "safe"), ("202", "empty")],
        [("101", "part"), ("102", "help")],
    ]
    assert (seen.whole.homes, seen.whole.part) == (3, 1)


async def test_E39_first_who_needs_help_then_who_is_known_to_need_somebody_then_the_silent():
    _, _, _, who = await an_estate()
    by = await a_coordinator()
    await household.add_needs("A stick", agrees=True, by=who["dan"], now=NOON)
    alert = await an_alert(by=by)
    await answers(a=(who["ana"], "safe"), e=(who["eve"], "help"))

    found = await sought(await the(alert), 1, area=None, by=by)

    assert [each.name for each in found if each.household] == ["eve", "dan", "ben", "cat"]
    assert [each.first for each in found if each.household] == [False, True, False, False]


async def test_a_steward_sees_what_they_look_after_and_nothing_else():
    building, lane, doors, who = await an_estate()
    steward = await a_person(role=RoleKind.steward, area=building)
    alert = await the(await an_alert())

    assert [each.name for each in (await board(alert, by=steward)).inside] == ["3"]
    assert {each.name for each in await sought(alert, 1, area=None, by=steward)} == {"ana", "ben", "cat", "dan"}
    assert (await behind(alert, doors["101"].id, by=steward)).look == "silent"
    for foreign in (board_of(alert, lane.id, by=steward), behind(alert, doors["7"].id, by=steward)):
        with pytest.raises(Missing):
            await foreign
    for look in (board(alert, by=who["ana"]), board_of(alert, building.id, by=who["ana"]), panel(alert, by=who["ana"])):
        with pytest.raises(Missing):
            await look


async def test_E24_the_panel_counts_people_by_what_the_other_side_said():
    _building, _, _, who = await an_estate()
    by = await a_coordinator()
    alert = await an_alert(by=by)
    rows = {row["person"]: row["id"] for row in await Notice.select(Notice.id, Notice.person)}

    async def went(name, road, fate, device=0):
        notice = rows[who[name].id]
        await Delivery.insert(Delivery(notice=notice, by=road, device=device, fate=fate, due_at=NOON))
        await Notice.update({Notice.spread_at: NOON}).where(Notice.id == notice)

    await went("ana", By.push, Fate.gone, 1)
    await went("ana", By.push, Fate.accepted, 2)
    await went("ben", By.push, Fate.waiting, 3)
    await went("cat", By.email, Fate.failed)
    await Notice.update({Notice.spread_at: NOON}).where(Notice.person == who["dan"].id)
    await Notice.update({Notice.read_at: NOON}).where(Notice.person == who["ana"].id)
    await answers(a=(who["ana"], "safe"))

    seen = await panel(await the(alert), by=by)

    assert [(each.by, each.targeted, each.accepted, each.waiting, each.failed, each.gone) for each in seen.roads] == [
        ("email", 1, 0, 0, 1, 0),
        ("push", 2, 1, 1, 0, 0),
    ]
    three = seen.areas[0]
    assert (three.targeted, three.told, three.accepted, three.nobody, three.seen, three.answered) == (4, 4, 1, 1, 1, 1)
    assert seen.whole.targeted == 6 and seen.whole.told == 4
