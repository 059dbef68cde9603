"""Where nobody answers somebody knocks: two who look after that area, and nobody else reads whose door is silent."""

import asyncio
import time
from datetime import timedelta

import pytest

from app.db import DB
from app.features.alerts import rules
from app.features.alerts.rules import Steps, boards, kept, knocks
from app.features.alerts.rules.knocking import knock, origin_of
from app.features.alerts.tables import Alert, AlertNeed, Answer, Kind, Level, Recipient
from app.features.help import rules as needs
from app.features.help.rules import Limits
from app.features.help.tables import Did, Need, NeedStep, Stage, Taking, What
from app.features.notices.tables import Notice, Urgency
from app.features.people.rules import neighbour
from app.features.people.tables import Household, Membership, Person, Role
from app.features.people.tables import Kind as RoleKind
from app.kit import clock
from app.kit.languages import language
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import kept as sentence_kept
from tests.alerting import a_coordinator, an_alert, run
from tests.makers import NOON, a_household, a_person, an_area

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HALF = NOON + 30 * MINUTE
LATER = HALF + MINUTE


async def a_building(doors=2, **said):
    """A building with so many silent doors, two people behind each, two stewards, and an alert that is out."""
    building = await an_area()
    homes = [await a_household(area=building) for _ in range(doors)]
    behind = [[await a_person(home=home) for _ in range(2)] for home in homes]
    stewards = [await a_person(role=RoleKind.steward, area=building) for _ in range(2)]
    alert = await an_alert(**{"areas": (building.id,), **said})
    return await Alert.objects().where(Alert.id == alert).first(), homes, behind, stewards


async def half_an_hour_silent(doors=2, **said):
    found = await a_building(doors, **said)
    await run(HALF)
    return found


async def knock_at(alert, home):
    return await Need.objects().where((Need.origin == origin_of(alert.id)) & (Need.household == home.id)).first()


async def steps_of(need):
    rows = await NeedStep.select(NeedStep.did, NeedStep.by).where(NeedStep.need == need.id).order_by(NeedStep.id)
    return [(row["did"], row["by"]) for row in rows]


async def heard(person, *, path):
    to_them = (Notice.person == person.id) & (Notice.path == path)
    rows = await Notice.select(Notice.sentence, Notice.urgency).where(to_them).order_by(Notice.id)
    return [(sentence_kept(row["sentence"]).spoken(language("en")), row["urgency"]) for row in rows]


def list_of(alert):
    return f"/alerts/{alert.id}/knocks"


def door_of(alert, home):
    return f"/alerts/{alert.id}/doors/{home.id}"


async def both_take(alert, home, pair, now=LATER):
    for each in pair:
        await knocks.take(alert, home.id, by=each, now=now)


@pytest.mark.parametrize("kind", [Kind.real, Kind.exercise])
async def test_E40_a_door_that_is_silent_for_half_an_hour_is_knocked_at_and_one_that_answered_is_not(kind):
    alert, (silent, answered), behind, _ = await a_building(kind=kind)
    await rules.answer(alert.id, behind[1][0].id, Answer.safe, by=behind[1][0], now=NOON + MINUTE)

    await run(HALF - MINUTE)
    assert await knock_at(alert, silent) is None
    await run(HALF)

    need = await knock_at(alert, silent)
    assert (need.stage, need.helpers, need.urgency, need.person) == (Stage.open, 2, Urgency.urgent, None)
    assert str(sentence_kept(need.sentence)).startswith("EXERCISE" if kind == Kind.exercise else "Knock at")
    assert await knock_at(alert, answered) is None
    filed = await AlertNeed.objects().where(AlertNeed.alert == alert.id)
    assert [(each.household, each.need, each.knock) for each in filed] == [(silent.id, need.id, True)]


