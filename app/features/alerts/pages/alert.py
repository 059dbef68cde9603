from collections.abc import Iterator
from functools import reduce
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.alerts import rules
from app.features.alerts.pages.board import KNOWN, STILL_HERE
from app.features.alerts.pages.forms import LIMITS, WRITTEN, TypedForm, words_of
from app.features.alerts.pages.looks import look_of, looks_of
from app.features.alerts.pages.writing import COORDINATORS, tags
from app.features.alerts.rules import APPROVE_WITHIN, LEADS, TYPED, Act, Shown, Whom
from app.features.alerts.rules.words import ANSWERS, HOW
from app.features.alerts.tables import Stage, Type
from app.features.people import rules as people
from app.features.people.tables import Kind as Role
from app.features.skills.rules import LABELS as SKILLS
from app.features.skills.tables import Category as Skill
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.languages import NAMES
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import Sentence, say

PROOF = "/account/proof?next=/alerts/"
SENT = say("It is out. Everybody it is for is being told.")


class AlertPages(Controller):
    """One address from the draft to the last word; what it shows depends on where the alert stands and who looks."""

    path = "/alerts/{alert_id:int}"

    @get(also=STILL_HERE)
    async def show(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        return await alert_page(request, alert_id)

    @post("/sending", only=COORDINATORS)
    async def send(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, TypedForm)
        try:
            stage = await rules.send(alert_id, _typed(form), by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            return await again(request, alert_id, form, refusal)
        asked = say("A second person is asked. You hear from us as soon as they answer.")
        return to(f"/alerts/{alert_id}", asked if stage == Stage.waiting else SENT)

    @post("/approval", only=LEADS)
    async def approve(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, TypedForm)
        try:
            await rules.approve(alert_id, _typed(form), by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            return await again(request, alert_id, form, refusal)
        return to(f"/alerts/{alert_id}", SENT)

    @post("/refusal", only=LEADS)
    async def refuse(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await rules.refuse(alert_id, by=request.user, now=now())
        return to(f"/alerts/{alert_id}", say("Not approved. Whoever wrote it has been told."))

    @post("/sending-alone", only=COORDINATORS)
    async def send_alone(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, TypedForm)
        try:
            await rules.break_glass(alert_id, _typed(form), by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            return await again(request, alert_id, form, refusal)
        return to(f"/alerts/{alert_id}", SENT)

    @post("/removal", only=COORDINATORS)
    async def drop(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await rules.drop(alert_id, by=request.user, now=now())
        return to("/alerts", say("Dropped. Nobody was told."))


def _typed(form: Form) -> str:
    return form.meant.typed if form else ""


async def again(request: HTMXRequest, alert_id: int, form: Form, refusal: Refusal) -> Page:
    """The review with what is wrong: beside the word to type; or on top, where the draft itself no longer fits."""
    form.errors["typed" if refusal.beside == "typed" else ""] = refusal.sentence
    return await alert_page(request, alert_id, form=form, status=refusal.status)


async def alert_page(request: HTMXRequest, alert_id: int, status: int = 200, **forms: Form) -> Page:
    at = now()
    shown = await rules.whole(alert_id, by=request.user, roads=frozenset(request.app.state.bell.roads), now=at)
    before = shown.alert.stage in (Stage.draft, Stage.waiting)
    known = _for_review(request, shown) if before else await _for_speaking(request, shown)
    form = forms.pop("form", blank())
    name = "alerts/review.html" if before else "alerts/alert.html"
    return page(
        request, name, status=status, shown=shown, plan=shown.plan, kind=shown.plan.kind, at=at, form=form,
        acts=Act, **{**known, **forms}, **KNOWN,
    )  # fmt: skip


def _for_review(request: HTMXRequest, shown: Shown) -> dict[str, Any]:
    alert, by = shown.alert, request.user
    asked = alert.asked_at
    return {
        "tongues": tags(request),
        "to_type": TYPED[shown.plan.kind],
        "stale": rules.proof_is_stale(alert, by, now=now()),
        "weak": rules.second_factor_lacks(alert, by),
        "has_second": by.has_second,
        "proof": f"{PROOF}{alert.id}",
        "looks": looks_of(shown.plan, shown.places, tags(request), request.state.here.name),
        "lock_screen": rules.sentence_of(alert, Type.alert),
        "until": asked + APPROVE_WITHIN if asked else None,
        "is_late": asked is not None and now() - asked > APPROVE_WITHIN,
        "only": list(_only(shown.plan.whom)),
    }


def _only(whom: Whom) -> Iterator[Sentence]:
    """Whom it is narrowed to, a line each."""
    if whom.roles:
        yield say("Only for: %(who)s", who=_listed([people.KINDS[Role(each)] for each in whom.roles]))
    if whom.skills:
        yield say("Only for those who offer: %(what)s", what=_listed([SKILLS[Skill(each)] for each in whom.skills]))
    if whom.languages:
        yield say("Only for those who read: %(what)s", what=", ".join(NAMES[each] for each in whom.languages))
    if whom.needs:
        yield say("Only for those who said that they need something")


def _listed(words: list[Sentence]) -> Sentence:
    return reduce(lambda before, each: say("%(before)s, %(each)s", before=before, each=each), words)


async def _for_speaking(request: HTMXRequest, shown: Shown) -> dict[str, Any]:
    """With two forms for whoever speaks: the words as they are now, and those that stand ready for the end."""
    tongues, clock = tags(request), request.state.here.clock
    alert, by = shown.alert, request.user
    known = {"tongues": tongues, "most": LIMITS, "look": look_of(shown.plan, shown.places, request.state.here.name)}
    known |= {"roll": None, "answers": ANSWERS, "hows": HOW}
    if alert.roll_call and await rules.recipient_of(alert.id, by.id) is not None:
        known["roll"] = await rules.roll_call_of(await rules.news_of(alert), by, now=now())
    known["looks_for_people"] = by.is_active and by.is_a(*LEADS, Role.steward)
    known["doors_waiting"] = await rules.doors_waiting(alert.id, by=by) if rules.may_be_knocked(alert, now()) else 0
    if Act.speak not in shown.may:
        return known
    until = shown.plan.until_at.astimezone(clock).strftime(WRITTEN)
    return known | {
        "news": blank(until_at=until, **words_of(shown.plan.headlines, shown.plan.bodies, tongues)),
        "end": blank(**words_of(*await rules.ready_words(Type.all_clear), tongues)),
    }
