"""A repeat as it stands, its dates, and what happened to it."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.db import held, one_of, prepared, prepared_sql
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.reach import Booked
from app.features.spaces.rules.times import A_DAY
from app.features.spaces.series import Series, SeriesStep
from app.features.spaces.tables import Booking, Did, Stage
from app.kit.refusals import Missing


class Repeated(Struct):
    """A series; its moments are UTC, its days and minutes the wall clock's."""

    id: int
    space: int
    person: int
    acted_by: int | None
    household: int | None
    rule: str
    first: date
    opens: int
    closes: int
    people: int
    purpose: str
    open_to_all: bool
    version: int
    stage: Stage
    asked_at: datetime
    stage_at: datetime
    decided_by: int | None
    reason: str
    sequence: int
    nudged: int
    confirmed_at: datetime
    asked_again_at: datetime | None
    ended_at: datetime | None

    @property
    def path(self) -> str:
        return f"/bookings/repeats/{self.id}"


class _Step(Struct, frozen=True):
    did: str
    at: datetime
    name: str | None
    words: str


_FIELDS = [getattr(Series, name) for name in Repeated.__struct_fields__]
_one = prepared(lambda id: Series.select(*_FIELDS).where(Series.id == id), Repeated)
_dates = prepared_sql("SELECT * FROM bookings WHERE series = {} ORDER BY begins_at, id", Booked)
_steps = prepared_sql(
    "SELECT booking_series_steps.did, booking_series_steps.at, people.name, booking_series_steps.words "
    "FROM booking_series_steps LEFT JOIN people ON people.id = booking_series_steps.by "
    "WHERE booking_series_steps.series = {} ORDER BY booking_series_steps.id",
    _Step,
)


async def series_of(series_id: int) -> Repeated:
    """Raises Missing."""
    found = await _one.first(series_id)
    if found is None:
        raise Missing
    return found


async def held_series(series_id: int) -> tuple[Repeated, list[Booked]]:
    """With all its dates, nobody else's until the transaction ends; the series first. Raises Missing."""
    await held(Series.select(Series.id).where(Series.id == series_id))
    await held(Booking.select(Booking.id).where(Booking.series == series_id).order_by(Booking.id))
    return await series_of(series_id), await dates_of(series_id)


async def dates_of(series_id: int) -> list[Booked]:
    return list(await _dates(series_id))


async def series_steps(series_id: int) -> list[_Step]:
    return list(await _steps(series_id))


async def move_series(
    series: Repeated,
    did: Did,
    *,
    by: int | None,
    now: datetime,
    words: str = "",
    stage: Stage | None = None,
    **more: Any,
) -> None:
    """As `move` does with one booking. Its dates are moved apart from it."""
    values: dict[Any, Any] = {getattr(Series, name): value for name, value in more.items()}
    if stage is not None:
        values |= {Series.stage: stage, Series.stage_at: now, Series.sequence: Series.sequence + 1}
    if values:
        await Series.update(values).where(Series.id == series.id)
    await SeriesStep(series=series.id, at=now, by=by, did=did, words=words[:300]).save()


async def move_dates(dates: list[Booked], stage: Stage, *, now: datetime, **more: Any) -> None:
    """All of them at once; what happened stands with the series."""
    values: dict[Any, Any] = {getattr(Booking, name): value for name, value in more.items()}
    values |= {Booking.stage: stage, Booking.stage_at: now, Booking.sequence: Booking.sequence + 1}
    if dates:
        await Booking.update(values).where(one_of(Booking.id, [each.id for each in dates]))


def wish_on(day: date, opens: int, closes: int, like: Wish) -> Wish:
    """The same wish on another day; `closes` counts on from that day's midnight."""
    over = (closes - 1) // A_DAY
    last = date.fromordinal(day.toordinal() + over) if over else None
    return Wish(
        day, opens, closes - over * A_DAY, last=last, people=like.people, purpose=like.purpose,
        open_to_all=like.open_to_all, version=like.version, equipment=like.equipment,
    )  # fmt: skip


def closes_of(wish: Wish) -> int:
    """Counted on from midnight of its first day."""
    return wish.opens + wish.minutes
