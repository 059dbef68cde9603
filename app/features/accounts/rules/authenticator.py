"""An authenticator app: six digits that change every thirty seconds (RFC 6238), each good once."""

import hmac
from datetime import datetime, timedelta

from app.db import held, writing
from app.features.accounts.rules.factors import hold, must_not_be_without
from app.features.accounts.rules.letters import tell_them
from app.features.accounts.rules.proving import TO_FINISH, must_be_fresh, note_proof
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.tables import Authenticator
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.sealing import seal, unseal
from app.kit.words import say

STEP = 30  # seconds
AROUND = (-1, 0, 1)  # a phone's clock may be half a minute off, and so may the reader
PURPOSE, OFFERED = "authenticator", "offered authenticator"


def new_secret(of: Viewer, *, now: datetime) -> tuple[str, str]:
    """(for the app, the same sealed for the form): nothing is kept until a code proves that the app has it."""
    import pyotp

    secret = pyotp.random_base32()
    return secret, seal(f"{of.id} {int((now + TO_FINISH).timestamp())} {secret}", OFFERED)


def offered(sealed: str, of: Viewer, *, now: datetime) -> str:
    """The secret that this person was offered a moment ago. Raises Missing."""
    person, until, secret = (unseal(sealed, OFFERED) or "0 0 0").split()
    if int(person) != of.id or int(until) < now.timestamp():
        raise Missing(say("That took too long. Please begin again."))
    return secret


def address(secret: str, *, name: str, place: str) -> str:
    """What the QR code says to the app."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=place)


async def add_authenticator(of: Viewer, sealed: str, code: str, *, now: datetime) -> None:
    """One app each. The code that proved it is used up; this sign-in has shown a second factor by it."""
    must_be_fresh(of, now)
    secret = offered(sealed, of, now=now)
    step = step_of(secret, code, now)
    if step is None:
        raise Refusal(say("That code does not fit. Is the time on your phone right?"), beside="code")
    async with writing():
        await hold(of.id)
        if await Authenticator.exists().where(Authenticator.person == of.id):
            raise Taken(say("You have an authenticator app already. Remove it before you add another."))
        row = Authenticator(person=of.id, sealed=seal(secret, PURPOSE), last_step=step, made_at=now)
        await Authenticator.insert(row)
        await note_proof(of, now=now, second=True)
        about = f"person:{of.id}"
        await audit.note("authenticator app added", who=of.id, about=about, now=now, concerns=of.id)
        await tell_them(of.id, say("An authenticator app was added to your account."), now=now)


async def remove_authenticator(of: Viewer, *, now: datetime) -> None:
    must_be_fresh(of, now)
    async with writing():
        await hold(of.id)
        if not await Authenticator.delete().where(Authenticator.person == of.id).returning(Authenticator.id):
            raise Missing
        await must_not_be_without(of.id)
        about = f"person:{of.id}"
        await audit.note("authenticator app removed", who=of.id, about=about, now=now, concerns=of.id)
        await tell_them(of.id, say("The authenticator app was removed from your account."), now=now)


async def app_fits(person_id: int, code: str, *, now: datetime) -> bool:
    """Of many who type the same code at once, one; and never one that is older than the last."""
    async with writing():
        app = await held(Authenticator.objects().where(Authenticator.person == person_id)).first()
        secret = unseal(app.sealed, PURPOSE) if app else None
        step = step_of(secret, code, now) if secret else None
        if app is None or step is None or step <= app.last_step:
            return False
        await Authenticator.update({Authenticator.last_step: step}).where(Authenticator.id == app.id)
        return True


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which thirty seconds the code belongs to; None when it belongs to none around now."""
    import pyotp

    app, typed = pyotp.TOTP(secret, interval=STEP), "".join(code.split())
    for shift in AROUND:
        at = now + timedelta(seconds=shift * STEP)
        if typed.isascii() and hmac.compare_digest(app.at(at), typed):
            return int(at.timestamp()) // STEP
    return None
