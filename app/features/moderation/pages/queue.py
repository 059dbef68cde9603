from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.moderation import rules
from app.features.moderation.rules import MEASURES, RULES, SPANS, VERDICTS, Ruling
from app.features.moderation.tables import Measure, Rule, Verdict
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

OFFICERS = {"only": (Kind.administrator, Kind.coordinator)}


class RulingForm(Struct):
    measure: Measure
    rule: Rule
    reason: Annotated[str, Words(300)]
    days: int = 7


class AnswerForm(Struct):
    verdict: Verdict
    reason: Annotated[str, Words(300)]


class ReportPages(Controller):
    path = "/reports"
    opt = OFFICERS

    @get()
    async def queue(self, request: HTMXRequest) -> Page:
        reports, appeals = await rules.reports_for(request.user), await rules.appeals_for(request.user)
        matters = request.app.state.matters
        return page(request, "moderation/queue.html", reports=reports, appeals=appeals, matters=matters)

    @get("/{report_id:int}")
    async def show(self, request: HTMXRequest, report_id: FromPath[int]) -> Page:
        return await report_page(request, report_id)

    @post("/{report_id:int}/decision")
    async def decide(self, request: HTMXRequest, report_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, RulingForm)
        if not form:
            return await report_page(request, report_id, form, status=422)
        meant, matters = form.meant, request.app.state.matters
        ruling = Ruling(meant.measure, meant.rule, meant.reason, meant.days)
        try:
            await rules.decide(report_id, ruling, matters, by=request.user, now=now())
        except (Missing, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await report_page(request, report_id, form, status=refusal.status)
        return to("/reports", say("Decided. Those it concerns have been told."))


class AppealPages(Controller):
    path = "/appeals/{appeal_id:int}"
    opt = OFFICERS

    @get()
    async def show(self, request: HTMXRequest, appeal_id: FromPath[int]) -> Page:
        return await appeal_page(request, appeal_id, blank())

    @post("/answer")
    async def answer(self, request: HTMXRequest, appeal_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AnswerForm)
        if not form:
            return await appeal_page(request, appeal_id, form, status=422)
        meant, matters = form.meant, request.app.state.matters
        await rules.answer(appeal_id, meant.verdict, meant.reason, matters, by=request.user, now=now())
        return to("/reports", say("Decided. Those it concerns have been told."))


async def report_page(request: HTMXRequest, report_id: int, form: Form | None = None, *, status: int = 200) -> Page:
    report = await rules.report_page(report_id, by=request.user, now=now())
    matter = request.app.state.matters.get(report.kind)
    may_take = matter is not None and matter.take_away is not None
    measures = {each: words for each, words in MEASURES.items() if each != Measure.taken or may_take}
    return page(
        request,
        "moderation/report.html",
        status=status,
        report=report,
        what=matter.what if matter else say("%(name)s", name=report.kind),
        history=await rules.decisions_about(report.author),
        form=blank(rule=report.rule, days=7) if form is None else form,
        measures=measures,
        community_rules=RULES,
        spans=SPANS,
        verdicts=VERDICTS,
    )


async def appeal_page(request: HTMXRequest, appeal_id: int, form: Form, *, status: int = 200) -> Page:
    appeal, decided, snapshot = await rules.appeal_page(appeal_id, by=request.user, now=now())
    known = {"appeal": appeal, "decided": decided, "snapshot": snapshot, "verdicts": VERDICTS}
    return page(request, "moderation/appeal.html", status=status, form=form, **known)