async def test_the_time_is_the_alerts_own_and_without_a_roll_call_or_with_none_nobody_knocks():
    early, [home], _, _ = await a_building(1, steps=Steps(again=(), others=0, knock=10))
    never, _, _, _ = await a_building(1, steps=Steps(knock=0))
    silent, _, _, _ = await a_building(1, roll_call=False)

    await run(NOON + 10 * MINUTE)
    assert (await knock_at(early, home)).stage == Stage.open
    await run(HALF)
    assert not await Need.exists().where(Need.origin == origin_of(never.id))
    assert not await Need.exists().where(Need.origin == origin_of(silent.id))


@pytest.mark.parametrize(("level", "urgency"), [(Level.urgent, Urgency.urgent), (Level.critical, Urgency.critical)])
async def test_each_steward_hears_once_how_many_doors_wait_as_loudly_as_the_alert(level, urgency):
    alert, _, _, stewards = await half_an_hour_silent(12, level=level)
    elsewhere = await a_person(role=RoleKind.steward, area=await an_area())
    await knock(alert.id, LATER)

    for steward in stewards:
        assert await heard(steward, path=list_of(alert)) == [("12 doors wait for a knock in your area", urgency)]
    assert await heard(elsewhere, path=list_of(alert)) == []


async def test_where_nobody_is_steward_the_coordinators_hear_how_many_doors_wait():
    home = await a_household()
    await a_person(home=home)
    by = await a_coordinator()
    alert = await Alert.objects().where(Alert.id == await an_alert(by=by, areas=(home.area,))).first()
    await run(HALF)

    [(said, _)] = await heard(by, path=list_of(alert))
    assert said == "One door waits for a knock where nobody is steward"


async def test_E40_an_answer_calls_the_knock_off_and_whoever_had_taken_it_hears_so_once():
    alert, [home], [[ana, ben]], pair = await half_an_hour_silent(1)
    await both_take(alert, home, pair)

    await rules.answer(alert.id, ana.id, Answer.safe, by=ana, now=LATER + MINUTE)
    await rules.answer(alert.id, ben.id, Answer.safe, by=ben, now=LATER + 2 * MINUTE)
    await run(LATER + 3 * MINUTE)

    need = await knock_at(alert, home)
    assert need.stage == Stage.withdrawn
    assert (await steps_of(need))[-1] == (Did.called_off, None)
    assert await Taking.count().where((Taking.need == need.id) & Taking.ended_at.is_null()) == 0
    for each in pair:
        said = [words for words, _ in await heard(each, path=door_of(alert, home))]
        assert [words for words in said if "nobody needs to knock" in words] == [
            "They have answered: nobody needs to knock there any more. Thank you."
        ]


async def test_an_undone_answer_makes_the_door_wait_again():
    alert, [home], [[ana, _]], _ = await half_an_hour_silent(1)
    await rules.answer(alert.id, ana.id, Answer.safe, by=ana, now=LATER)

    await rules.undo(alert.id, by=ana.id, now=LATER + timedelta(seconds=3))

    assert (await knock_at(alert, home)).stage == Stage.open


async def test_an_answer_undone_when_the_half_hour_is_just_over_is_not_forgotten():
    alert, [home], [[ana, _]], stewards = await a_building(1)
    await rules.answer(alert.id, ana.id, Answer.safe, by=ana, now=HALF - timedelta(seconds=2))
    await run(HALF)

    await rules.undo(alert.id, by=ana.id, now=HALF + timedelta(seconds=3))
    await run(HALF + timedelta(seconds=4))

    assert (await knock_at(alert, home)).stage == Stage.open
    assert len(await heard(stewards[0], path=list_of(alert))) == 1


@pytest.mark.parametrize("end", ["all_clear", "false_alarm", "expire"])
async def test_E40_with_the_alert_every_knock_ends_and_nothing_rings_any_more(end):
    alert, homes, _, pair = await half_an_hour_silent(3, until_at=LATER + 5 * MINUTE)
    await both_take(alert, homes[0], pair)
    if end == "expire":
        await run(alert.until_at)
    else:
        await getattr(rules, end)(alert.id, by=await a_coordinator(), now=LATER)
    await run(NOON + 8 * 60 * MINUTE)

    assert {(await knock_at(alert, home)).stage for home in homes} == {Stage.withdrawn}
    told = [words for words, _ in await heard(pair[0], path=door_of(alert, homes[0]))]
    assert told[-1] == "It is over: nobody needs to come any more. Thank you."
    waits = await Notice.objects().where((Notice.person == pair[0].id) & (Notice.path == list_of(alert))).first()
    assert waits.until_at <= alert.until_at
    with pytest.raises(Taken):
        await knocks.take(await Alert.objects().get(Alert.id == alert.id), homes[1].id, by=pair[1], now=LATER)


