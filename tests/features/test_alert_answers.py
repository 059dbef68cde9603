"""Everybody says how they are; one's own word counts before all others, and a slip is taken back."""

import asyncio
import itertools
from datetime import timedelta
from random import Random

import pytest

from app.config import settings
from app.features.alerts import rules
from app.features.alerts.rules.kept import DESTROYED_AFTER, purge
from app.features.alerts.tables import AlertNeed, Answer, How, Kind, Level, Recipient, Said
from app.features.community.tables import Area
from app.features.help import rules as needs
from app.features.help.tables import Need, NeedStep, Stage, What
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership, State
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.tables import Change, Picture
from app.kit.words import kept
from tests.alerting import a_coordinator, an_alert, run
from tests.canary import a_photo
from tests.makers import NOON, a_household, a_person, an_area

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SAFE, HELP, AWAY = Answer.safe, Answer.help, Answer.away


async def counts(alert, person):
    """What counts for somebody, and how it is known."""
    row = await rules.recipient_of(alert, person.id)
    return (row.answer, row.how)


async def history(alert, person):
    theirs = (Said.recipient.alert == alert) & (Said.recipient.person == person.id)
    return [row["answer"] for row in await Said.select(Said.answer).where(theirs).order_by(Said.id)]


async def needs_of(person):
    rows = await Need.select(Need.stage).where(Need.person == person.id).order_by(Need.id)
    return [row["stage"] for row in rows]


async def heard(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def a_family(home, size=3):
    """The first may answer for the others."""
    members = [await a_person(home=home, name=f"Member {n}") for n in range(size)]
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == members[0].id)
    return members


async def test_E37_each_says_how_they_are_changes_it_and_all_of_it_is_kept():
    ana = await a_person(home=await a_household())
    alert = await an_alert()

    for n, said in enumerate((SAFE, HELP, AWAY, SAFE)):
        await rules.answer(alert, ana.id, said, by=ana, now=NOON + n * MINUTE)

    assert await counts(alert, ana) == (SAFE, How.self)
    assert await history(alert, ana) == [SAFE, HELP, AWAY, SAFE]


async def test_E37_two_phones_at_once_and_the_later_one_counts():
    ana = await a_person(home=await a_household())
    alert = await an_alert()

    said = [SAFE, AWAY] * 10
    await asyncio.gather(
        *[rules.answer(alert, ana.id, each, by=ana, now=NOON + n * SECOND) for n, each in enumerate(said)]
    )

    last = await Said.objects().order_by(Said.id, ascending=False).first()
    row = await rules.recipient_of(alert, ana.id)
    assert len(await history(alert, ana)) == 20, "none is lost"
    assert (row.answer, row.answered_at) == (last.answer, last.at)


async def test_E37_what_waited_on_a_phone_is_kept_and_does_not_silence_a_cry_that_came_meanwhile():
    ana = await a_person(home=await a_household())
    alert = await an_alert()
    await rules.answer(alert, ana.id, HELP, by=ana, now=NOON + 9 * MINUTE)

    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON + 20 * MINUTE, said_at=NOON + 5 * MINUTE)
    assert await counts(alert, ana) == (HELP, How.self) and await needs_of(ana) == [Stage.open]

    await rules.answer(alert, ana.id, AWAY, by=ana, now=NOON + 21 * MINUTE)
    await rules.undo(alert, by=ana.id, now=NOON + 21 * MINUTE + SECOND)
    assert await counts(alert, ana) == (HELP, How.self)
    assert await history(alert, ana) == [HELP, SAFE, AWAY]


async def test_E37_a_cry_for_help_counts_when_it_comes_whatever_the_clock_of_its_phone_says():
    ana = await a_person(home=await a_household())
    alert = await an_alert()
    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON + 9 * MINUTE)
    await rules.answer(alert, ana.id, HELP, by=ana, now=NOON + 20 * MINUTE, said_at=NOON - 400 * HOUR)
    assert await counts(alert, ana) == (HELP, How.self) and await needs_of(ana) == [Stage.open]


