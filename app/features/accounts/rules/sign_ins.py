"""Sign-ins: whose a cookie is, which browsers are signed in, and ending them."""

from datetime import date, datetime, timedelta
from math import ceil

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts.rules.ending import end_all, end_those
from app.features.accounts.rules.factors import NEED_ONE
from app.features.accounts.rules.signing_in import fingerprint
from app.features.accounts.tables import SignIn
from app.features.community.rules import Here, as_here
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Missing

LASTS = timedelta(days=180)
NOTED = timedelta(hours=1)
TO_ADD_ONE = timedelta(days=7)


class Viewer(Neighbour, kw_only=True):
    """A neighbour who is looking at a page, in one browser.

    `proved_at` is when they last showed that it is them, `second_at` when this sign-in showed a second factor.
    `second_days` is how many days are left to add one, 0 when none is, for officers without. Then the roles that need
    one are not among `roles`, so that nothing anywhere is theirs by them, and `overdue` says which kinds they are.
    """

    proved_at: datetime
    second_at: datetime | None = None
    has_second: bool = False
    second_days: int | None = None
    overdue: tuple[str, ...] = ()
    demo: bool = False
    sign_in: int = 0
    look: str = "auto"
    large_text: bool = False
    unread: int = 0
    agreed: bool = True


class _Row(Struct):
    sign_in: int
    began_at: datetime
    seen_at: datetime
    proved_at: datetime | None
    second_at: datetime | None
    has_second: bool
    demo: bool | None
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
    given_at: datetime | None
    here_name: str
    zone: str
    region: str
    languages: str
    area_kinds: str


_whose = prepared_sql(
    "SELECT sign_ins.id AS sign_in, sign_ins.began_at, sign_ins.seen_at, sign_ins.proved_at, sign_ins.second_at, "  # noqa: S608
    "(EXISTS (SELECT 1 FROM passkeys WHERE passkeys.person = people.id) OR EXISTS (SELECT 1 FROM authenticators "
    "WHERE authenticators.person = people.id)) AS has_second, logins.demo, people.id, people.name, people.state, "
    "people.language, people.photo, people.look, people.large_text, people.of_age_on, "
    "(SELECT count(*) FROM notices WHERE notices.person = people.id "
    "AND notices.read_at IS NULL AND (notices.until_at IS NULL OR notices.until_at > {0})) AS unread, "
    "EXISTS (SELECT 1 FROM consents WHERE consents.person = people.id AND consents.purpose = 'terms' "
    "AND consents.version = {3} AND consents.withdrawn_at IS NULL "
    "AND (consents.given_by = people.id OR people.of_age_on > {4})) AS agreed, "
    "roles.kind, roles.area, COALESCE(roles.since_at, roles.given_at) AS given_at, community.name AS here_name, "
    "community.zone, community.region, community.languages, community.area_kinds FROM sign_ins "
    "JOIN people ON people.id = sign_ins.person JOIN community ON community.id = 1 "
    "LEFT JOIN logins ON logins.person = people.id "
    f"LEFT JOIN roles ON roles.person = people.id AND {people.counts('{0}')} "
    "WHERE sign_ins.fingerprint = {1} AND sign_ins.seen_at > {2} AND people.state <> 'gone'",
    _Row,
    of_many=True,
)


async def whose(token: str, now: datetime) -> tuple[Viewer, Here] | None:
    """Who came in with that cookie, and where they are: one query a page."""
    rows = await _whose(now, fingerprint(token), now - LASTS, people.PURPOSES["terms"].version, now.date())
    if not rows:
        return None
    row = rows[0]
    if now - row.seen_at > NOTED:
        await SignIn.update({SignIn.seen_at: now}).where(SignIn.id == row.sign_in)
    days = None if row.has_second or row.demo else _days_left(rows, now)
    waits = NEED_ONE if days == 0 else ()
    held = dict.fromkeys((each.kind, each.area) for each in rows if each.kind)
    viewer = Viewer(
        id=row.id,
        name=row.name,
        state=row.state,
        language=row.language,
        photo=row.photo,
        roles=tuple(role for role in held if role[0] not in waits),
        proved_at=max(row.began_at, row.proved_at or row.began_at),
        second_at=row.second_at,
        has_second=row.has_second,
        second_days=days,
        overdue=tuple(kind for kind, _ in held if kind in waits),
        demo=bool(row.demo),
        sign_in=row.sign_in,
        look=row.look,
        large_text=bool(row.large_text),
        unread=row.unread,
        of_age_on=row.of_age_on,
        agreed=bool(row.agreed),
    )
    return viewer, as_here(row.here_name, row.zone, row.region, row.languages, row.area_kinds)


def _days_left(rows: list[_Row], now: datetime) -> int | None:
    """Until an officer must have a second factor; None for those whose roles ask for none."""
    since = [row.given_at for row in rows if row.given_at and row.kind in NEED_ONE]
    return max(0, ceil((min(since) + TO_ADD_ONE - now) / timedelta(days=1))) if since else None


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


async def sign_out(sign_in: int, *, now: datetime) -> None:
    await end_those(SignIn.id == sign_in, now=now)


async def end(person_id: int, sign_in: int, *, now: datetime) -> None:
    """One of one's own sign-ins. Raises Missing for another's."""
    async with writing():
        if not await end_those((SignIn.id == sign_in) & (SignIn.person == person_id), now=now):
            raise Missing
        await audit.note("sign-in ended", who=person_id, about=f"person:{person_id}", now=now, concerns=person_id)


async def end_others(person_id: int, *, besides: int, by: int, now: datetime) -> None:
    async with writing():
        await end_all(person_id, besides=besides, now=now)
        await audit.note("sign-ins ended", who=by, about=f"person:{person_id}", now=now, concerns=person_id)