async def test_of_thirty_officers_who_take_a_door_at_once_exactly_two_go():
    alert, [home], _, _ = await half_an_hour_silent(1)
    crowd = [await a_person(role=RoleKind.coordinator) for _ in range(30)]

    answers = await asyncio.gather(
        *[knocks.take(alert, home.id, by=each, now=LATER) for each in crowd], return_exceptions=True
    )

    need = await knock_at(alert, home)
    assert sum(each is None for each in answers) == 2
    assert all(isinstance(each, (Taken, type(None))) for each in answers)
    assert await Taking.count().where((Taking.need == need.id) & Taking.ended_at.is_null()) == 2
    assert need.stage == Stage.taken


async def test_a_door_has_one_knock_however_many_workers_open_it_at_once():
    alert, homes, _, stewards = await a_building(20)

    await asyncio.gather(*[knock(alert.id, HALF) for _ in range(8)])
    await knock(alert.id, HALF)

    assert await Need.count().where(Need.origin == origin_of(alert.id)) == len(homes)
    assert len(await heard(stewards[0], path=list_of(alert))) == 1


async def test_those_who_answer_while_the_knocks_are_opened_have_none_in_the_end():
    alert, homes, behind, _ = await a_building(20)

    await asyncio.gather(
        knock(alert.id, HALF),
        *[rules.answer(alert.id, ana.id, Answer.safe, by=ana, now=HALF) for ana, _ in behind[:10]],
    )

    open_ = await Need.select(Need.household).where((Need.origin == origin_of(alert.id)) & (Need.stage == Stage.open))
    assert {row["household"] for row in open_} == {home.id for home in homes[10:]}


async def test_the_end_and_thirty_answers_at_once_leave_no_knock_and_tell_each_once():
    alert, homes, behind, pair = await half_an_hour_silent(30)
    for home in homes[:5]:
        await both_take(alert, home, pair)
    by = await a_coordinator()

    done = await asyncio.gather(
        *[rules.answer(alert.id, ana.id, Answer.safe, by=ana, now=LATER) for ana, _ in behind],
        rules.all_clear(alert.id, by=by, now=LATER),
        return_exceptions=True,
    )

    assert all(isinstance(each, (Taken, type(None))) for each in done), done
    assert not await Need.exists().where((Need.origin == origin_of(alert.id)) & (Need.stage != Stage.withdrawn))
    for home in homes[:5]:
        ends = [words for words, _ in await heard(pair[0], path=door_of(alert, home)) if "Thank you" in words]
        assert len(ends) == 1


async def test_a_stewards_own_limits_do_not_hold_for_doors_and_doors_take_no_place_of_other_needs():
    alert, homes, _, (steward, _) = await half_an_hour_silent(25)
    await needs.set_limits(Limits(0, (), 1, 2), by=steward, now=NOON)

    for home in homes:
        await knocks.take(alert, home.id, by=steward, now=LATER)
    await needs.set_limits(Limits(1), by=steward, now=NOON)
    asker = await a_person()
    need = await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=asker, now=LATER)
    await needs.take(need, by=steward, now=LATER)

    assert await Taking.count().where((Taking.helper == steward.id) & Taking.ended_at.is_null()) == 26


