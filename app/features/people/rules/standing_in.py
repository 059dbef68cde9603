"""Standing in: an ordinary role beside the holder's, for the time of one absence."""

from datetime import datetime

from app.features.people.rules.proposals import fits, note
from app.features.people.rules.rights import void
from app.features.people.tables import Absence, Proposal, Role
from app.kit.words import say


async def stand_in(person_id: int, role: Role, absence: Absence, *, by: int, now: datetime) -> None:
    """Inside the deed's transaction. Nothing ends it but its own time: no job has to run for powers to go.

    Whoever else is asked for this absence need not answer any more.
    """
    await fits(role, person_id)
    await void(Proposal.absence == absence.id, now)
    row = Role(
        person=person_id,
        kind=role.kind,
        area=role.area,
        given_by=by,
        given_at=now,
        stands_in_for=role.id,
        since_at=max(absence.since_at, now),
        until_at=absence.until_at,
    )
    await Role.insert(row)
    await note(say("stands in"), role, person_id, by, now)
