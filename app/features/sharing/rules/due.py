"""Which reminder of a loan is owed on a day. Of what is in somebody's hands, and of nothing else."""

from datetime import date, timedelta

from msgspec import Struct

# Days after the one on which it is due; the last is for the steward of whoever has it.
BEFORE, TODAY, AFTER, STEWARD = (-2,), 0, (1, 3, 7), 10
DAYS = (*BEFORE, TODAY, *AFTER, STEWARD)


class Owed(Struct):
    """A loan that is out, on the days of the community. `since_on`: when it was handed over or last renewed."""

    due_on: date
    since_on: date
    reminded_on: date | None


def owed(loan: Owed, today: date) -> int | None:
    """One of DAYS: the last whose day has come, once, however late the clock looks in. None where nothing is.

    Whoever took or renewed it on that day, or after, has just been told.
    """
    come = [each for each in DAYS if loan.due_on + timedelta(days=each) <= today]
    if not come:
        return None
    on = loan.due_on + timedelta(days=come[-1])
    told = loan.reminded_on is not None and loan.reminded_on >= on
    return None if told or loan.since_on >= on else come[-1]
