"""What this feature keeps about people: shown, forgotten, and let go when it has had its time."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
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


async def purge_known_devices(now: datetime) -> None:
    await KnownDevice.delete().where(KnownDevice.seen_at < now - LASTS * 2)


async def purge_codes(now: datetime) -> None:
    await FirstCode.delete().where(FirstCode.until_at < now - A_MONTH)
    await ResetCode.delete().where(ResetCode.until_at < now - A_MONTH)
    await ResetAsk.delete().where(ResetAsk.until_at < now - A_MONTH)


async def purge_half_way(now: datetime) -> None:
    """What stood open for minutes: kept a day longer, so that a slow clock does not shut it too soon."""
    await HalfOpen.delete().where(HalfOpen.until_at < now - A_DAY)
    await Challenge.delete().where(Challenge.until_at < now - A_DAY)


async def purge(now: datetime) -> None:
    for each in (purge_sign_ins, purge_known_devices, purge_codes, purge_half_way):
        await each(now)


KEPT = (
    Keeping(
        say("What you sign in with; of your password only a seal that nobody can read"),
        say("So that nobody else comes in as you"),
        ("logins",),
    ),
    Keeping(
        say("In which browsers you are signed in, and when each was last seen"),
        say("So that you stay signed in, and can end what you do not know"),
        ("sign_ins",),
        LASTS,
        purge_sign_ins,
        since=say("after you last came by"),
    ),
    Keeping(
        say("A mark on the browsers you once signed in with"),
        say("So that others' wrong passwords do not lock you out"),
        ("known_devices",),
        LASTS * 2,
        purge_known_devices,
        since=say("after you last signed in there"),
    ),
    Keeping(
        say("Your passkeys, your authenticator app and prints of your recovery codes"),
        say("So that a password alone does not open your account."),
        ("passkeys", "authenticators", "recovery_codes"),
    ),
    Keeping(
        say("Codes for a first or a new password: for whom, by whom; of the code itself only a seal"),
        say("So that it opens once, and only for you"),
        ("first_codes", "reset_codes", "reset_asks"),
        A_MONTH,
        purge_codes,
        since=say("after it ran out"),
    ),
    Keeping(
        say("That you are half-way in, and what a passkey has to sign"),
        say("So that one answer opens the door once."),
        ("half_open", "challenges"),
        A_DAY,
        purge_half_way,
        since=say("after it ran out"),
    ),
)