async def test_nobody_there_is_counted_and_the_door_waits_for_the_next_two():
    alert, [home], _, pair = await half_an_hour_silent(1)
    await both_take(alert, home, pair)

    await knocks.nobody_there(alert, home.id, by=pair[0], now=LATER + MINUTE)
    await knocks.nobody_there(alert, home.id, by=pair[1], now=LATER + 9 * MINUTE)

    [row] = (await knocks.knocks(alert, 1, by=pair[0])).rows
    assert (row.tries, row.taken, row.stage, row.tried_at) == (2, 0, Stage.open, LATER + 9 * MINUTE)
    assert (await steps_of(await knock_at(alert, home)))[-1] == (Did.tried, pair[1].id)


async def test_somebody_opened_and_all_are_well_is_an_answer_of_those_who_were_silent():
    alert, [home], [[ana, ben]], pair = await half_an_hour_silent(1)
    await both_take(alert, home, pair)

    await knocks.opened(alert, home.id, Answer.safe, by=pair[0], now=LATER)

    behind = await boards.behind(alert, home.id, by=pair[0])
    assert [(each.person, each.answer, each.how) for each in behind.members] == [
        (ana.id, "safe", "knocked"),
        (ben.id, "safe", "knocked"),
    ]
    assert (await knock_at(alert, home)).stage == Stage.withdrawn
    ends = [words for words, _ in await heard(pair[0], path=door_of(alert, home)) if "nobody needs" in words]
    assert ends == []  # whoever did it need not be told
    with pytest.raises(Taken):
        await knocks.opened(alert, home.id, Answer.safe, by=pair[1], now=LATER)


async def test_somebody_opened_and_one_of_them_needs_help_is_that_persons_need():
    alert, [home], [[ana, ben]], pair = await half_an_hour_silent(1)

    with pytest.raises(Refusal):
        await knocks.opened(alert, home.id, Answer.help, by=pair[0], now=LATER)
    await knocks.opened(alert, home.id, Answer.help, person=ben.id, by=pair[0], now=LATER)

    rows = await Recipient.select(Recipient.person, Recipient.answer).where(Recipient.alert == alert.id)
    assert {row["person"]: row["answer"] for row in rows} == {ana.id: "", ben.id: "help"}
    assert await Need.count().where((Need.person == ben.id) & (Need.stage == Stage.open)) == 1
    assert (await knock_at(alert, home)).stage == Stage.withdrawn


async def test_the_list_goes_house_by_house_and_whoever_is_to_be_looked_for_first_stands_first():
    building, other = await an_area(name="1", sort=1), await an_area(name="2", sort=2)
    low = await an_area(parent=building.id, kind="floor", name="1", sort=1)
    high = await an_area(parent=building.id, kind="floor", name="2", sort=2)
    homes = {
        door: await a_household(area=area, door=door, address=door)
        for door, area in (("201", high), ("102", low), ("101", low), ("2-1", other))
    }
    people = {door: await a_person(home=home) for door, home in homes.items()}
    alert = await Alert.objects().get(Alert.id == await an_alert())
    await Recipient.update({Recipient.first: True}).where(Recipient.person == people["201"].id)
    await run(HALF)
    lives_in_2 = await a_person(role=RoleKind.coordinator, home=homes["2-1"])
    leads = await a_person(role=RoleKind.coordinator)

    assert [each.address for each in await knocks.knocks(alert, 1, by=leads)] == ["201", "101", "102", "2-1"]
    assert (await knocks.knocks(alert, 1, by=lives_in_2)).rows[0].address == "2-1"
    await knocks.take(alert, homes["102"].id, by=leads, now=LATER)
    assert [len(each.doors) for each in knocks.sections(await knocks.knocks(alert, 1, by=leads))] == [1, 2, 1]


async def test_a_steward_sees_the_doors_of_their_area_and_nobody_else_any():
    alert, [home], [[ana, _]], (steward, _) = await half_an_hour_silent(1)
    need = await knock_at(alert, home)
    neighbour, elsewhere = await a_person(), await a_person(role=RoleKind.steward, area=await an_area())

    assert await rules.doors_waiting(alert.id, by=steward) == 1
    for other in (ana, neighbour, elsewhere):
        assert await rules.doors_waiting(alert.id, by=other) == 0
        with pytest.raises(Missing):
            await needs.whole(need.id, by=other, now=LATER)
        with pytest.raises(Missing):
            await knocks.take(alert, home.id, by=other, now=LATER)
        board = await needs.board(other, now=LATER)
        assert need.id not in {card.id for card in [*board.open, *board.mine, *board.waiting, *board.helping]}
    assert not (await knocks.knocks(alert, 1, by=elsewhere)).rows


