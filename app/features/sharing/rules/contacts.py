"""How the two of a loan reach each other: the borrower, and one of those it belongs to."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.features.people.rules import Contact, Neighbour
from app.features.sharing.rules.reach import keepers_of, thing
from app.features.sharing.rules.stages import Lent
from app.features.sharing.tables import Stage


class _By(Struct):
    by: int


_answered = prepared_sql(
    "SELECT loan_steps.by FROM loan_steps WHERE loan_steps.loan = {} AND loan_steps.by IS NOT NULL "
    "AND loan_steps.did IN ('accepted', 'proposed') ORDER BY loan_steps.id DESC",
    _By,
)


async def host_of(found: Lent) -> int | None:
    """Whose it is; of several, whoever said yes, else whoever offered it, else the first who is across no block."""
    if found.person is not None:
        return found.person
    item = await thing(found.item)
    whose = [each for each in await keepers_of(item) if each != found.borrower]
    for each in await _answered(found.id):
        if each.by in whose:
            return each.by
    whose.sort(key=lambda each: each != item.by)
    for one in whose:
        if not await moderation.blocks_between(one, found.borrower):
            return one
    return whose[0] if whose else None


async def contact_in(found: Lent, *, by: Neighbour, now: datetime) -> Contact | None:
    """Of the other of the two, while the loan shows it; across a block only while the thing is out, for it has to come
    home. Whoever acts for one of them, and the other keepers of what has several, see nothing."""
    if not found.shows_contact(now):
        return None
    host = await host_of(found)
    other = {found.borrower: host, host: found.borrower}.get(by.id)
    if other is None or (found.stage != Stage.out and await moderation.blocks_between(by.id, other)):
        return None
    return await people.contact(other)
