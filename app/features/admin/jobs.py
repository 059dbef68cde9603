from datetime import datetime

from app.features.admin import rules


async def leaves(absence: int, now: datetime) -> None:
    await rules.leaves(absence, now=now)


async def returns(absence: int, now: datetime) -> None:
    await rules.returns(absence, now=now)


async def unanswered(proposal: int, now: datetime) -> None:
    await rules.unanswered(proposal, now=now)


# Reminders only: powers begin and end in the queries that ask for them.
JOBS = {"roles.leaves": leaves, "roles.returns": returns, "roles.unanswered": unanswered}