async def test_a_steward_who_lives_elsewhere_sees_on_home_that_doors_wait():
    alert, _, [[ana, _], _], (steward, _) = await half_an_hour_silent(2)
    line = (await rules.on_home(steward, now=LATER)).waits[0]

    assert (line.title.spoken(language("en")), line.path) == ("2 doors wait for a knock", list_of(alert))
    assert (await rules.on_home(ana, now=LATER)).waits == []


async def test_whoever_is_no_steward_any_more_sees_nothing_of_the_door_they_took():
    alert, [home], _, (steward, _) = await half_an_hour_silent(1)
    await knocks.take(alert, home.id, by=steward, now=LATER)
    await Role.update({Role.ended_at: LATER}).where(Role.person == steward.id)
    former = await neighbour(steward.id)
    with pytest.raises(Missing):
        await needs.whole((await knock_at(alert, home)).id, by=former, now=LATER)
    assert (await needs.board(former, now=LATER)).helping == []


async def test_nobody_can_ask_for_a_knock_by_a_form():
    with pytest.raises(Refusal):
        await needs.ask_for_help(needs.Asking(What.knock, "Please"), by=await a_person(), now=NOON)


async def test_thirty_days_after_the_end_nothing_says_whose_door_was_silent():
    alert, [home], _, pair = await half_an_hour_silent(1)
    await both_take(alert, home, pair)
    await rules.all_clear(alert.id, by=await a_coordinator(), now=LATER)

    await kept.purge(LATER + 31 * DAY)

    assert await knock_at(alert, home) is None
    assert not await Notice.exists().where(Notice.path == door_of(alert, home))


async def test_ten_thousand_silent_households_are_opened_while_others_can_still_write(capsys):
    building = await an_area()
    many = 10_000 if DB.engine_type == "sqlite" else 3_000
    await a_person(role=RoleKind.steward, area=building)
    homes = [Household(area=building.id, door=str(n), address=f"9-{n}") for n in range(many)]
    people = [Person(name=f"Q {n}", language="en", made_at=NOON) for n in range(many)]
    for start in range(0, many, 500):
        doors = await Household.insert(*homes[start : start + 500])
        whos = await Person.insert(*people[start : start + 500])
        stays = zip(doors, whos, strict=True)
        await Membership.insert(
            *[Membership(person=who["id"], household=door["id"], since_on=NOON.date()) for door, who in stays]
        )
    alert = await an_alert(areas=(building.id,), told=False)

    began = time.monotonic()
    await knock(alert, HALF)
    opened = time.monotonic()
    await rules.all_clear(alert, by=await a_coordinator(), now=LATER)
    ended = time.monotonic()

    with capsys.disabled():
        print(f"\n{many} doors: opened in {opened - began:.2f} s, called off in {ended - opened:.2f} s")
    assert await Need.count().where((Need.origin == f"alert:{alert}:knock") & (Need.stage == Stage.withdrawn)) == many


async def test_where_no_door_waits_the_page_says_why_and_never_that_the_silent_have_answered(sign_in):
    at, by = clock.now(), await a_coordinator()
    await a_person(home=await a_household())
    early = await an_alert(by=by, now=at)
    without = await an_alert(by=by, now=at, steps=Steps(knock=0))
    over = await an_alert(by=by, now=at)
    await rules.all_clear(over, by=by, now=at)
    browser = await sign_in(by)

    says = [(await browser.get(f"/alerts/{each}/knocks")).text for each in (early, without, over)]
    for page, words in zip(
        says,
        ("Doors that are still silent at", "Nobody is sent to the doors", "nobody has to knock any more"),
        strict=True,
    ):
        assert words in page and "Everybody has answered" not in page
