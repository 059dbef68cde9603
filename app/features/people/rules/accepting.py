"""Yes: the role passes, the deputy is named, the stand-in is set, in one transaction."""

from datetime import datetime

from app.db import writing
from app.features.people.rules.deputies import name_deputy
from app.features.people.rules.neighbour import Neighbour
from app.features.people.rules.proposals import CLOSED, Proposed, asked, fits, note, settle_proposal
from app.features.people.rules.rights import add_row, decides_about, end_rows, own_role
from app.features.people.rules.standing_in import stand_in
from app.features.people.tables import Absence, Answer, Kind, Role, Task
from app.kit.refusals import Taken
from app.kit.words import say


async def accept(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    """Gives back the question as it was. There is no moment without a holder, and none with two."""
    async with writing():
        found = await asked(proposal_id, by=by, now=now)
        role = await own_role(found.role)
        await fits(role, by.id)
        await settle_proposal(proposal_id, Answer.yes, now)
        await DO[found.task](found, role, by, now)
        return found


async def _take_over(found: Proposed, role: Role, by: Neighbour, now: datetime) -> None:
    await decides_about(Kind(role.kind), found.made_by, now)
    await end_rows(Role.id == role.id, now)
    await note(say("role handed over"), role, role.person, by.id, now)
    await add_row(by.id, role.kind, role.area, by=found.made_by, now=now)


async def _be_deputy(found: Proposed, role: Role, by: Neighbour, now: datetime) -> None:
    await name_deputy(role, by.id, by=found.made_by, now=now)


async def _cover(found: Proposed, role: Role, by: Neighbour, now: datetime) -> None:
    absence = await Absence.objects().where((Absence.id == found.absence) & Absence.ended_at.is_null()).first()
    if absence is None or absence.until_at <= now:
        raise Taken(CLOSED)
    await stand_in(by.id, role, absence, by=found.made_by, now=now)


DO = {Task.handover: _take_over, Task.deputy: _be_deputy, Task.cover: _cover}
