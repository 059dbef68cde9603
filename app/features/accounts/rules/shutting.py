"""When a password is set or changed: every other way in that was open ends."""

from app.features.accounts.tables import HalfOpen, ResetCode, SignIn


async def shut_all(person: int, *, besides: int = 0) -> None:
    """Every door that stands open or half open, and every code that would open one; `besides` is the sign-in that
    stays. In the transaction that writes the password: whoever knew the old one is outside when it is changed.
    """
    await SignIn.delete().where((SignIn.person == person) & (SignIn.id != besides))
    await HalfOpen.delete().where(HalfOpen.person == person)
    await ResetCode.delete().where((ResetCode.person == person) & ResetCode.spent_at.is_null())
