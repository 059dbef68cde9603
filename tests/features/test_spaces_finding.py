"""What is free instead: near that day, else within eight weeks, and with all that belongs to it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.spaces import rules
from app.features.spaces.rules import Stretch, TimeTaken, days
from app.features.spaces.rules.finding import nearest_to
from app.features.spaces.rules.opening import Hours
from app.features.spaces.rules.times import moment_of
from app.kit import slots
from app.kit.refusals import Refusal
from tests.makers import NOON, a_person
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


async def closed_until(space, days: int) -> None:
    """From a week before that Saturday until so many days after it."""
    first, last = (
        datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        for day in (SATURDAY - timedelta(days=8), SATURDAY + timedelta(days=days))
    )
    await rules.block_out(space.id, first, last, {"en": "Painters"}, by=await a_manager(), now=NOON)


async def offered(space, **said) -> list[tuple[date, float]]:
    with pytest.raises(TimeTaken) as taken:
        await a_booking(space, **said)
    return [(each.day, each.opens / 60) for each in taken.value.free]


@pytest.mark.parametrize("later", [9, 30])
async def test_where_all_days_around_are_taken_the_first_after_them_is_offered(database, later):
    space = await a_space(ahead=90)
    await closed_until(space, later)

    assert await offered(space) == [(SATURDAY + timedelta(days=later), hour) for hour in (14, 13.5, 14.5)]


async def test_nothing_is_offered_after_eight_weeks_or_further_ahead_than_one_may_book(database):
    long, short = await a_space(ahead=120), await a_space(ahead=20)
    await closed_until(long, 57)
    await closed_until(short, 12)
    assert await offered(long) == []

    may = NOON.astimezone(SHANGHAI).date() + timedelta(days=20)
    assert {day for day, _ in await offered(short)} == {may}


async def test_who_asks_with_a_projector_is_offered_when_it_is_free_too(database):
    here, there, projectors = await a_space(), await a_space(), await some_equipment(units=2)
    await a_booking(here, equipment={projectors.id: 1}, opens=10 * 60, closes=14 * 60)
    await a_booking(there, equipment={projectors.id: 1}, opens=14 * 60, closes=18 * 60)
    third = await a_space()
    await a_booking(third, equipment={projectors.id: 1}, opens=14 * 60, closes=15 * 60)

    with pytest.raises(TimeTaken, match="Not enough") as taken:
        await a_booking(await a_space(), equipment={projectors.id: 1})
    assert taken.value.beside == f"equipment-{projectors.id}"
    assert [each.opens / 60 for each in taken.value.free] == [15, 15.5, 12]
    for each in taken.value.free[:1]:
        await a_booking(await a_space(), opens=each.opens, closes=each.closes, equipment={projectors.id: 1})


async def test_whoever_lacks_both_hears_of_the_room(database):
    space, projector = await a_space(gap=30), await some_equipment()
    await a_booking(space, equipment={projector.id: 1})

    with pytest.raises(TimeTaken, match="That time is taken") as taken:
        await a_booking(space, equipment={projector.id: 1})
    assert taken.value.beside == "begins"


async def test_a_search_with_a_projector_counts_how_much_of_it_is_free(database):
    here, projector = await a_space(), await some_equipment()
    elsewhere = await a_space()
    await a_booking(elsewhere, equipment={projector.id: 1})

    wish = a_wish(equipment={projector.id: 1})
    [found, _] = await rules.find(wish, await rules.spaces(), zone=SHANGHAI, now=NOON)
    assert (found.room.id, found.free) == (here.id, False)
    assert [each.opens for each in found.instead] == [12 * 60, 16 * 60, 11 * 60 + 30]
    assert await rules.find(a_wish(equipment={projector.id: 2}), await rules.spaces(), zone=SHANGHAI, now=NOON) == []


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI, ZoneInfo("Asia/Beirut"), ZoneInfo("Asia/Kathmandu")])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_what_is_offered_around_a_change_of_clocks_can_be_had(database, zone, day):
    """Reckoned anew, hour by hour: what one could book is what is offered."""
    space = await a_space(gap=20, step=30)
    room, hours = await rules.space_of(space.id), Hours({each: [Stretch(0, 1440)] for each in range(7)}, {})
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1, hours=3, minutes=7)
    begins = datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)
    taken = set(slots.quarters(begins, begins + timedelta(hours=3)))
    wish = a_wish(day=day, opens=60, closes=120)

    possible = set()
    for nth in range(-7, 8):
        for opens in range(0, 1440 - 60 + 1, 30):
            try:
                during = [moment_of(day + timedelta(days=nth), at, zone) for at in (opens, opens + 60)]
            except Refusal:
                continue
            if during[0] > now and taken.isdisjoint(slots.quarters(during[0], during[1] + timedelta(minutes=20))):
                possible.add((day + timedelta(days=nth), opens))
    found = nearest_to(room, hours, wish, taken, zone=zone, now=now, most=10_000)

    assert {(each.day, each.opens) for each in found} == possible and len(found) == len(possible)


def test_a_stretch_stands_on_the_same_days_by_the_wall_clock_and_reckoned():
    first, start = SATURDAY, days.midnight_of(SATURDAY, SHANGHAI)
    for begins in range(-3000, 6000, 45):
        for lasts in (15, 90, 1440, 4000):
            row = days._Busy(1, 1, start + begins, start + begins + lasts, "approved", "", 1, 1, "")
            assert days._on_even_days(row, start, 3) == days._on_days(row, first, 3, SHANGHAI), (begins, lasts)
    assert days._even_start(date(2026, 3, 27), 2, BERLIN) is not None
    assert days._even_start(date(2026, 3, 27), 3, BERLIN) is None


async def test_a_search_asks_as_little_for_twenty_rooms_as_for_two(sign_in, queries):
    booked = [await a_space() for _ in range(2)]
    browser, day = await sign_in(await a_neighbour()), SATURDAY.isoformat()
    counted = []
    for more in (0, 18):
        for _ in range(more):
            booked.append(await a_space())
        path = f"/spaces?day={day}&begins=14:00&ends=16:00&people=6"
        await browser.get(path)
        queries.clear()
        await browser.get(path)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 16, counted


async def test_the_form_with_other_times_offers_no_waiting_for_a_room_that_is_free(sign_in):
    here, there, projector = await a_space(), await a_space(), await some_equipment()
    day = (datetime.now(SHANGHAI) + timedelta(days=3)).date()
    real = datetime.now(UTC)
    await a_booking(there, day=day, equipment={projector.id: 1}, now=real)
    browser = await sign_in(await a_person())
    form = {"day": day.isoformat(), "begins": "14:00", "ends": "16:00", "purpose": "Film", "people": "6"}
    answer = await browser.post(f"/spaces/{here.slug}/book", data=form | {f"equipment-{projector.id}": "1"})

    assert answer.status_code == 409 and "Not enough of it is free then." in answer.text
    assert f'value="{day} 720 840"' in answer.text and "Put me on the waiting list" not in answer.text
