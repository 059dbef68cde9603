"""What somebody borrows and lends, in their own calendar: whole days, as loans are counted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.sharing.rules.days import DAY, midnight, the_zone
from app.features.sharing.rules.stages import HOLDS, owner_of
from app.features.sharing.rules.words import STAGES
from app.features.sharing.tables import Stage
from app.kit.calendars import Entry, since
from app.kit.words import Sentence, say


class _Dated(Struct):
    id: int
    first_on: date
    due_on: date
    stage: Stage
    asked_at: datetime
    steps: int
    changed_at: datetime
    name: str
    fetch: str
    borrower: int
    borrower_name: str
    owner_name: str | None


_mine = prepared_sql(
    "SELECT loans.id, loans.first_on, loans.due_on, loans.stage, loans.asked_at, items.name, items.fetch, "
    "loans.borrower, borrowers.name AS borrower_name, owners.name AS owner_name, "
    "(SELECT COUNT(*) FROM loan_steps WHERE loan_steps.loan = loans.id) AS steps, "
    "(SELECT MAX(loan_steps.at) FROM loan_steps WHERE loan_steps.loan = loans.id) AS changed_at "
    "FROM loans JOIN items ON items.id = loans.item JOIN people AS borrowers ON borrowers.id = loans.borrower "
    "LEFT JOIN people AS owners ON owners.id = items.person "
    "WHERE (loans.borrower = {0} OR items.person = {0}) AND loans.first_on IS NOT NULL AND loans.due_on > {1} "
    "AND (loans.stage IN ('accepted', 'out', 'back') OR (loans.stage_at > {2} AND EXISTS (SELECT 1 FROM loan_steps "
    "WHERE loan_steps.loan = loans.id AND loan_steps.did = 'accepted'))) ORDER BY loans.id",
    _Dated,
)


async def in_calendar(person: Neighbour, *, now: datetime) -> list[Entry]:
    """What was agreed; what was agreed and called off stays a while, so that programs take it out of their own."""
    back, kept = since(now)
    zone = await the_zone()
    return [_entry(row, person, zone) for row in await _mine(person.id, back.date(), kept)]


def _entry(row: _Dated, person: Neighbour, zone: ZoneInfo) -> Entry:
    return Entry(
        owner_of(row.id),
        midnight(row.first_on, zone),
        midnight(row.due_on + DAY, zone),
        _title(row, person),
        made_at=row.asked_at,
        changed_at=row.changed_at,
        changes=row.steps,
        off=row.stage not in (*HOLDS, Stage.back),
        path=f"/loans/{row.id}",
        place=row.fetch,
        words=STAGES[row.stage],
        private=True,
        days=True,
    )


def _title(row: _Dated, person: Neighbour) -> Sentence:
    if row.borrower == person.id:
        whose = row.owner_name
        return say("%(item)s, from %(name)s", item=row.name, name=whose) if whose else say("%(item)s", item=row.name)
    return say("%(item)s, for %(name)s", item=row.name, name=row.borrower_name or say("A former neighbour"))
