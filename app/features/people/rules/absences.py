"""Away for a while: from one local day to another somebody stands in, and exactly so long."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.deputies import deputy_of
from app.features.people.rules.neighbour import Neighbour, hold_all_roles
from app.features.people.rules.proposals import note, propose
from app.features.people.rules.rights import holds, may_arrange, role_in_hand, void
from app.features.people.rules.standing_in import stand_in
from app.features.people.tables import Absence, Proposal, Role, Task
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

LONGEST = timedelta(days=366)


class Away(Struct):
    """An absence that runs or is to come, and who stands in."""

    id: int
    role: int
    holder: int
    since_at: datetime
    until_at: datetime
    stand_in: int | None
    stand_in_role: int | None

    def runs(self, now: datetime) -> bool:
        return self.since_at <= now

    def days(self, clock: tzinfo | None) -> tuple[date, date]:
        """The first and the last day on that clock: it ends at midnight."""
        last = self.until_at - timedelta(seconds=1)
        return self.since_at.astimezone(clock or UTC).date(), last.astimezone(clock or UTC).date()


_absence_of = prepared_sql(
    "SELECT absences.id, absences.role, roles.person AS holder, absences.since_at, absences.until_at, "
    "others.person AS stand_in, others.id AS stand_in_role FROM absences "
    "JOIN roles ON roles.id = absences.role AND roles.ended_at IS NULL "
    "LEFT JOIN roles AS others ON others.stands_in_for = absences.role AND others.ended_at IS NULL "
    "AND others.until_at > {0} WHERE absences.role = {1} AND absences.ended_at IS NULL AND absences.until_at > {0}",
    Away,
)


async def absence_of(role_id: int, *, now: datetime) -> Away | None:
    return await _absence_of.first(now, role_id)


_absence = prepared_sql(
    "SELECT absences.id, absences.role, roles.person AS holder, absences.since_at, absences.until_at, "
    "others.person AS stand_in, others.id AS stand_in_role FROM absences "
    "JOIN roles ON roles.id = absences.role AND roles.ended_at IS NULL "
    "LEFT JOIN roles AS others ON others.stands_in_for = absences.role AND others.ended_at IS NULL "
    "AND others.until_at = absences.until_at WHERE absences.id = {} AND absences.ended_at IS NULL",
    Away,
)


async def absence(absence_id: int) -> Away | None:
    """Also one that is over; not one that was ended before its time."""
    return await _absence.first(absence_id)


async def note_absence(
    role_id: int, *, first: date, last: date, by: Neighbour, now: datetime, cover: int | None = None
) -> Away:
    """Both days count, on the community's clock. The deputy stands in, or `cover` when they said yes."""
    async with writing():
        await hold_all_roles()
        role = await role_in_hand(role_id, by=by)
        since, until = await _moments(first, last, now)
        await _clear_the_past(role_id, now)
        if await Absence.exists().where((Absence.role == role_id) & Absence.ended_at.is_null()):
            raise Taken(say("An absence is noted already. End that one first."))
        row = Absence(role=role_id, since_at=since, until_at=until, noted_by=by.id, noted_at=now)
        await row.save()
        await note(say("absence noted"), role, role.person, by.id, now)
        await _find_cover(role, row, cover, by=by, now=now)
        return await _again(role_id, now)


async def ask_cover(role_id: int, person_id: int, *, by: Neighbour, now: datetime) -> Away:
    """For an absence in which nobody stands in yet."""
    async with writing():
        await hold_all_roles()
        role = await role_in_hand(role_id, by=by)
        away = await absence_of(role_id, now=now)
        if away is None or away.stand_in:
            raise Taken(say("Somebody was faster. Please look again."))
        absence = await Absence.objects().where(Absence.id == away.id).first()
        if absence:
            await _find_cover(role, absence, person_id, by=by, now=now)
        return await _again(role_id, now)


async def come_back(role_id: int, *, by: Neighbour, now: datetime) -> Away:
    """ "I am back", or "I am not going after all". Gives back the absence as it was."""
    async with writing():
        await hold_all_roles()
        role = await role_in_hand(role_id, by=by)
        away = await absence_of(role_id, now=now)
        if away is None:
            raise Missing
        await Absence.update({Absence.ended_at: now}).where(Absence.id == away.id)
        await Role.update({Role.ended_at: now}).where((Role.stands_in_for == role_id) & Role.ended_at.is_null())
        await void(Proposal.absence == away.id, now)
        await note(say("absence ended"), role, role.person, by.id, now)
        return away


async def step_down(role_id: int, *, by: Neighbour, now: datetime) -> Away:
    """Whoever stands in cannot any more, or an administrator says so. Gives back the absence as it was."""
    async with writing():
        await hold_all_roles()
        standing = (Role.id == role_id) & Role.ended_at.is_null() & (Role.until_at > now)
        row = await held(Role.objects().where(standing)).first()
        away = await absence_of(row.stands_in_for, now=now) if row else None
        if row is None or away is None or not may_arrange(by, row.person):
            raise Missing
        await Role.update({Role.ended_at: now}).where(Role.id == role_id)
        await note(say("stands in no longer"), row, row.person, by.id, now)
        return away


async def _find_cover(role: Role, absence: Absence, cover: int | None, *, by: Neighbour, now: datetime) -> None:
    """The deputy said yes long ago; anybody else is asked. One who can no longer do it is passed over."""
    deputy = await deputy_of(role.id)
    if cover is not None and (deputy is None or cover != deputy.id):
        await propose(role.id, Task.cover, cover, by=by, now=now, absence=absence)
    elif deputy is not None and not await holds(deputy.id, role.kind, role.area):
        await stand_in(deputy.id, role, absence, by=by.id, now=now)


async def _moments(first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    """Midnight before and midnight after, where the community lives."""
    if last < first:
        raise Refusal(say("The last day comes before the first."), beside="last_on")
    if first < await community.today(now):
        raise Refusal(say("That day has passed."), beside="first_on")
    if last - first > LONGEST:
        raise Refusal(say("A year at most. Hand the role over if it is for longer."), beside="last_on")
    here = await community.here()
    zone = here.clock if here else UTC
    since, until = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    return since.astimezone(UTC), until.astimezone(UTC)


async def _clear_the_past(role_id: int, now: datetime) -> None:
    """What ended by itself makes room for the next: the indexes count what is open, whatever the clock says."""
    over = (Absence.role == role_id) & Absence.ended_at.is_null() & (Absence.until_at <= now)
    await Absence.update({Absence.ended_at: now}).where(over)
    stood = (Role.stands_in_for == role_id) & Role.ended_at.is_null() & (Role.until_at <= now)
    await Role.update({Role.ended_at: now}).where(stood)


async def _again(role_id: int, now: datetime) -> Away:
    away = await absence_of(role_id, now=now)
    if away is None:
        raise Missing
    return away
