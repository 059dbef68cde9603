"""Sign-ins: whose a cookie is, which browsers are signed in, and ending them."""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts.rules.signing_in import fingerprint
from app.features.accounts.tables import FirstCode, KnownDevice, Login, SignIn
from app.features.community.rules import Here, as_here
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Missing

LASTS = timedelta(days=180)
KNOWN_FOR = timedelta(days=365)
CODES_KEPT = timedelta(days=30)
NOTED = timedelta(hours=1)


class Viewer(Neighbour):
    """A neighbour who is looking at a page, in one browser."""

    sign_in: int = 0
    look: str = "auto"
    large_text: bool = False
    unread: int = 0
    agreed: bool = True


class _Row(Struct):
    sign_in: int
    seen_at: datetime
    id: int
    name: str
    state: str
    language: str
    photo: str
    look: str
    large_text: bool
    of_age_on: date | None
    unread: int
    agreed: bool
    kind: str | None
    area: int | None
    here_name: str
    zone: str
    region: str
    languages: str
    area_kinds: str


_whose = prepared_sql(
    "SELECT sign_ins.id AS sign_in, sign_ins.seen_at, people.id, people.name, people.state, people.language, "  # noqa: S608
    "people.photo, people.look, people.large_text, (SELECT count(*) FROM notices WHERE notices.person = people.id "
    "AND notices.read_at IS NULL AND (notices.until_at IS NULL OR notices.until_at > {0})) AS unread, "
    "people.of_age_on, EXISTS (SELECT 1 FROM consents WHERE consents.person = people.id AND consents.purpose = 'terms' "
    "AND consents.version = {3} AND consents.withdrawn_at IS NULL "
    "AND (consents.given_by = people.id OR people.of_age_on > {4})) AS agreed, "
    "roles.kind, roles.area, community.name AS here_name, community.zone, community.region, community.languages, "
    "community.area_kinds FROM sign_ins JOIN people ON people.id = sign_ins.person "
    f"JOIN community ON community.id = 1 LEFT JOIN roles ON roles.person = people.id AND {people.counts('{0}')} "
    "WHERE sign_ins.fingerprint = {1} AND sign_ins.seen_at > {2} AND people.state <> 'gone'",
    _Row,
)


async def whose(token: str, now: datetime) -> tuple[Viewer, Here] | None:
    """Who came in with that cookie, and where they are: one query a page."""
    rows = await _whose(now, fingerprint(token), now - LASTS, people.PURPOSES["terms"].version, now.date())
    if not rows:
        return None
    row = rows[0]
    if now - row.seen_at > NOTED:
        await SignIn.update({SignIn.seen_at: now}).where(SignIn.id == row.sign_in)
    viewer = Viewer(
        id=row.id,
        name=row.name,
        state=row.state,
        language=row.language,
        photo=row.photo,
        roles=tuple(dict.fromkeys((each.kind, each.area) for each in rows if each.kind)),
        sign_in=row.sign_in,
        look=row.look,
        large_text=bool(row.large_text),
        unread=row.unread,
        of_age_on=row.of_age_on,
        agreed=bool(row.agreed),
    )
    return viewer, as_here(row.here_name, row.zone, row.region, row.languages, row.area_kinds)


class SignIns(Struct):
    id: int
    device: str
    began_at: datetime
    seen_at: datetime


_open = prepared_sql(
    "SELECT id, device, began_at, seen_at FROM sign_ins WHERE person = {} AND seen_at > {} ORDER BY seen_at DESC",
    SignIns,
)


async def sign_ins(person_id: int, now: datetime) -> list[SignIns]:
    return list(await _open(person_id, now - LASTS))


async def sign_out(sign_in: int) -> None:
    await SignIn.delete().where(SignIn.id == sign_in)


async def end(person_id: int, sign_in: int, *, now: datetime) -> None:
    """One of one's own sign-ins. Raises Missing for another's."""
    async with writing():
        ended = await SignIn.delete().where((SignIn.id == sign_in) & (SignIn.person == person_id)).returning(SignIn.id)
        if not ended:
            raise Missing
        await audit.note("sign-in ended", who=person_id, about=f"person:{person_id}", now=now, concerns=person_id)


async def end_others(person_id: int, *, besides: int, by: int, now: datetime) -> None:
    async with writing():
        await SignIn.delete().where((SignIn.person == person_id) & (SignIn.id != besides))
        await audit.note("sign-ins ended", who=by, about=f"person:{person_id}", now=now, concerns=person_id)


async def mine(person_id: int) -> dict[str, Any]:
    logins = Login.select(Login.phone, Login.email, Login.made_at).where(Login.person == person_id)
    browsers = SignIn.select(SignIn.device, SignIn.began_at, SignIn.seen_at).where(SignIn.person == person_id)
    return {"login": await logins, "sign_ins": await browsers}


async def forget(person_id: int, *, now: datetime) -> None:
    async with writing():
        await Login.delete().where(Login.person == person_id)
        await SignIn.delete().where(SignIn.person == person_id)
        await KnownDevice.delete().where(KnownDevice.person == person_id)
        await FirstCode.delete().where(FirstCode.person == person_id)


async def purge(now: datetime) -> None:
    """Sign-ins nobody used for 180 days, and codes that ran out."""
    await SignIn.delete().where(SignIn.seen_at < now - LASTS)
    await KnownDevice.delete().where(KnownDevice.seen_at < now - KNOWN_FOR)
    await FirstCode.delete().where(FirstCode.until_at < now - CODES_KEPT)
