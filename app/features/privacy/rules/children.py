"""Children under 14, for their guardian."""

from datetime import date, datetime

from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Child, Neighbour
from app.kit.refusals import Refusal
from app.kit.words import say


async def children(by: Neighbour, *, now: datetime) -> list[Child]:
    return await people.children_of(by.id, await community.today(now))


async def add_child(name: str, *, month: str, household: int | None, by: Neighbour, now: datetime) -> int:
    """`month` is the one in which they turn 14, "2031-05": a birthday is not asked for, and not kept."""
    homes = await people.stays_of(by.id)
    if not homes:
        raise Refusal(say("You belong to no household here yet. Ask your steward or the committee."))
    home = household if household is not None else homes[0].household
    return await people.add_child(name, household=home, of_age_on=_first_after(month), by=by, now=now)


def _first_after(month: str) -> date:
    """The first day of the month that follows: whoever has turned 14 in it is of age."""
    try:
        last = date.fromisoformat(f"{month[:7]}-28")
        return date(last.year + last.month // 12, last.month % 12 + 1, 1)
    except ValueError:
        raise Refusal(say("Year and month, please, like 2031-05."), beside="month") from None


async def code_for_child(child: int, *, by: Neighbour, now: datetime) -> tuple[Child, str]:
    """With which the child sets a password of its own."""
    found = await people.child_of(by.id, child, await community.today(now))
    return found, await accounts.code_for(child, by=by, now=now)
