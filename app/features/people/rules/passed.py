"""What is kept of roles that were passed on, and for how long."""

from datetime import datetime, timedelta
from typing import Any

from app.features.people.tables import Absence, Deputy, Proposal
from app.kit.keeping import Keeping
from app.kit.words import say

LASTS = timedelta(days=365)


async def passed_on(person_id: int) -> dict[str, Any]:
    """A person's share, for their export."""
    asked = Proposal.select(Proposal.task, Proposal.role._.kind, Proposal.made_at, Proposal.answer)
    deputies = Deputy.select(Deputy.role._.kind, Deputy.since_at, Deputy.ended_at)
    absences = Absence.select(Absence.role._.kind, Absence.since_at, Absence.until_at, Absence.ended_at)
    return {
        "asked": await asked.where(Proposal.person == person_id).order_by(Proposal.id),
        "deputy": await deputies.where(Deputy.person == person_id).order_by(Deputy.id),
        "absences": await absences.where(Absence.role._.person == person_id).order_by(Absence.id),
    }


async def purge(now: datetime) -> None:
    """A year after it was answered, ended, or over."""
    before = now - LASTS
    await Proposal.delete().where((Proposal.answered_at < before) | (Proposal.until_at < before))
    await Absence.delete().where(Absence.until_at < before)
    await Deputy.delete().where(Deputy.ended_at < before)


KEPT: tuple[Keeping, ...] = (
    Keeping(
        say("Deputies, absences and handovers of roles"),
        say("So that it can be seen who was responsible when"),
        ("absences", "deputies", "proposals"),
        lasts=LASTS,
        purge=purge,
    ),
)