async def test_E37_nothing_was_said_before_the_alert_nor_after_now():
    ana, ben = await a_person(home=await a_household()), await a_person(home=await a_household())
    alert = await an_alert()
    for each, said_at in ((ana, NOON - HOUR), (ben, NOON + HOUR)):
        await rules.answer(alert, each.id, SAFE, by=each, now=NOON + MINUTE, said_at=said_at)
    assert (await rules.recipient_of(alert, ana.id)).answered_at == NOON
    assert (await rules.recipient_of(alert, ben.id)).answered_at == NOON + MINUTE


async def test_E38_those_who_may_answer_for_others_say_how_they_know_and_these_are_told():
    building = await an_area()
    home = await a_household(area=building)
    ana, ben, _ = await a_family(home)
    steward = await a_person(role=RoleKind.steward, area=building)
    leader = await a_coordinator()
    alert = await an_alert(areas=(building.id,))

    for n, (by, how) in enumerate(
        ((ana, How.household), (steward, How.seen), (leader, How.phone), (steward, How.paper))
    ):
        await rules.answer(alert, ben.id, SAFE, how=how, by=by, now=NOON + n * MINUTE)
        assert await counts(alert, ben) == (SAFE, how)

    assert f"{ana.name} answered for you: Safe" in await heard(ben)
    assert not [each for each in await heard(ana) if "answered for you" in each]


async def test_E38_nobody_else_answers_for_them_nor_in_their_name():
    building, other = await an_area(), await an_area()
    home = await a_household(area=building)
    ana, ben, cat = await a_family(home)
    next_door = await a_person(home=await a_household(area=building))
    elsewhere = await a_person(role=RoleKind.steward, area=other)
    manager = await a_person(role=RoleKind.space_manager)
    suspended = await a_person(home=home, state="suspended")
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == suspended.id)
    alert = await an_alert(areas=(building.id,))

    for by in (cat, next_door, elsewhere, manager, suspended):
        for how in How:
            with pytest.raises(Missing):
                await rules.answer(alert, ben.id, SAFE, how=how, by=by, now=NOON)
    for by, how in itertools.product((ana, await a_coordinator()), (How.self, How.link)):
        with pytest.raises(Refusal):
            await rules.answer(alert, ben.id, SAFE, how=how, by=by, now=NOON)
    with pytest.raises(Missing):
        await rules.answer(alert, elsewhere.id, SAFE, by=elsewhere, now=NOON)
    assert await Said.count() == 0


async def test_a_guardian_answers_for_their_child():
    home = await a_household()
    ana = await a_person(home=home)
    child = await people.add_child(
        "Kid", household=home.id, of_age_on=NOON.date() + timedelta(days=900), by=ana, now=NOON
    )
    alert = await an_alert(areas=(home.area,))

    assert await rules.answer_for_household(alert, SAFE, by=ana, now=NOON) == [ana.id, child]


async def test_E38_ones_own_word_outranks_whoever_answers_for_one_before_or_after():
    home = await a_household()
    ana, ben, _ = await a_family(home)
    alert = await an_alert(areas=(home.area,))

    await rules.answer(alert, ben.id, SAFE, how=How.household, by=ana, now=NOON)
    await rules.answer(alert, ben.id, HELP, by=ben, now=NOON + MINUTE)
    await rules.answer(alert, ben.id, SAFE, how=How.household, by=ana, now=NOON + 2 * MINUTE)

    assert await counts(alert, ben) == (HELP, How.self)
    assert await history(alert, ben) == [SAFE, HELP, SAFE]
    assert await needs_of(ben) == [Stage.open]


async def test_all_of_us_names_those_of_my_door_for_whom_i_may_answer():
    home = await a_household()
    ana, ben, cat = await a_family(home)
    alert = await an_alert(areas=(home.area,))
    late = await a_person(home=home)
    await rules.answer(alert, cat.id, HELP, by=cat, now=NOON)

    assert await rules.answer_for_household(alert, SAFE, by=ana, now=NOON) == [ana.id, ben.id, cat.id]

    assert await counts(alert, ana) == (SAFE, How.self)
    assert await counts(alert, ben) == (SAFE, How.household)
    assert await counts(alert, cat) == (HELP, How.self)
    assert await rules.recipient_of(alert, late.id) is None
    assert await rules.answer_for_household(alert, SAFE, by=ben, now=NOON) == [ben.id]


