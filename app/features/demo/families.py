"""A child who reads along, and somebody who is leaving: so that these pages are lived in too."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.privacy import rules as privacy
from app.features.skills import rules as skills


@dataclass(frozen=True)
class Family:
    """`child` lives with `guardian`, and is ten; `leaver` lives at `address` and asked to be erased."""

    child: str
    guardian: str
    leaver: str
    address: str
    reason: str


async def settle_families(family: Family, ids: dict[str, int], *, now: datetime) -> None:
    today = await community.today(now)
    guardian = await people.neighbour(ids[family.guardian])
    [stay, *_] = await people.stays_of(guardian.id)
    of_age = date(today.year + 4, today.month, 1)
    await people.add_child(family.child, household=stay.household, of_age_on=of_age, by=guardian, now=now)

    leaver = await people.add_person(name=family.leaver, now=now - timedelta(days=20))
    home = await people.household_at(family.address)
    await people.join(leaver, home, on=today - timedelta(days=20), by=None, now=now - timedelta(days=20))
    [officer, *_] = await people.officers(Kind.administrator)
    by, ends = await people.neighbour(officer), (skills.step_back,)
    await privacy.ask_for(leaver, by=by, reason=family.reason, step_back=ends, now=now - timedelta(days=3))
