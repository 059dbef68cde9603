"""Phones that ring: whose each is, and when it falls silent."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app.config import settings
from app.db import held, one_of, prepared_sql, writing
from app.features.notices.rules.losing import drop_phones
from app.features.notices.tables import Device, Silenced
from app.features.people import rules as people
from app.features.people.tables import Person
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.web_push.endpoints import Foreign, Origins, origin_of
from app.kit.web_push.sealing import BadKeys, checked_keys
from app.kit.words import say

PURPOSE = "push"
MOST = 10
NOTED = timedelta(hours=1)
KEPT_SILENCED = timedelta(days=180)


class Keys(Struct):
    p256dh: str
    auth: str


class Subscription(Struct):
    """What a browser hands out (Push API, `PushSubscription.toJSON()`), as far as it concerns us."""

    endpoint: str
    keys: Keys


class Phone(Struct):
    """A device as its person sees it."""

    id: int
    sign_in: int
    name: str
    endpoint: str
    made_at: datetime
    seen_at: datetime
    rang_at: datetime | None
    heard_at: datetime | None
    trouble: str


_devices = prepared_sql(
    "SELECT id, sign_in, name, endpoint, made_at, seen_at, rang_at, heard_at, trouble FROM devices "
    "WHERE person = {} ORDER BY seen_at DESC, id DESC",
    Phone,
)


async def devices(person_id: int) -> list[Phone]:
    """The one seen last first."""
    return list(await _devices(person_id))


async def device(device_id: int, *, of: int) -> Phone:
    """Raises Missing for another's."""
    found = [each for each in await _devices(of) if each.id == device_id]
    if not found:
        raise Missing
    return found[0]


async def subscribe(person_id: int, *, sign_in: int, subscription: Subscription, name: str, now: datetime) -> bool:
    """It rings from now on; True when it did not before. Whoever asks has pressed, and so agreed to the services that
    carry it (`safety.md` 15). Raises Refusal for keys or a service that we cannot send to.
    """
    row = _row(person_id, sign_in, subscription, name, now)
    async with writing():
        await people.consent(person_id, PURPOSE, by=person_id, now=now)
        await Silenced.delete().where(Silenced.fingerprint == print_of(row.endpoint))
        return await _keep(row, now)


async def compare(
    person_id: int, *, sign_in: int, subscription: Subscription, before: str, name: str, now: datetime
) -> None:
    """A browser that opens the app, or was given a new subscription by itself, says what it holds.

    `before` is what rang for this person there until now: if we lost it, it is brought back, or what took its place.
    A browser that does not know it any more (Firefox before 137) is known by its sign-in. Raises NotYours where nothing
    rang, or they let go of it meanwhile: then the browser lets go as well.
    """
    row = _row(person_id, sign_in, subscription, name, now)
    async with writing():
        await held(Person.objects().where(Person.id == person_id))
        phones = await _devices(person_id)
        known = [each for each in phones if each.endpoint == row.endpoint]
        before = before or next((each.endpoint for each in phones if each.sign_in == sign_in), "")
        if not known:
            await _may_come_back(person_id, row.endpoint, before)
        if known and known[0].sign_in == sign_in and now - known[0].seen_at < NOTED:
            return
        if before != row.endpoint:
            await drop_phones(_theirs(person_id, before), now)
        await _keep(row, now)


async def unsubscribe(endpoint: str, *, person_id: int, now: datetime) -> None:
    """It is silent, and does not come back by itself. Another's, or an unknown one, changes nothing."""
    async with writing():
        await held(Person.objects().where(Person.id == person_id))
        if await drop_phones(_theirs(person_id, endpoint), now):
            silenced = Silenced(person=person_id, fingerprint=print_of(endpoint), at=now)
            await Silenced.insert(silenced).on_conflict(target=Silenced.fingerprint, action="DO NOTHING")
            await _last_one_gone(person_id, now)


async def remove(device_id: int, *, of: int, now: datetime) -> None:
    """From the list, on whichever phone it is read. Raises Missing for another's."""
    await unsubscribe((await device(device_id, of=of)).endpoint, person_id=of, now=now)


async def end_of_sign_ins(sign_ins: Iterable[int], *, now: datetime) -> None:
    """Who is signed out there is not rung there. A sign-in that merely grew old silences nothing."""
    async with writing():
        dropped = await drop_phones(one_of(Device.sign_in, list(sign_ins)), now)
        for person_id in sorted(set(dropped)):
            await _last_one_gone(person_id, now)


async def silence(person_id: int, *, besides: int = 0, now: datetime) -> None:
    """All their phones, but for those of one sign-in."""
    async with writing():
        if await drop_phones((Device.person == person_id) & (Device.sign_in != besides), now):
            await _last_one_gone(person_id, now)


async def withdraw_push(person_id: int, *, now: datetime) -> None:
    """The consent ends, and their phones with it. Raises Missing where there was none."""
    async with writing():
        if not await people.withdraw_consent(person_id, PURPOSE, by=person_id, now=now):
            raise Missing
        await drop_phones(Device.person == person_id, now)


async def purge_silenced(now: datetime) -> None:
    await Silenced.delete().where(Silenced.at < now - KEPT_SILENCED)


def print_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _row(person_id: int, sign_in: int, subscription: Subscription, name: str, now: datetime) -> Device:
    """Checked when it is stored, and once more when it is sent."""
    try:
        origin = origin_of(subscription.endpoint, Origins.from_setting(settings().push_origins))
    except Foreign:
        raise Refusal(say("We cannot send to the push service of this browser.")) from None
    try:
        checked_keys(subscription.keys.p256dh, subscription.keys.auth)
    except BadKeys:
        raise Refusal(say("The keys of this browser cannot be right. Please try again.")) from None
    said: dict[str, Any] = {
        "person": person_id,
        "sign_in": sign_in,
        "endpoint": subscription.endpoint,
        "origin": origin,
    }
    said |= {name: key.rstrip("=") for name, key in msgspec.structs.asdict(subscription.keys).items()}
    return Device(name=name[:120], made_at=now, seen_at=now, **said)


async def _keep(row: Device, now: datetime) -> bool:
    """A browser that was somebody else's gets a new number: what waited for the former one finds nobody."""
    await drop_phones((Device.endpoint == row.endpoint) & (Device.person != row.person), now)
    same: dict[Any, Any] = {Device.sign_in: row.sign_in, Device.seen_at: now, Device.name: row.name}
    same |= {Device.p256dh: row.p256dh, Device.auth: row.auth, Device.origin: row.origin}
    if await Device.update(same).where(Device.endpoint == row.endpoint).returning(Device.id):
        return False
    await Device.insert(row)
    too_many = [each.endpoint for each in (await _devices(row.person))[MOST:]]
    await drop_phones(one_of(Device.endpoint, too_many), now)
    return True


async def _may_come_back(person_id: int, endpoint: str, before: str) -> None:
    silenced = one_of(Silenced.fingerprint, [print_of(endpoint), print_of(before)])
    rang = bool(before) and await people.has_consented(person_id, PURPOSE)
    if not rang or await Silenced.exists().where(silenced):
        raise NotYours(say("This phone does not ring any more. Press the button to let it ring again."))


async def _last_one_gone(person_id: int, now: datetime) -> None:
    """The consent goes with the last phone that it was for."""
    if not await Device.exists().where(Device.person == person_id):
        await people.withdraw_consent(person_id, PURPOSE, by=person_id, now=now)


def _theirs(person_id: int, endpoint: str) -> Any:
    return (Device.person == person_id) & (Device.endpoint == endpoint)
