"""When a password is set or changed: every other way in that was open ends."""

from datetime import datetime

from app.features.accounts.rules.ending import end_all
from app.features.accounts.tables import HalfOpen, ResetCode


async def shut_all(person: int, *, besides: int = 0, now: datetime) -> None:
    """Every door that stands open or half open, and every code that would open one; `besides` is the sign-in that
    stays. In the transaction that writes the password: whoever knew the old one is outside when it is changed.
    """
    await end_all(person, besides=besides, now=now)
    await HalfOpen.delete().where(HalfOpen.person == person)
    await ResetCode.delete().where((ResetCode.person == person) & ResetCode.spent_at.is_null())
