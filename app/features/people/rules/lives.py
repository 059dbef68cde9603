"""A person's life here: added, edited, let in, suspended, gone, forgotten."""

from datetime import datetime
from typing import Any

from app.db import held, writing
from app.features.people.rules.neighbour import officers
from app.features.people.tables import Capability, Kind, Membership, Person, Role, State
from app.kit import audit
from app.kit.languages import NAMES
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

LOOKS = ("auto", "light", "dark")


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
        made = Person(name=name, phone=phone, email=email.lower(), language=language, state=state, made_at=now)
        await made.save()
        await audit.note("person added", who=by, about=f"person:{made.id}", now=now, concerns=made.id)
        return int(made.id)


async def edit_person(person_id: int, *, by: int, now: datetime, **said: Any) -> None:
    """Only the fields that are said: name, phone, email, language, look, large_text, photo."""
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None:
            raise Missing
        changed = {name: value for name, value in _fit(said).items() if getattr(person, name) != value}
        if changed:
            await Person.update(**changed, edited_at=now).where(Person.id == person_id)
            about = f"person:{person_id}"
            await audit.note("person edited", who=by, about=about, now=now, concerns=person_id, fields=changed)


def _fit(said: dict[str, Any]) -> dict[str, Any]:
    if said.get("language", "") not in ("", *NAMES):
        raise Refusal(say("Please choose one of these."), beside="language")
    if said.get("look", "auto") not in LOOKS:
        raise Refusal(say("Please choose one of these."), beside="look")
    return said


async def settle(person_id: int, state: State, *, by: int, now: datetime) -> None:
    """Let in, suspend, take back, or note that somebody is gone. The last administrator cannot be shut out."""
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None:
            raise Missing
        if state != State.active and await officers(Kind.administrator) == [person_id]:
            raise Refusal(say("That is the only administrator. Give somebody else the role first."))
        await Person.update({Person.state: state}).where(Person.id == person_id)
        if state == State.gone:
            await _end_everything(person_id, now)
        about = f"person:{person_id}"
        await audit.note(f"person {state}", who=by, about=about, now=now, concerns=person_id, fields=["state"])


async def welcome(person_id: int, *, by: int, now: datetime) -> None:
    """A pending person is let in."""
    await settle(person_id, State.active, by=by, now=now)


async def _end_everything(person_id: int, now: datetime) -> None:
    await Role.update({Role.ended_at: now}).where((Role.person == person_id) & Role.ended_at.is_null())
    open_ones = (Membership.person == person_id) & Membership.until_on.is_null()
    await Membership.update({Membership.until_on: now.date()}).where(open_ones)


async def mine(person_id: int) -> dict[str, Any]:
    """Everything this feature keeps about a person, for their export."""
    person = await Person.select().where(Person.id == person_id).first()
    households = Membership.select(
        Membership.household._.address, Membership.since_on, Membership.until_on, Membership.may_answer_for
    )
    return {
        "person": person,
        "households": await households.where(Membership.person == person_id),
        "roles": await Role.select(Role.kind, Role.given_at, Role.ended_at).where(Role.person == person_id),
        "capabilities": await Capability.select(Capability.kind, Capability.until_on).where(
            Capability.person == person_id
        ),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Erasure: the row stays as a nameless anchor for what others own; everything personal goes."""
    async with writing():
        await _end_everything(person_id, now)
        await Capability.delete().where(Capability.person == person_id)
        blank = Person.update(name="", phone="", email="", photo="", language="", state=State.gone)
        await blank.where(Person.id == person_id)