async def test_E37_a_slip_is_undone_within_eight_seconds_and_what_counted_before_counts_again():
    home = await a_household()
    ana, ben, cat = await a_family(home)
    alert = await an_alert(areas=(home.area,))
    await rules.answer(alert, ben.id, AWAY, by=ben, now=NOON)

    await rules.answer_for_household(alert, SAFE, by=ana, now=NOON + MINUTE)
    await rules.undo(alert, by=ana.id, now=NOON + MINUTE + 8 * SECOND)

    assert await counts(alert, ana) == await counts(alert, cat) == ("", "")
    assert await counts(alert, ben) == (AWAY, How.self)
    assert not [each for each in await heard(cat) if "answered for you" in each]
    with pytest.raises(Taken):
        await rules.undo(alert, by=ana.id, now=NOON + MINUTE + 8 * SECOND)


async def test_a_minute_later_nothing_is_undone():
    ana = await a_person(home=await a_household())
    alert = await an_alert()
    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON)

    with pytest.raises(Taken):
        await rules.undo(alert, by=ana.id, now=NOON + MINUTE)
    assert await counts(alert, ana) == (SAFE, How.self)


async def test_undone_by_two_presses_at_once_it_is_undone_once():
    ana = await a_person(home=await a_household())
    alert = await an_alert()
    await rules.answer(alert, ana.id, AWAY, by=ana, now=NOON)
    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON + 2 * SECOND)

    presses = [rules.undo(alert, by=ana.id, now=NOON + 3 * SECOND) for _ in range(2)]
    answers = await asyncio.gather(*presses, return_exceptions=True)

    assert sum(isinstance(each, Taken) for each in answers) == sum(each is None for each in answers) == 1
    assert await counts(alert, ana) == (AWAY, How.self)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_said_and_undone_the_newest_own_word_counts_or_else_the_newest_of_the_others(seed):
    random = Random(seed)
    home = await a_household()
    ana, ben, _ = await a_family(home)
    leader = await a_coordinator()
    alert = await an_alert(areas=(home.area,))
    model, latest, now = [], {}, NOON

    for _ in range(25):
        now += random.choice([SECOND, 3 * SECOND, MINUTE])
        by, how = random.choice([(ben, How.self), (ana, How.household), (leader, How.phone)])
        if random.random() < 0.3:
            last = latest.pop(by.id, None)
            if last and last[3] > now - 12 * SECOND:
                await rules.undo(alert, by=by.id, now=now)
                model.remove(last)
            else:
                with pytest.raises(Taken):
                    await rules.undo(alert, by=by.id, now=now)
        else:
            said = random.choice(list(Answer))
            await rules.answer(alert, ben.id, said, how=how, by=by, now=now)
            latest[by.id] = (by.id, how, said, now)
            model.append(latest[by.id])
        own = [each for each in model if each[1] == How.self]
        expected = (own or model or [(0, "", "", None)])[-1]
        assert await counts(alert, ben) == (expected[2], expected[1])
        standing = [each for each in await needs_of(ben) if each == Stage.open]
        assert len(standing) == (expected[2] == HELP), "one who needs help has one need, and nobody else has any"


async def test_after_the_end_no_answer_is_taken():
    ana = await a_person(home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(by=by)
    by_itself = await an_alert(by=by)
    await rules.all_clear(alert, by=by, now=NOON + MINUTE)

    for id, at in ((alert, NOON + 2 * MINUTE), (by_itself, NOON + 4 * HOUR)):
        with pytest.raises(Taken, match="This alert is over"):
            await rules.answer(id, ana.id, SAFE, by=ana, now=at)
    await rules.answer(by_itself, ana.id, SAFE, by=ana, now=NOON + 3 * HOUR)


async def test_without_a_roll_call_nobody_is_asked():
    ana = await a_person(home=await a_household())
    alert = await an_alert(roll_call=False)
    with pytest.raises(Refusal, match="Nobody is asked"):
        await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON)


