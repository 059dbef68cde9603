"""Reminders that are right: two days before, on the day, one, three and seven days after, then the steward; once."""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Kind
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.due import DAYS, Owed, owed
from app.features.sharing.rules.lent import lent, steps_of
from app.features.sharing.tables import Did, Stage
from app.kit import later
from app.kit.languages import language
from app.kit.words import kept
from tests.makers import a_community
from tests.sharing import DAY, NOON, TODAY, a_household, a_loan, a_neighbour, a_person, an_item, owner_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = TODAY + 6 * DAY  # of a loan of a week that was handed over today


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


async def clock(now: datetime) -> None:
    """As the worker does it: it looks in, and what is due runs."""
    await rules.look_in(now)
    await later.run_due(jobs.JOBS, now)


async def mornings(first: date, many: int) -> None:
    for nth in range(many):
        await clock(at(first + nth * DAY))


async def told(person, *, since: int = 0) -> list[tuple[date, str]]:
    rows = await Notice.select().where(Notice.person == person.id).order_by(Notice.id)
    return [(row["made_at"].astimezone(SHANGHAI).date(), str(kept(row["sentence"]))) for row in rows][since:]


async def days_told(person) -> list[int]:
    """Days after the one on which it was due."""
    return [(day - DUE).days for day, _ in await told(person)]


async def out(**said):
    item = await an_item(**{key: said.pop(key) for key in ("keepers", "name") if key in said})
    loan = await a_loan(item, **{"stage": Stage.out, **said})
    return loan, (await owner_of(item) if item.person else None), await neighbour(loan.borrower)


def test_of_each_day_there_is_one_answer():
    def which(today, since=-9, reminded=None):
        on = lambda after: None if after is None else DUE + after * DAY  # noqa: E731
        return owed(Owed(DUE, on(since), on(reminded)), on(today))

    assert {day: which(day) for day in DAYS} == {day: day for day in DAYS}
    assert [which(day) for day in (-5, -3)] == [None, None]
    assert [which(day, reminded=last) for day, last in ((-1, -2), (2, 1), (6, 3), (9, 7), (300, 10))] == [None] * 5
    assert which(-1) == -2 and which(5, reminded=0) == 3, "a clock that slept says the last of it, once"
    assert which(0, since=0) is None, "whoever took it today has just been told"
    assert which(1, since=0) == 1


async def test_two_days_before_on_the_day_and_one_three_and_seven_days_after(database):
    loan, keeper, ana = await out()
    await mornings(TODAY, 60)
    assert await days_told(ana) == [-2, 0, 1, 3, 7, 10]
    assert await days_told(keeper) == [1, 3, 7, 10], "who lends it hears only that it is late"
    words = [words for _, words in await told(ana)]
    assert words[:3] == [
        f"Ladder is due on {DUE}.",
        "Ladder is due today.",
        f"Ladder has been due since {DUE}. Please bring it back, or say that it is.",
    ]
    assert "steward" in words[4] and [each.did for each in await steps_of(loan.id)] == [Did.reminded] * 6


async def test_at_the_end_the_steward_of_whoever_has_it_hears_once(database):
    home = await a_household()
    from app.features.community.tables import Area

    area = await Area.objects().where(Area.id == home.area).first()
    steward, elsewhere = await a_person(role=Kind.steward, area=area), await a_person(role=Kind.steward)
    _, _, ana = await out(by=await a_person(home=home, name="Ana"))
    await mornings(TODAY, 60)
    [(day, words)] = await told(steward)
    assert (day - DUE).days == 10 and words == f"Ana has had Ladder since it was due on {DUE}. Can you look in on them?"
    assert (await Notice.select(Notice.path).where(Notice.person == steward.id).first())[
        "path"
    ] == f"/neighbours/{ana.id}"
    assert await told(elsewhere) == []


async def test_it_is_said_in_the_morning_of_the_place_and_once_a_day_however_often_the_clock_looks(database):
    _, _, ana = await out()
    for minute in range(0, 60, 15):
        await clock(at(DUE, 7, minute))
    assert await told(ana) == []
    for hour in range(8, 24):
        await clock(at(DUE, hour))
    assert await days_told(ana) == [0]


async def test_where_the_clock_is_another_the_morning_is_too(database):
    await a_community(zone="Europe/Berlin")
    _, _, ana = await out()
    await clock(at(DUE, 8))
    assert await told(ana) == [], "it is two in the morning there"
    await clock(at(DUE, 14))
    assert len(await told(ana)) == 1


async def test_two_workers_at_once_say_it_once(database):
    _, keeper, ana = await out()
    await asyncio.gather(*[rules.remind(at(DUE + DAY)) for _ in range(4)])
    await rules.remind(at(DUE + DAY, 9))
    assert await days_told(ana) == [1] and await days_told(keeper) == [1]


async def test_whoever_has_three_things_gets_one_word(database):
    ana = await a_neighbour()
    for name in ("Ladder", "Drill", "Saw"):
        await out(by=ana, name=name)
    await mornings(DUE, 1)
    [(_, words)] = await told(ana)
    assert words == "Ladder is due today. Drill is due today. Saw is due today."
    assert (await Notice.select(Notice.path).first())["path"] == "/loans"


