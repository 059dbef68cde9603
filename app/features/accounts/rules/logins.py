"""What a person types to come in."""

from datetime import datetime, timedelta

from app.db import writing
from app.features.accounts.rules.letters import tell_them
from app.features.accounts.rules.passwords import fits, hashed
from app.features.accounts.rules.shutting import shut_all
from app.features.accounts.tables import Login
from app.features.community import rules as community
from app.features.people.tables import Person
from app.kit import audit, limits
from app.kit.forms import Mistake, phone
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.words import say

CHANGES = limits.Limit("password", 10, timedelta(hours=1))


async def normal(typed: str) -> tuple[str | None, str | None]:
    """(phone as E.164, None) or (None, e-mail in small letters). Raises Refusal for neither."""
    typed = typed.strip()
    if "@" in typed:
        name, _, host = typed.lower().rpartition("@")
        if not name or "." not in host or " " in typed or len(typed) > 200:
            raise Refusal(say("That is not an e-mail address."), beside="login")
        return None, typed.lower()
    here = await community.here()
    try:
        return phone(typed, here.region if here else "CN"), None
    except Mistake as mistake:
        raise Refusal(mistake.sentence, beside="login") from None


async def login_of(typed: str) -> Login | None:
    """None too for words that are neither phone nor e-mail: who signs in hears one answer to all of it."""
    try:
        number, email = await normal(typed)
    except Refusal:
        return None
    return await Login.objects().where((Login.phone == number) if number else (Login.email == email)).first()


async def account_of(typed: str) -> str:
    """The one name of an account, for counting: however a phone is written, its tries are counted together."""
    try:
        number, email = await normal(typed)
    except Refusal:
        return typed.strip().lower()
    return number or email or ""


async def make_login(person_id: int, typed: str, password: str, *, now: datetime, demo: bool = False) -> None:
    """The person's sign-in, made or made anew. Raises Taken when somebody else comes in with that phone or e-mail."""
    await keep_login(person_id, typed, await hashed(password), now=now, demo=demo)


async def keep_login(person_id: int, typed: str, kept: str, *, now: datetime, demo: bool = False) -> None:
    """For a transaction of one's own, with a password hashed before it: a hash may wait long for its turn."""
    number, email = await normal(typed)
    async with writing():
        same = (Login.phone == number) if number else (Login.email == email)
        if await Login.exists().where(same & (Login.person != person_id)):
            raise Taken(say("Somebody signs in with that already. Use another, or ask your steward."), beside="login")
        await Login.delete().where(Login.person == person_id)
        row = Login(person=person_id, phone=number, email=email, password=kept, demo=demo, made_at=now)
        await Login.insert(row)
        await _fill_contact(person_id, number, email)
        await audit.note("password set", who=person_id, about=f"person:{person_id}", now=now, concerns=person_id)


async def _fill_contact(person_id: int, number: str | None, email: str | None) -> None:
    """What somebody signs in with is how they can be reached, unless they said otherwise before."""
    person = await Person.objects().where(Person.id == person_id).first()
    if person is None:
        raise Missing
    filled = Person.update(phone=person.phone or number or "", email=person.email or email or "")
    await filled.where(Person.id == person_id)


async def change_password(person_id: int, old: str, new: str, *, besides: int, now: datetime) -> None:
    """Ends every other sign-in and every code on its way; `besides` is the sign-in that changes it."""
    await must_know_password(person_id, old, beside="old", now=now, keep_counting=True)
    kept = await hashed(new)
    await limits.forget(CHANGES.key(person_id))
    async with writing():
        await Login.update({Login.password: kept}).where(Login.person == person_id)
        await shut_all(person_id, besides=besides, now=now)
        await audit.note("password changed", who=person_id, about=f"person:{person_id}", now=now, concerns=person_id)
        told = say("Your password was changed, and all your other sign-ins were ended.")
        await tell_them(person_id, told, now=now)


async def must_know_password(
    person_id: int, typed: str, *, now: datetime, beside: str = "password", keep_counting: bool = False
) -> None:
    """Before what cannot be done by somebody who only found the phone unlocked. Ten tries an hour."""
    login = await Login.objects().where(Login.person == person_id).first()
    key = CHANGES.key(person_id)
    if await limits.count(CHANGES, key, now) > CHANGES.times:
        raise TooOften(say("Too many tries. Please wait an hour."), wait=CHANGES.wait(now))
    if login is None or not await fits(login.password, typed):
        raise Refusal(say("That is not your password now."), beside=beside)
    if not keep_counting:
        await limits.forget(key)


async def person_by(words: str) -> int:
    """Who is meant on the command line: a person's number, or the phone or e-mail that one person has on file."""
    if words.isdigit() and len(words) < 9:
        same = Person.id == int(words)
    else:
        number, email = await normal(words)
        same = (Person.phone == number) if number else (Person.email == email)
    found = await Person.select(Person.id).where(same).limit(2)
    if len(found) != 1:
        raise Missing(say("No one person is known by %(login)s.", login=words))
    return int(found[0]["id"])
