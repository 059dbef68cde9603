"""What this feature keeps about people: shown, forgotten, and let go when it has had its time."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.accounts.rules import challenges
from app.features.accounts.rules.sign_ins import LASTS
from app.features.accounts.tables import (
    Authenticator,
    Challenge,
    FirstCode,
    HalfOpen,
    KnownDevice,
    Login,
    Passkey,
    RecoveryCode,
    ResetAsk,
    ResetCode,
    SignIn,
)
from app.kit.keeping import Keeping
from app.kit.words import say

THEIRS = (
    Login, SignIn, HalfOpen, KnownDevice, FirstCode, ResetCode, ResetAsk, Passkey, Authenticator, RecoveryCode,
    Challenge,
)  # fmt: skip
A_DAY, A_MONTH = timedelta(days=1), timedelta(days=30)


async def mine(person_id: int) -> dict[str, Any]:
    """Secrets stay out: an export lies about in downloads."""
    logins = Login.select(Login.phone, Login.email, Login.made_at).where(Login.person == person_id)
    browsers = SignIn.select(SignIn.device, SignIn.began_at, SignIn.seen_at, SignIn.second_at)
    passkeys = Passkey.select(Passkey.name, Passkey.made_at, Passkey.used_at).where(Passkey.person == person_id)
    apps = Authenticator.select(Authenticator.made_at).where(Authenticator.person == person_id)
    return {
        "login": await logins,
        "sign_ins": await browsers.where(SignIn.person == person_id),
        "passkeys": await passkeys,
        "authenticator_apps": await apps,
    }


async def forget(person_id: int, *, now: datetime) -> None:
    async with writing():
        for table in THEIRS:
            await table.delete().where(table.person == person_id)


async def hand_over(person_id: int, *, to: int) -> None:
    """Two rows were one person: what opens the door, and the browsers that are in, are from now on the other's."""
    async with writing():
        await FirstCode.delete().where(FirstCode.person == to)
        for table in THEIRS:
            await table.update({table.person: to}).where(table.person == person_id)


async def purge_sign_ins(now: datetime) -> None:
    await SignIn.delete().where(SignIn.seen_at < now - LASTS)
    await HalfOpen.delete().where(HalfOpen.until_at < now)


async def purge_known_devices(now: datetime) -> None:
    await KnownDevice.delete().where(KnownDevice.seen_at < now - LASTS * 2)


async def purge_codes(now: datetime) -> None:
    await FirstCode.delete().where(FirstCode.until_at < now - A_MONTH)
    await ResetCode.delete().where(ResetCode.until_at < now - A_MONTH)
    await ResetAsk.delete().where(ResetAsk.until_at < now - A_MONTH)


async def purge(now: datetime) -> None:
    for each in (purge_sign_ins, purge_known_devices, purge_codes, challenges.purge):
        await each(now)


KEPT = (
    Keeping(
        what=say("What you sign in with: phone or e-mail, and a print of your password"),
        why=say("So that you come in, and nobody else in your name."),
        tables=("logins",),
    ),
    Keeping(
        what=say("The browsers on which you are signed in"),
        why=say("So that you stay signed in, see where, and can end it. It ends when unused."),
        tables=("sign_ins", "half_open"),
        lasts=LASTS,
        purge=purge_sign_ins,
    ),
    Keeping(
        what=say("Marks of browsers on which you once signed in"),
        why=say("So that strangers who guess at your password do not lock you out."),
        tables=("known_devices",),
        lasts=LASTS * 2,
        purge=purge_known_devices,
    ),
    Keeping(
        what=say("Your passkeys, your authenticator app and prints of your recovery codes"),
        why=say("So that a password alone does not open your account."),
        tables=("passkeys", "authenticators", "recovery_codes"),
    ),
    Keeping(
        what=say("Codes for a first or a new password: for whom, by whom, until when"),
        why=say("So that it can be seen who helped whom to come in."),
        tables=("first_codes", "reset_codes", "reset_asks"),
        lasts=A_MONTH,
        purge=purge_codes,
    ),
    Keeping(
        what=say("What a passkey has to sign"),
        why=say("So that one answer opens the door once."),
        tables=("challenges",),
        lasts=A_DAY,
        purge=challenges.purge,
    ),
)
