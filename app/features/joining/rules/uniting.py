"""Is this the person on the list? The newcomer and somebody of the same name at that door become one."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.accounts import rules as accounts
from app.features.accounts.tables import Login
from app.features.joining.rules.reach import among, kept_by
from app.features.joining.rules.vouching import tell_standing
from app.features.joining.rules.waiting import waiter
from app.features.joining.tables import Newcomer, Vouch
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.rules.neighbour import administrators
from app.features.people.tables import Person
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say


class Listed(Struct):
    """Somebody on the list. `has_contact`: a phone or e-mail is on file; `same_contact`: the newcomer typed the same.

    Whoever types a phone has not shown that it is theirs: it is a hint for the officer, who checks all the same.
    """

    id: int
    name: str
    address: str
    has_contact: bool
    same_contact: bool

    @property
    def must_check(self) -> bool:
        return self.has_contact


_listed = prepared_sql(
    among(
        "SELECT people.id, people.name, households.address, (people.phone <> '' OR people.email <> '') AS has_contact, "
        "EXISTS (SELECT 1 FROM logins WHERE logins.person = {1} AND (logins.phone = people.phone "
        "OR logins.email = people.email)) AS same_contact FROM people "
        "JOIN memberships ON memberships.person = people.id AND memberships.until_on IS NULL "
        "JOIN households ON households.id = memberships.household "
        "JOIN newcomers ON newcomers.person = {1} JOIN people AS newly ON newly.id = newcomers.person "
        "WHERE ({2} OR households.area AMONG) AND people.state = 'active' AND people.id <> {1} "
        "AND lower(people.name) = lower(newly.name) AND lower(households.address) = lower(newcomers.door) "
        "AND NOT EXISTS (SELECT 1 FROM logins WHERE logins.person = people.id) "
        "AND NOT EXISTS (SELECT 1 FROM roles WHERE roles.person = people.id AND roles.ended_at IS NULL) "
        "ORDER BY people.id LIMIT 5"
    ),
    Listed,
)


async def on_the_list(person_id: int, *, by: Neighbour) -> list[Listed]:
    """Of the same name at the door they typed, in the officer's own areas, who do not sign in yet."""
    kept = await kept_by(by)
    return list(await _listed(list(kept.areas), person_id, kept.everything))


async def unite(person_id: int, listed_id: int, *, checked: bool, by: Neighbour, now: datetime) -> None:
    """The newcomer's sign-in, browsers, consents and notices become those of the person on the list, who is in.

    Where a phone or an e-mail is on file, the officer says that they checked: in person, or by calling what is on file.
    """
    async with writing():
        await waiter(person_id, by=by)
        await administrators()  # to forget the newcomer's own row holds roles: they come before people
        await held(Person.objects().where(Person.id.is_in(sorted([person_id, listed_id]))).order_by(Person.id))
        if not (await waiter(person_id, by=by)).waits:
            raise Taken(say("Somebody was faster. Please look again."))
        listed = next((each for each in await on_the_list(person_id, by=by) if each.id == listed_id), None)
        if listed is None:
            raise Missing
        if listed.must_check and not checked:
            raise Refusal(
                say("A phone or e-mail is on file. Please check first: in person, or by calling it."), beside="checked"
            )
        await _move(person_id, listed_id, by, now)
        await audit.note("united", who=by.id, about=f"person:{listed_id}", now=now, concerns=listed_id)


async def _move(person_id: int, to: int, by: Neighbour, now: datetime) -> None:
    login = await Login.select(Login.phone, Login.email).where(Login.person == person_id).first()
    was = await people.neighbour(person_id)
    await notices.withdraw(f"newcomer:{person_id}")
    await accounts.hand_over(person_id, to=to)
    await people.hand_over_consents(person_id, to=to)
    await notices.hand_over(person_id, to=to)
    await Vouch.update({Vouch.person: to}).where(Vouch.person == person_id)
    settled: dict[Any, Any] = {Newcomer.person: to, Newcomer.welcomed_at: now, Newcomer.welcomed_by: by.id}
    await Newcomer.update(settled).where(Newcomer.person == person_id)
    await _fill(to, login or {}, was.language)
    await people.forget(person_id, now=now)
    await tell_standing(to, say("You have been let in. Welcome!"), path="/", now=now)


async def _fill(person_id: int, login: dict[str, str | None], language: str) -> None:
    """What they sign in with is how they can be reached, where nothing was on file."""
    person = await Person.objects().where(Person.id == person_id).first()
    if person is None:
        raise Missing
    phone, email = person.phone or login.get("phone") or "", person.email or login.get("email") or ""
    filled = Person.update(phone=phone, email=email, language=person.language or language)
    await filled.where(Person.id == person_id)
