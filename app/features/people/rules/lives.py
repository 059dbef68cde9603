"""A person's life here: added, edited, let in, suspended, gone, forgotten."""

from datetime import datetime
from typing import Any

from app.db import held, writing
from app.features.people.rules.leaving import ONLY, end_everything, note_moving_away, note_return
from app.features.people.rules.neighbour import administrators
from app.features.people.rules.passed import passed_on
from app.features.people.rules.said import fitting
from app.features.people.tables import (
    Capability,
    Consent,
    Departure,
    Deputy,
    FieldAudience,
    Membership,
    Person,
    Proposal,
    Role,
    State,
)
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

# From which state one comes to which. Somebody who was let in by mistake waits again. Leaving, and staying after all,
# have rules of their own (leaving.py): nobody else settles that.
STEPS = {
    State.pending: (State.active, State.gone),
    State.active: (State.suspended, State.gone, State.pending),
    State.suspended: (State.active, State.gone),
    State.leaving: (),
    State.gone: (State.active,),
}
DID = {
    State.pending: say("put back among those who wait"),
    State.active: say("person let in"),
    State.suspended: say("person suspended"),
    State.gone: say("person gone"),
}


async def add_person(
    *,
    name: str,
    now: datetime,
    by: int | None = None,
    phone: str = "",
    email: str = "",
    language: str = "",
    state: State = State.active,
) -> int:
    async with writing():
        said = await fitting({"name": name, "phone": phone, "email": email, "language": language})
        made = Person(**said, state=state, made_at=now)
        await made.save()
        await audit.note("person added", who=by, about=f"person:{made.id}", now=now, concerns=made.id)
        return int(made.id)


async def edit_person(person_id: int, *, by: int, now: datetime, **said: Any) -> None:
    """Only the fields that are said: name, phone, email, language, look, large_text, photo."""
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None:
            raise Missing
        fits = await fitting(_changed(person, said))  # what stood there before need not be what we would take today
        changed = _changed(person, fits)
        if changed:
            await Person.update(**changed, edited_at=now).where(Person.id == person_id)
            about = f"person:{person_id}"
            await audit.note("person edited", who=by, about=about, now=now, concerns=person_id, fields=changed)


def _changed(person: Person, said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if getattr(person, name) != value}


async def settle(person_id: int, state: State, *, by: int | None, now: datetime, reason: str = "") -> None:
    """Let in, suspend, take back, or note that somebody is gone. The last administrator cannot be shut out."""
    async with writing():
        # letting in shuts nobody out: it waits for no other officer's deed, and may begin with the person held
        officers = await administrators() if state != State.active else []
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None or not person.name:
            raise Missing
        if person.state == state or state not in STEPS[State(person.state)]:
            raise Taken(say("Somebody was faster. Please look again."))
        if state != State.active and officers == [person_id]:
            raise Refusal(ONLY)
        if state != State.active and by == person_id:
            raise NotYours(say("Somebody else has to do that for you."))
        if state == State.suspended and not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        why = reason.strip() if state == State.suspended else ""
        await Person.update({Person.state: state, Person.reason: why}).where(Person.id == person_id)
        if state == State.gone:
            await end_everything(person_id, now)
            await note_moving_away(person_id, by=by, now=now)
        elif state == State.active:
            await note_return(person_id)
        did, about = DID[state].words, f"person:{person_id}"
        await audit.note(did, who=by, about=about, now=now, concerns=person_id, fields=["state"])


async def why_suspended(person_id: int) -> str:
    """In the words they were told; empty for everybody else."""
    person = await Person.select(Person.reason).where(Person.id == person_id).first()
    return person["reason"] if person else ""


async def welcome(person_id: int, *, by: int, now: datetime) -> None:
    """A pending person is let in."""
    await settle(person_id, State.active, by=by, now=now)


async def mine(person_id: int) -> dict[str, Any]:
    """Everything this feature keeps about a person, for their export."""
    person = await Person.select().where(Person.id == person_id).first()
    households = Membership.select(
        Membership.household._.address, Membership.since_on, Membership.until_on, Membership.may_answer_for
    )
    roles = Role.select(Role.kind, Role.area._.kind, Role.area._.name, Role.given_at, Role.until_at, Role.ended_at)
    capabilities = Capability.select(Capability.kind, Capability.granted_at, Capability.until_on)
    consents = Consent.select(Consent.purpose, Consent.version, Consent.given_at, Consent.withdrawn_at)
    audiences = FieldAudience.select(FieldAudience.field, FieldAudience.audience)
    leaving = Departure.select(Departure.asked_at, Departure.erase_at, Departure.reason)
    children = Person.select(Person.name, Person.of_age_on).where(Person.guardian == person_id)
    return {
        "person": person,
        "audiences": await audiences.where(FieldAudience.person == person_id).order_by(FieldAudience.field),
        "households": await households.where(Membership.person == person_id).order_by(Membership.id),
        "roles": await roles.where(Role.person == person_id).order_by(Role.id),
        **await passed_on(person_id),
        "capabilities": await capabilities.where(Capability.person == person_id).order_by(Capability.id),
        "consents": await consents.where(Consent.person == person_id).order_by(Consent.id),
        "leaving": await leaving.where(Departure.person == person_id),
        "children": await children.order_by(Person.id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Erasure: the row stays as a nameless anchor for what others own; everything personal goes."""
    async with writing():
        if await administrators() == [person_id]:
            raise Refusal(ONLY)
        await end_everything(person_id, now)
        await Departure.delete().where(Departure.person == person_id)
        await Capability.delete().where(Capability.person == person_id)
        await Consent.delete().where(Consent.person == person_id)
        await FieldAudience.delete().where(FieldAudience.person == person_id)
        await Deputy.delete().where(Deputy.person == person_id)
        await Proposal.delete().where(Proposal.person == person_id)
        blank = Person.update(name="", phone="", email="", photo="", language="", reason="", look="auto")
        await blank.where(Person.id == person_id)
        await Person.update(guardian=None).where(Person.guardian == person_id)
        left = Person.update(large_text=False, state=State.gone, edited_at=now, guardian=None, of_age_on=None)
        await left.where(Person.id == person_id)
