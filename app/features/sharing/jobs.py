"""What happens on the sharing board while nobody watches."""

from datetime import datetime, timedelta

from app.features.sharing import rules
from app.features.sharing.rules import gift_ending, moving, search_ticking, waiting
from app.kit.clockwork import Every, every
from app.kit.later import Job


async def run_out(loan: int, now: datetime) -> None:
    await rules.run_out(loan, now=now)


async def remind_of_search(search: int, now: datetime) -> None:
    await search_ticking.remind(search, now=now)


async def expire_search(search: int, now: datetime) -> None:
    await search_ticking.expire(search, now=now)


async def search_is_over(search: int, now: datetime) -> None:
    await search_ticking.over(search, now=now)


async def end_gifts(now: datetime) -> None:
    await gift_ending.end_gifts(now)


async def move_along(now: datetime) -> None:
    await moving.move_along()


async def offer_what_is_free(now: datetime) -> None:
    await waiting.offer_what_is_free(now)


async def count_back(loan: int, now: datetime) -> None:
    await rules.count_back(loan, now=now)


JOBS: dict[str, Job] = {
    "sharing.run_out": run_out,
    "sharing.count_back": count_back,
    "sharing.remind": rules.remind,
    "sharing.search_remind": remind_of_search,
    "sharing.search_expire": expire_search,
    "sharing.search_over": search_is_over,
}

CLOCKWORK: tuple[Every, ...] = (
    every(timedelta(minutes=30), end_gifts, "gifts that end"),
    every(timedelta(minutes=15), rules.look_in, "sharing reminders"),
    every(timedelta(minutes=15), offer_what_is_free, "things that came free"),
    every(timedelta(minutes=10), move_along, "things that move along"),
)
