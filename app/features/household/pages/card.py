from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.household import rules
from app.features.people import rules as people
from app.features.people.tables import Audience
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class CardForm(Struct):
    version: int = 0
    contact_name: Annotated[str, Words(80)] = ""
    contact_relation: Annotated[str, Words(60)] = ""
    contact_phone: Annotated[str, Words(30)] = ""
    key_words: Annotated[str, Words(200)] = ""
    languages: Annotated[str, Words(120)] = ""
    pets: Annotated[str, Words(200)] = ""
    notes: Annotated[str, Words(600)] = ""
    who_emergency_contact: Audience = Audience.me
    who_key_holder: Audience = Audience.me
    who_languages: Audience = Audience.me
    who_pets: Audience = Audience.me
    who_notes: Audience = Audience.me


class CardPages(Controller):
    path = "/household"

    @get()
    async def show(self, request: HTMXRequest, home: FromQuery[str] = "") -> Page:
        chosen = int(home) if home.isascii() and home.isdigit() and len(home) < 10 else None
        by = request.user
        ours = await rules.ours(chosen, by=by) if chosen else await rules.first_of_ours(by)
        facts = rules.facts_of(ours.card, ours.holding, by) if ours else []
        return page(request, "household/household.html", ours=ours, facts=facts, audiences=people.AUDIENCES)

    @get("/{household_id:int}/card")
    async def form(self, request: HTMXRequest, household_id: FromPath[int]) -> Page:
        ours = await rules.ours(household_id, by=request.user)
        return page(request, "household/card.html", form=_shown(ours.card, ours.audiences), **_around(ours))

    @post("/{household_id:int}/card")
    async def save(self, request: HTMXRequest, household_id: FromPath[int]) -> Page | Redirect:
        ours, form = await rules.ours(household_id, by=request.user), await filled(request, CardForm)
        if not form:
            return page(request, "household/card.html", status=422, form=form, **_around(ours))
        try:
            said, audiences = _said(form.meant)
            version = form.meant.version
            await rules.save(household_id, said, audiences, version=version, by=request.user, now=now())
        except rules.ChangedMeanwhile as changed:
            return _with_both(request, form, changed, ours)
        except Missing:
            raise
        except Refusal as refusal:
            return refused_form(request, "household/card.html", form, refusal, **_around(ours))
        return to(f"/household?home={household_id}", say("Saved."))

    @post("/members/{membership:int}/answering")
    async def let_answer(self, request: HTMXRequest, membership: FromPath[int]) -> Redirect:
        changed = await rules.let_answer(membership, yes=True, by=request.user, now=now())
        return _told(changed, f"/household/members/{membership}/answering/end")

    @post("/members/{membership:int}/answering/end")
    async def let_answer_no_more(self, request: HTMXRequest, membership: FromPath[int]) -> Redirect:
        changed = await rules.let_answer(membership, yes=False, by=request.user, now=now())
        return _told(changed, f"/household/members/{membership}/answering")

    @get("/acting")
    async def acting(self, request: HTMXRequest) -> Page:
        return page(request, "household/acting.html", acting=await rules.acting(request.user))


def _told(changed: rules.Answering, back: str) -> Redirect:
    """Those who look after a household without living there see it elsewhere."""
    there = f"/household?home={changed.household}" if changed.lives_there else f"/households/{changed.household}"
    said = say("Saved. Those whom it concerns have been told.")
    return to(there, said, undo=back if changed.may_undo else "")


def _around(ours: Any) -> dict[str, Any]:
    return {"ours": ours, "fields": people.OF_A_HOUSEHOLD, "audiences": people.AUDIENCES, "theirs": {}}


def _shown(card: rules.Card, audiences: dict[str, Audience]) -> Form:
    return blank(**_values(card, audiences))


def _values(card: rules.Card, audiences: dict[str, Audience]) -> dict[str, Any]:
    """As the form's fields are called."""
    words = {name: getattr(card, name) for name in rules.Written.__struct_fields__}
    return {"version": card.version, **words, **{f"who_{name}": audience for name, audience in audiences.items()}}


def _said(meant: CardForm) -> tuple[rules.Written, dict[str, Audience]]:
    said = msgspec.structs.asdict(meant)
    words = {name: said[name] for name in rules.Written.__struct_fields__}
    return rules.Written(**words), {name: said[f"who_{name}"] for name in people.OF_A_HOUSEHOLD}


def _with_both(request: HTMXRequest, form: Form, changed: rules.ChangedMeanwhile, ours: Any) -> Page:
    """What was typed stays; beside each field that differs stands what the other member wrote.

    Sent again, the form is one that has seen the other's card.
    """
    now_there = _values(changed.card, changed.audiences)
    theirs = {name: value for name, value in now_there.items() if str(form.values.get(name, "")) != str(value)}
    form.values["version"] = theirs.pop("version", changed.card.version)
    around = {**_around(ours), "theirs": theirs}
    return refused_form(request, "household/card.html", form, changed, **around)
