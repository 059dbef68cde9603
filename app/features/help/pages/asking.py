import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.help import rules
from app.features.help.pages.board import KNOWN
from app.features.help.rules import CARE, AskedAlready, Asking, Twin
from app.features.help.tables import What
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, Text, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from app.kit.words import say

SUM = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
Sum = Annotated[str, Words(12)]
HOUSEHOLD = "household"


class NeedForm(Struct):
    kind: What
    words: Text
    details: Annotated[str, Words(600)] = ""
    urgency: Urgency = Urgency.everyday
    until_on: date | None = None


class MyNeedForm(NeedForm):
    for_whom: Annotated[str, Words(20)] = ""
    two: bool = False
    sum: Sum = ""
    twin: Twin = Twin.tell


class AskingPages(Controller):
    path = "/help/new"

    @get()
    async def new(self, request: HTMXRequest) -> Page:
        return await _form(request, blank(urgency=Urgency.everyday))

    @post()
    async def ask(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, MyNeedForm)
        if not form:
            return await _form(request, form, 422)
        meant = form.meant
        try:
            need = await rules.ask_for_help(
                asking_of(meant, request, helpers=2 if meant.two else 1, sum_cents=cents_of(meant.sum, "sum"),
                          whole_household=meant.for_whom == HOUSEHOLD, twin=meant.twin),
                for_whom=int(meant.for_whom) if meant.for_whom.isascii() and meant.for_whom.isdigit() else None,
                by=request.user, now=now(),
            )  # fmt: skip
        except AskedAlready as already:
            return await _form(request, form, already.status, twin=already.need)
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _form(request, form, refusal.status)
        return to(f"/help/{need}", say("Asked. You hear from us as soon as somebody takes it."))


def asking_of(meant: NeedForm, request: HTMXRequest, **more: Any) -> Asking:
    return Asking(
        meant.kind,
        meant.words,
        meant.details,
        until_at=end_of(meant.until_on, request),
        urgency=meant.urgency,
        **more,
    )


def end_of(day: date | None, request: HTMXRequest) -> datetime | None:
    """The last moment of that day, by the community's own clock."""
    if day is None:
        return None
    return datetime.combine(day, time(23, 59), request.state.here.clock).astimezone(now().tzinfo)


def cents_of(typed: str, beside: str) -> int | None:
    """ "12.5" is 1250; a comma is as good as a point."""
    plain = typed.replace(",", ".").strip().lstrip("¥￥€£$").strip()
    if not plain:
        return None
    whole, _, part = plain.partition(".")
    if not SUM.fullmatch(plain):
        raise Refusal(say("A sum of money, please, like 25 or 25.50."), beside=beside)
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


async def _form(request: HTMXRequest, form: Form, status: int = 200, *, twin: int | None = None) -> Page:
    values: dict[str, Any] = {
        "form": form,
        "twin": twin,
        "for_whom": await people.acts_for(request.user),
        "household": HOUSEHOLD,
        "care": CARE,
        **days(request),
    }
    return page(request, "help/new.html", status=status, **values, **KNOWN)


def days(request: HTMXRequest) -> dict[str, str]:
    today = now().astimezone(request.state.here.clock).date()
    return {"today": today.isoformat(), "last_day": (today + timedelta(days=59)).isoformat()}
