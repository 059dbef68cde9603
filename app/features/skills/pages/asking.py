"""The form with which people ask, whether one neighbour or anybody."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.people import rules as people
from app.features.skills.rules import Request
from app.features.skills.tables import Category
from app.kit.clock import now
from app.kit.forms import Words


class AskForm(Struct):
    words: Annotated[str, Words(600)]
    times: Annotated[str, Words(120)] = ""
    on_day: date | None = None
    for_whom: int | None = None


class QuestionForm(AskForm):
    category: Category | None = None


def asked_of(meant: AskForm) -> Request:
    return Request(**msgspec.structs.asdict(meant))


async def form_values(request: HTMXRequest) -> dict[str, Any]:
    """Whom one may ask for (mostly nobody else), and the first day one may ask for."""
    today = now().astimezone(request.state.here.clock).date()
    return {"for_whom": await people.acts_for(request.user), "today": today.isoformat()}
