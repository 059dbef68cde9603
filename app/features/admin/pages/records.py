from datetime import date

from litestar import Controller, get
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.features.admin.rules import Asked
from app.features.people.tables import State
from app.kit.pages import Page, page


class RecordPages(Desk):
    path = "/admin/audit"

    @get()
    async def records(
        self,
        request: HTMXRequest,
        whom: FromQuery[str] = "",
        did: FromQuery[str] = "",
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
        before: FromQuery[str] = "",
    ) -> Page:
        known = await rules.deeds_known()
        asked = Asked(whom.strip()[:80], did if did in known else "", as_day(since), as_day(until))
        query = {"whom": asked.whom, "did": asked.did, "since": asked.since or "", "until": asked.until or ""}
        found = await rules.records(asked, before=as_number(before))
        return page(request, "admin/records.html", records=found, query=query, known=known)


class OwnRecordPages(Controller):
    path = "/account/audit"

    @get(also=(State.suspended, State.pending, State.leaving, State.gone))
    async def records(self, request: HTMXRequest, before: FromQuery[str] = "") -> Page:
        """What concerns the reader, and who did it: least of all this is a secret from them."""
        found = await rules.records_of(request.user.id, before=as_number(before))
        return page(request, "admin/own_records.html", records=found)


def as_day(typed: str) -> date | None:
    """People edit addresses: what is no day is not asked for."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2999 else None


def as_number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
