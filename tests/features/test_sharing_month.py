"""A month of an item: what is free, and what is not, for the eye and in words."""

from datetime import date

from app.features.sharing import rules
from app.features.sharing.pages.month_part import beside, first_of
from app.features.sharing.tables import Stage
from app.kit import slots
from app.kit.languages import language
from app.kit.slots import Claim
from tests.sharing import DAY, TODAY, a_gift, a_loan, a_neighbour, an_item

MAY = date(2026, 5, 1)


async def stretches(item, first=MAY, *, by=None, today=TODAY) -> list[tuple[int, int, str]]:
    month = await rules.month_of(item, first, by=by or await a_neighbour(), today=today)
    assert [each.on.month for each in month.days] == [first.month] * len(month.days)
    return [(each.first.day, each.last.day, each.look) for each in month.stretches]


async def test_a_month_says_what_is_lent_what_is_a_pause_and_what_is_free():
    ladder = await an_item(gap=2)
    await a_loan(ladder, days=7, stage=Stage.out)
    await a_loan(ladder, first=date(2026, 5, 20), days=20)

    assert await stretches(ladder) == [(1, 7, "lent"), (8, 9, "gap"), (10, 19, "free"), (20, 31, "lent")]
    assert await stretches(ladder, date(2026, 6, 1)) == [(1, 8, "lent"), (9, 10, "gap"), (11, 30, "free")]


async def test_days_that_are_over_say_only_what_was_lent():
    ladder = await an_item()
    await a_loan(ladder, first=date(2026, 5, 4), days=3)
    assert await stretches(ladder, today=date(2026, 5, 10)) == [(4, 6, "lent"), (10, 31, "free")]


async def test_what_should_have_been_back_is_not_free():
    ladder = await an_item()
    await a_loan(ladder, first=MAY, days=3, stage=Stage.out)
    assert await stretches(ladder, today=date(2026, 5, 6)) == [(1, 3, "lent"), (4, 6, "late"), (7, 31, "free")]


async def test_who_has_it_reads_that_it_is_theirs_and_nobody_else_reads_whose_it_is():
    ladder, ana = await an_item(), await a_neighbour()
    await a_loan(ladder, by=ana, days=2)
    assert (await stretches(ladder, by=ana))[0] == (1, 2, "mine")
    assert (await stretches(ladder))[0] == (1, 2, "lent")


async def test_days_that_are_kept_for_whoever_waits_are_not_free():
    ladder = await an_item()
    await slots.take("waiting:5", [Claim(ladder.thing, tuple(slots.days(MAY + DAY, MAY + 2 * DAY)))])
    assert await stretches(ladder) == [(1, 1, "free"), (2, 3, "lent"), (4, 31, "free")]


async def test_a_month_is_one_query(queries):
    ladder, ana = await an_item(), await a_neighbour()
    for nth in range(3):
        await a_loan(ladder, first=MAY + 9 * nth * DAY)
    queries.clear()
    await rules.month_of(ladder, MAY, by=ana, today=TODAY)
    assert len(queries) == 1


def test_the_months_to_turn_to_end_after_two_years():
    assert first_of("2026-12", TODAY) == date(2026, 12, 1)
    for typed in ("", "2026-13", "soon", "2030-01", "0001-01", "9999-12", "2026-05-07"):
        assert first_of(typed, TODAY) == MAY
    assert (beside(MAY, -1, TODAY), beside(date(2026, 12, 1), 1, TODAY)) == (date(2026, 4, 1), date(2027, 1, 1))
    assert beside(date(2028, 12, 1), 1, TODAY) is None is beside(date(2024, 1, 1), -1, TODAY)


def test_days_on_end_say_their_month_once():
    english, chinese = language("en"), language("zh-Hans")
    assert english.days(MAY, date(2026, 5, 7)) == "1–7 May"
    assert chinese.days(MAY, date(2026, 5, 7)) == "5月1日至7日"
    assert (english.days(MAY, MAY), chinese.days(MAY, MAY)) == ("1 May", "5月1日")
    assert english.days(MAY, date(2026, 6, 2)) == "1 May – 2 Jun"
    assert chinese.days(MAY, date(2026, 6, 2)) == "5月1日至6月2日"


async def test_a_gift_has_no_month():
    assert (await a_gift()).is_gift