async def test_of_very_many_things_the_first_are_named(database):
    ana = await a_neighbour()
    for nth in range(7):
        await out(by=ana, name=f"Thing {nth}")
    await mornings(DUE, 1)
    [notice] = await Notice.select(Notice.sentence)
    words = kept(notice["sentence"]).spoken(language("en"))
    assert words.startswith("Thing 0 is due today.") and words.endswith("Thing 3 is due today. And 3 more things.")


async def test_who_lends_and_borrows_gets_one_word_about_both(database):
    ana = await a_neighbour()
    item = await an_item(by=ana, name="Tent")
    ben = await a_neighbour(name="Ben")
    await a_loan(item, by=ben, stage=Stage.out)
    await out(by=ana, first=TODAY + DAY)
    await mornings(DUE + DAY, 1)
    [(_, words)] = await told(ana)
    assert words == f"Tent has been due at Ben's since {DUE}. Ladder is due today."


async def test_a_renewal_moves_them_all(database):
    loan, keeper, ana = await out()
    await mornings(TODAY, 5)
    assert await days_told(ana) == [-2]
    await rules.renew(loan.id, by=ana, now=at(DUE - DAY, 20))
    await mornings(DUE - DAY, 40)
    assert await days_told(ana) == [-2, *[7 + each for each in DAYS]]
    assert (await days_told(keeper))[1:] == [8, 10, 14, 17], "after the word that it was renewed"


async def test_an_undone_renewal_moves_them_back(database):
    loan, _, ana = await out()
    await mornings(TODAY, 5)
    await rules.renew(loan.id, by=ana, now=at(DUE - DAY, 20))
    await rules.undo_renewal(loan.id, by=ana, now=at(DUE - DAY, 20))
    await mornings(DUE, 2)
    assert await days_told(ana) == [-2, 0, 1]


@pytest.mark.parametrize("by_keeper", [True, False])
async def test_of_what_has_come_home_or_was_said_to_nobody_hears(database, by_keeper):
    loan, keeper, ana = await out()
    await mornings(TODAY, 7)
    assert await days_told(ana) == [-2, 0]
    await rules.bring_back(loan.id, Back(), by=keeper if by_keeper else ana, now=at(DUE, 23))
    before = len(await told(ana)), len(await told(keeper))
    for nth in range(1, 3):
        await clock(at(DUE + nth * DAY))
    assert (len(await told(ana)), len(await told(keeper))) == before
    for nth in range(3, 20):
        await clock(at(DUE + nth * DAY))
    assert [words for _, words in await told(ana) if "due" in words] == [
        f"Ladder is due on {DUE}.",
        "Ladder is due today.",
    ]
    assert (await lent(loan.id)).stage == Stage.back


async def test_what_was_not_back_after_all_is_spoken_of_again_from_the_next_morning(database):
    loan, keeper, ana = await out()
    await mornings(TODAY, 7)
    await rules.bring_back(loan.id, Back(), by=ana, now=at(DUE, 20))
    for nth in (1, 2):
        await clock(at(DUE + nth * DAY))
    await rules.deny_back(loan.id, by=keeper, now=at(DUE + 2 * DAY, 12))
    before = len(await told(ana))
    await clock(at(DUE + 2 * DAY, 13))
    assert len(await told(ana)) == before, "one word a day"
    await clock(at(DUE + 3 * DAY))
    assert (await told(ana))[before:] == [
        (DUE + 3 * DAY, f"Ladder has been due since {DUE}. Please bring it back, or say that it is.")
    ]


async def test_whoever_typed_it_for_another_hears_it_too(database):
    home = await a_household()
    son, mother = await a_person(home=home), await a_person(home=home)
    await out(by=mother, acted_by=son.id)
    await mornings(DUE, 1)
    assert len(await told(son)) == len(await told(mother)) == 1


async def test_all_keepers_of_what_is_ours_hear_that_it_is_late(database):
    keepers = [await a_neighbour(), await a_neighbour()]
    await out(keepers=keepers)
    await mornings(DUE, 2)
    assert [len(await told(each)) for each in keepers] == [1, 1]


async def test_asked_and_agreed_things_remind_nobody(database):
    for stage in (Stage.asked, Stage.accepted, Stage.back, Stage.given, Stage.declined):
        await out(stage=stage)
    await mornings(TODAY, 30)
    assert await Notice.count() == 0


async def test_before_there_is_a_community_nothing_happens(database):
    await rules.look_in(NOON + timedelta(hours=20))
    assert await Notice.count() == 0


async def test_whoever_has_just_renewed_it_is_not_told_on_the_same_morning(database):
    loan, _, ana = await out(days=2)
    await rules.renew(loan.id, by=ana, now=at(TODAY + DAY, 7))
    await mornings(TODAY + DAY, 3)
    [(day, words)] = await told(ana)
    assert (day, words) == (TODAY + 3 * DAY, "Ladder is due today.")
