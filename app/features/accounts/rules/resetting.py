"""A new password for whoever forgot the old one: by a letter, by their steward, or by two administrators."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.config import settings
from app.db import held, writing
from app.features.accounts.rules import codes, letters
from app.features.accounts.rules.factors import take_all
from app.features.accounts.rules.logins import account_of, login_of
from app.features.accounts.rules.passwords import hashed
from app.features.accounts.rules.shutting import shut_all
from app.features.accounts.rules.signing_in import fingerprint, say_wait
from app.features.accounts.tables import Login, ResetCode
from app.features.people.rules import Neighbour, neighbour
from app.features.people.tables import Person, State
from app.kit import audit, later, limits
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.sealing import print_of
from app.kit.words import Sentence, say

LETTER_LASTS = timedelta(hours=1)
PER_PLACE = limits.Limit("reset-here", 3, timedelta(hours=1))
PER_ACCOUNT = limits.Limit("reset", 10, timedelta(hours=1))
PIECES = limits.Limit("reset-piece", 5, timedelta(hours=1))
WRONG_PIECE = say("Those digits do not fit. Please look again.")


class Road(StrEnum):
    """How somebody came by a code."""

    letter = "letter"
    steward = "steward"
    officers = "officers"


async def ask_letter(typed: str, *, network: str, now: datetime) -> None:
    """The same steps and the same answer for everybody: nobody learns here who lives in this place. Raises TooOften."""
    account = await account_of(typed)
    for limit, key in ((PER_PLACE, PER_PLACE.key(network, account)), (PER_ACCOUNT, PER_ACCOUNT.key(account))):
        if await limits.count(limit, key, now) > limit.times:
            wait = limit.wait(now)
            raise TooOften(say_wait(wait), wait=wait)
    login = await login_of(typed)
    async with writing():
        person, until = login.person if login else 0, (now + LETTER_LASTS).isoformat()
        key = f"reset:{secrets.token_hex(8)}"
        await later.at(now, "accounts.reset_letter", key=key, person=person, until=until)


async def send_reset_letter(person: int, until: str, *, now: datetime) -> None:
    """The link is made while it is sent: until then there is none to find. Nothing when its hour is over."""
    who = await letters.reader(person)
    if who is None or not letters.by_mail() or not who.own_address or who.state == State.gone:
        return
    if now >= datetime.fromisoformat(until):
        return
    code = await new_code(person, Road.letter, length=codes.LENGTH, lasts=LETTER_LASTS, by=None, now=now)
    tongue, place = await letters.spoken_to(who)
    lines: list[Sentence | str] = [
        say("somebody, we hope you, asked for a new password at %(place)s. Choose it here:", place=place),
        f"/reset/{code}",
        say("Or type this code where you sign in: %(code)s", code=grouped(code)),
        say("It is good for one hour, once. If it was not you, do nothing: your password stays as it is."),
    ]
    subject = say("A new password for %(place)s", place=place)
    await letters.post(who.own_address, subject, lines, who=who, tongue=tongue, place=place)


def grouped(code: str) -> str:
    """As people read it out."""
    return " ".join(code[at : at + 5] for at in range(0, len(code), 5))


async def new_code(
    person: int, road: Road, *, length: int, lasts: timedelta, by: int | None, now: datetime, slip: str = ""
) -> str:
    """Only its print is kept. A new one ends what that person had before by the same road."""
    code = "".join(secrets.choice(codes.LETTERS) for _ in range(length))
    async with writing():
        before = (ResetCode.person == person) & (ResetCode.road == road) & ResetCode.spent_at.is_null()
        await ResetCode.delete().where(before)
        row = ResetCode(
            person=person,
            fingerprint=fingerprint(code),
            road=road,
            slip=print_of(f"{person} {slip}", "slip") if slip else "",
            made_by=by,
            until_at=now + lasts,
        )
        await ResetCode.insert(row)
        await audit.note("reset code made", who=by, about=f"person:{person}", now=now, concerns=person)
    return code


async def is_reset_code(code: str, now: datetime) -> bool:
    return bool(await _valid(code, now).first())


async def reset_holder(code: str, *, network: str, now: datetime) -> tuple[Neighbour, ResetCode]:
    """Whose it is; looking spends nothing. A right code is let through whatever others on its network tried."""
    row = await _valid(code, now).first()
    person = await neighbour(row.person) if row else None
    if row is not None and person is not None and person.state != State.gone:
        return person, row
    tries = codes.TRIES
    if await limits.count(tries, tries.key(network), now) > tries.times * 10:
        raise TooOften(say_wait(tries.wait(now)), wait=tries.wait(now))
    raise Missing(codes.GONE)


async def reset(code: str, *, password: str, piece: str, now: datetime) -> int:
    """Sets the password, spends the code and ends every sign-in, all or nothing. Gives back the person.

    Two administrators together also take away the second factor; a letter or one steward never does.
    """
    row = await _valid(code, now).first()
    if row is None:
        raise Missing(codes.GONE)
    await _piece_fits(row, piece, now)
    kept = await hashed(password)
    async with writing():
        again = await held(_valid(code, now)).first()
        if again is None:
            raise Missing(codes.GONE)
        await ResetCode.update({ResetCode.spent_at: now}).where(ResetCode.id == again.id)
        await Login.update({Login.password: kept}).where(Login.person == row.person)
        await shut_all(row.person, now=now)
        if row.road == Road.officers:
            await take_all(row.person)
        about = f"person:{row.person}"
        await audit.note("password reset", who=row.person, about=about, now=now, concerns=row.person)
        told = say("Your password was set anew, and all your sign-ins were ended.")
        await letters.tell_them(row.person, told, now=now)
    return int(row.person)


async def _piece_fits(row: ResetCode, piece: str, now: datetime) -> None:
    """The end of the phone on file, or the number on the slip. Five wrong ones, and the code is dead."""
    if row.road == Road.letter:
        return
    key = PIECES.key(row.fingerprint)
    if await limits.count(PIECES, key, now) > PIECES.times:
        await ResetCode.delete().where(ResetCode.id == row.id)
        raise Missing(codes.GONE)
    digits = "".join(each for each in piece if each.isdigit())
    if row.slip:
        fits = print_of(f"{row.person} {digits}", "slip") == row.slip
    else:
        fits = len(digits) >= 4 and digits[-4:] in {number[-4:] for number in await phones_of(row.person)}
    if not fits:
        raise Refusal(WRONG_PIECE, beside="piece")


async def phones_of(person: int) -> set[str]:
    """On file, and what they sign in with."""
    known = await Person.select(Person.phone).where(Person.id == person).first()
    login = await Login.select(Login.phone).where(Login.person == person).first()
    return {number for number in (known and known["phone"], login and login["phone"]) if number}


def link(code: str) -> str:
    return f"{settings().base_url}/reset/{code}"


def _valid(code: str, now: datetime) -> Any:
    same = ResetCode.fingerprint == fingerprint(codes.plain(code))
    return ResetCode.objects().where(same & ResetCode.spent_at.is_null() & (ResetCode.until_at > now))