async def test_who_has_answered_has_read_what_was_told_and_who_was_answered_for_still_hears_the_first_word():
    home = await a_household()
    ana, ben, _ = await a_family(home)
    alert = await an_alert(areas=(home.area,))

    await rules.answer_for_household(alert, SAFE, by=ana, now=NOON)

    first = (Notice.thread == f"alert:{alert}") & Notice.read_at.is_null()
    assert [row["person"] for row in await Notice.select(Notice.person).where(first).order_by(Notice.person)] == [
        ben.id,
        _.id,
    ]
    await rules.answer(alert, ben.id, SAFE, by=ben, now=NOON)
    assert not await Notice.exists().where(first & (Notice.person == ben.id))


async def test_the_board_of_that_area_and_the_phones_of_those_concerned_look_again():
    home = await a_household()
    ana, ben, cat = await a_family(home)
    alert = await an_alert(areas=(home.area,))
    await Change.delete(force=True)

    await rules.answer_for_household(alert, SAFE, by=ana, now=NOON)

    channels = {row["channel"] for row in await Change.select(Change.channel)}
    assert channels == {f"officers:{home.area}", *(f"person:{each.id}" for each in (ana, ben, cat))}


async def test_E39_need_help_is_a_need_at_once_and_said_again_it_is_joined_not_doubled():
    home = await a_household()
    ana = await a_person(home=home)
    alert = await an_alert(level=Level.urgent, areas=(home.area,))

    await rules.answer(alert, ana.id, HELP, by=ana, now=NOON)
    await rules.answer(alert, ana.id, HELP, words="我走不动了", what=What.transport, by=ana, now=NOON + SECOND)

    [need] = await Need.objects().where(Need.person == ana.id)
    [filed] = await AlertNeed.objects().where(AlertNeed.alert == alert)
    assert (need.stage, need.urgency, need.area) == (Stage.open, "urgent", home.area)
    assert (filed.need, filed.household) == (need.id, home.id)
    assert "joined" in [row["did"] for row in await NeedStep.select(NeedStep.did).where(NeedStep.need == need.id)]
    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON + MINUTE)
    assert await needs_of(ana) == [Stage.withdrawn]
    await rules.undo(alert, by=ana.id, now=NOON + MINUTE + SECOND)
    assert await needs_of(ana) == [Stage.withdrawn, Stage.open]


async def test_E49_a_need_of_an_exercise_says_so_first():
    ana = await a_person(home=await a_household())
    alert = await an_alert(kind=Kind.exercise)
    await rules.answer(alert, ana.id, HELP, words="Smoke", by=ana, now=NOON)
    [need] = await Need.objects().where(Need.person == ana.id)
    assert need.words == "EXERCISE · Smoke"


async def test_a_whole_household_that_needs_help_at_once_is_heard_one_by_one():
    home = await a_household()
    family = await a_family(home, 5)
    alert = await an_alert(areas=(home.area,))

    await asyncio.gather(*[rules.answer(alert, each.id, HELP, by=each, now=NOON) for each in family])

    assert [await needs_of(each) for each in family] == [[Stage.open]] * 5
    assert await Recipient.count().where((Recipient.alert == alert) & (Recipient.answer == HELP)) == 5


async def test_a_photo_is_for_those_who_may_answer_for_them_and_goes_when_the_answer_is_refused():
    building = await an_area()
    home = await a_household(area=building)
    ana, ben, cat = await a_family(home)
    steward = await a_person(role=RoleKind.steward, area=building)
    other = await a_person(role=RoleKind.steward, area=await an_area())
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(building.id,))

    await rules.answer(alert, ben.id, HELP, photo=a_photo(), by=ben, now=NOON)

    [picture] = await Picture.objects()
    seen = [each for each in (ana, ben, cat, steward, other, by) if await rules.may_see_photo(each, picture.page)]
    assert seen == [ana, ben, steward, by]
    await rules.all_clear(alert, by=by, now=NOON)
    with pytest.raises(Taken):
        await rules.answer(alert, ben.id, HELP, photo=a_photo(), by=ben, now=NOON)
    assert await Picture.count() == 1


