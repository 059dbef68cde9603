"""Who did what: written with the deed, in its transaction; never a personal value, never changed afterwards."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.kit.tables import AuditRow


async def note(
    did: str,
    *,
    who: int | None,
    about: str,
    now: datetime,
    concerns: int | None = None,
    fields: Iterable[str] = (),
) -> None:
    """`did` says what ("role given"), `about` names the row ("person:7"), `concerns` the person it touches."""
    row = AuditRow(at=now, who=who, did=did, about=about, concerns=concerns, fields=json.dumps(sorted(fields)))
    await AuditRow.insert(row)


async def mine(person_id: int) -> list[dict[str, Any]]:
    """What this person did, and what was done that concerns them."""
    theirs = (AuditRow.who == person_id) | (AuditRow.concerns == person_id)
    return await AuditRow.select(AuditRow.at, AuditRow.did, AuditRow.about, AuditRow.fields).where(theirs)
