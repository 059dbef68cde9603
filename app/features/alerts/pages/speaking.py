from typing import Any

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.alerts import rules
from app.features.alerts.pages.alert import alert_page
from app.features.alerts.pages.forms import UpdateForm, WordsForm, moment
from app.features.alerts.pages.writing import COORDINATORS, tags
from app.features.alerts.tables import Type
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

TOLD = say("Everybody who heard the alert is being told.")


class SpeakingPages(Controller):
    """What is said after the first word, until the last."""

    path = "/alerts/{alert_id:int}"
    opt = {"only": COORDINATORS}

    @post("/update")
    async def update(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        return await _say(request, alert_id, Type.update)

    @post("/correction")
    async def correct(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        return await _say(request, alert_id, Type.correction)

    @post("/all-clear")
    async def all_clear(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        """Pressed alone it takes the words that stand ready; the form brings its own."""
        form = await filled(request, WordsForm)
        if not form:
            return await alert_page(request, alert_id, status=422, end=form)
        headlines, bodies = form.meant.in_each(tags(request))
        own: dict[str, Any] = (
            {"headlines": headlines, "bodies": bodies} if any((*headlines.values(), *bodies.values())) else {}
        )
        try:
            await rules.all_clear(alert_id, **own, by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await alert_page(request, alert_id, status=refusal.status, end=form)
        return to(f"/alerts/{alert_id}", TOLD)

    @post("/false-alarm")
    async def false_alarm(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await rules.false_alarm(alert_id, by=request.user, now=now())
        return to(f"/alerts/{alert_id}", TOLD)


async def _say(request: HTMXRequest, alert_id: int, type: Type) -> Page | Redirect:
    form = await filled(request, UpdateForm)
    if not form:
        return await alert_page(request, alert_id, status=422, news=form)
    headlines, bodies = form.meant.in_each(tags(request))
    try:
        until = moment(form.meant.until_at, request.state.here.clock) if form.meant.until_at else None
        await rules.update(alert_id, headlines, bodies, type=type, until_at=until, by=request.user, now=now())
    except (Missing, NotYours, Taken):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return await alert_page(request, alert_id, status=refusal.status, news=form)
    return to(f"/alerts/{alert_id}", TOLD)