async def test_suspended_or_about_to_leave_whoever_was_called_answers():
    home = await a_household()
    there = [await a_person(home=home, state=state) for state in ("suspended", "leaving")]
    alert = await an_alert(areas=(home.area,))
    for each in there:
        await rules.answer(alert, each.id, SAFE, by=each, now=NOON)
        assert await counts(alert, each) == (SAFE, How.self)
    await run(NOON)


async def test_an_answer_costs_few_statements(queries):
    ana = await a_person(home=await a_household())
    alert = await an_alert()
    queries.clear()
    await rules.answer(alert, ana.id, SAFE, by=ana, now=NOON)
    assert len([each for each in queries if not each.startswith(("BEGIN", "COMMIT"))]) <= 6


async def test_what_was_shown_goes_with_the_incident():
    ana = await a_person(home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(by=by)
    await rules.answer(alert, ana.id, HELP, photo=a_photo(), by=ana, now=NOON)
    [picture] = await Picture.objects()
    await rules.all_clear(alert, by=by, now=NOON)

    await purge(NOON + DESTROYED_AFTER)
    assert await Picture.count() == 1
    await purge(NOON + DESTROYED_AFTER + SECOND)
    assert await Picture.count() == await Said.count() == 0
    assert not [*(settings().data / "uploads").rglob(f"{picture.token}*")]


async def test_nobody_asks_for_a_knock_by_answering():
    ana = await a_person(home=await a_household())
    alert = await an_alert()

    await rules.answer(alert, ana.id, Answer.help, what=What.knock, by=ana, now=NOON)

    assert (await Need.objects().where(Need.person == ana.id).first()).kind == What.other


async def test_a_childs_call_for_help_is_its_guardians_need_and_says_so_to_whoever_comes():
    home = await a_household()
    mother = await a_person(home=home, name="Mother", phone="+8613800138000")
    month = NOON.date() + timedelta(days=1000)
    child = await people.neighbour(
        await people.add_child("Kid", household=home.id, of_age_on=month, by=mother, now=NOON)
    )
    alert = await an_alert(areas=(home.area,))

    await rules.answer(alert, child.id, Answer.help, by=mother, how=How.household, now=NOON)

    need = await Need.objects().where(Need.household == home.id).first()
    assert (need.person, need.household) == (mother.id, home.id)
    assert need.details == "It is about Kid, a child who lives there."
    await rules.answer(alert, child.id, Answer.safe, by=mother, how=How.household, now=NOON + timedelta(minutes=1))
    assert (await Need.objects().get(Need.id == need.id)).stage == "withdrawn"


async def test_somebody_suspended_who_needs_help_is_heard_by_the_officers_and_read_by_nobody_else():
    home = await a_household()
    area = await Area.objects().get(Area.id == home.area)
    steward = await a_person(role=RoleKind.steward, area=area)
    neighbour, elsewhere = await a_person(), await a_person(role=RoleKind.steward, area=await an_area())
    lin = await a_person(home=home, name="Lin", state=State.suspended, phone="+8613800138001")
    alert = await an_alert(areas=(home.area,))

    await rules.answer(alert, lin.id, Answer.help, words="My leg", by=lin, now=NOON)

    need = await Need.objects().where(Need.person == lin.id).first()
    assert await Notice.count().where((Notice.person == steward.id) & (Notice.path == f"/help/{need.id}")) == 1
    for other in (neighbour, elsewhere):
        with pytest.raises(Missing):
            await needs.whole(need.id, by=other, now=NOON)
    await needs.take(need.id, by=steward, now=NOON)
    assert [each.phone for each in (await needs.whole(need.id, by=steward, now=NOON)).contacts] == ["+8613800138001"]
    await rules.answer(alert, lin.id, Answer.safe, by=lin, now=NOON + timedelta(minutes=1))
    assert (await Need.objects().get(Need.id == need.id)).stage == "withdrawn"
