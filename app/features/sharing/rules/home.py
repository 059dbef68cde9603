"""What loans put on Home."""

from datetime import date, datetime, timedelta

from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules.days import what
from app.features.sharing.rules.my_loans import Line as LoanLine
from app.features.sharing.rules.my_loans import my_loans
from app.features.sharing.rules.stages import HOLDS
from app.features.sharing.rules.words import STAGES
from app.kit.lines import Line, OnHome
from app.kit.words import Sentence, say

SOON = timedelta(days=3)
FEW = 3


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    mine, today = await my_loans(by, now=now), await community.today(now)
    near = [each for each in [*mine.lending, *mine.borrowing] if each.stage in HOLDS and _is_near(each, today + SOON)]
    return OnHome(waits=[*(_waits(each, by, now) for each in mine.waiting), *(_runs(each, by) for each in near[:FEW])])


def _is_near(row: LoanLine, soon: date) -> bool:
    """It begins or ends in these days, or did already."""
    day = row.due_on if row.handed_at else row.first_on
    return day is None or day <= soon


def _waits(row: LoanLine, by: Neighbour, now: datetime) -> Line:
    if row.is_lent_by(by.id):
        title = say("%(name)s asks for %(item)s", name=row.borrower_name or say("A former neighbour"), item=row.name)
    elif row.in_line:
        title = say("It is your turn: %(item)s", item=row.name)
    else:
        title = say("Other days for %(item)s?", item=row.name)
    return Line("handshake", title, row.path, what(row), say("Answer"), due=True)


def _runs(row: LoanLine, by: Neighbour) -> Line:
    return Line("handshake", _with_whom(row, by), row.path, what(row), STAGES[row.stage])


def _with_whom(row: LoanLine, by: Neighbour) -> Sentence:
    if row.is_lent_by(by.id):
        return say("%(item)s, for %(name)s", item=row.name, name=row.borrower_name or say("A former neighbour"))
    if row.owner_name:
        return say("%(item)s, from %(name)s", item=row.name, name=row.owner_name)
    return say("%(item)s", item=row.name)
