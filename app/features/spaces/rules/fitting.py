"""What a space allows: every no says what would work instead."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from app.features.spaces.rules.opening import Hours, Stretch
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.times import hour_of, moment_of
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say, say_n

LONGEST_PURPOSE = 200


class Wish(Struct, frozen=True):
    """A room as somebody asks for it, on the wall clock of the community; `closes` may be 1440, the end of `last`."""

    day: date
    opens: int
    closes: int
    last: date | None = None
    people: int = 1
    purpose: str = ""
    open_to_all: bool = False
    version: int = 0
    equipment: Mapping[int, int] = field(default_factory=dict)

    @property
    def until(self) -> date:
        return self.last or self.day

    @property
    def minutes(self) -> int:
        return (self.until - self.day).days * 1440 + self.closes - self.opens


def moments(wish: Wish, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """UTC. Raises Refusal for an hour that is not there, or twice."""
    begins = moment_of(wish.day, wish.opens, zone, beside="begins")
    return begins, moment_of(wish.until, wish.closes, zone, beside="ends")


def must_fit(room: Room, hours: Hours, wish: Wish, *, today: date, begins: datetime, now: datetime) -> None:
    """Raises Refusal, beside what has to be put right."""
    must_suit(room, wish)
    must_be_ahead(room, wish, today=today, begins=begins, now=now)
    if not hours.cover(wish.day, wish.opens, wish.until, wish.closes):
        raise Refusal(open_then(hours, wish), beside="begins")


def must_suit(room: Room, wish: Wish) -> None:
    """What has to be right on whichever day."""
    _must_be_time(room, wish)
    if not 1 <= wish.people <= room.capacity:
        raise Refusal(say_n("There is room for one.", "There is room for %(n)s.", room.capacity), beside="people")
    if not wish.purpose.strip():
        raise Refusal(say("What is it for? A word or two."), beside="purpose")


def must_be_ahead(room: Room, wish: Wish, *, today: date, begins: datetime, now: datetime) -> None:
    if begins <= now:
        raise Refusal(over_already(wish.day, today), beside="day")
    furthest = today + timedelta(days=room.ahead)
    if wish.day > furthest:
        raise Refusal(say("One can book up to %(day)s.", day=furthest), beside="day")


def over_already(day: date, today: date) -> Sentence:
    if day == today:
        return say("That hour is over already. Later today, or another day, please.")
    return say("That is over already. From today on, please.")


def _must_be_time(room: Room, wish: Wish) -> None:
    if wish.minutes <= 0:
        raise Refusal(say("It has to end after it begins."), beside="ends")
    if wish.opens % room.step or wish.closes % room.step:
        begins, ends = _rounded(wish.opens, room.step), _rounded(wish.closes, room.step)
        raise Refusal(
            say_n(
                "Times go by %(n)s minute here: %(begins)s to %(ends)s, for example.",
                "Times go by %(n)s minutes here: %(begins)s to %(ends)s, for example.",
                room.step,
                begins=hour_of(begins),
                ends=hour_of(max(ends, begins + room.step)),
            ),
            beside="begins",
        )
    if wish.minutes < room.shortest:
        last = hour_of((wish.opens + room.shortest) % 1440)
        raise Refusal(say("At least until %(ends)s, please.", ends=last), beside="ends")
    if wish.minutes > room.longest:
        last = hour_of((wish.opens + room.longest) % 1440)
        raise Refusal(say("At most until %(ends)s, please.", ends=last), beside="ends")


def _rounded(minute: int, step: int) -> int:
    return minute // step * step


def open_then(hours: Hours, wish: Wish) -> Sentence:
    """When it is open on that day, or the next day on which it is."""
    there = hours.on(wish.day)
    if there:
        return say("It is open %(hours)s that day.", hours=spoken(there))
    for nth in range(1, 61):
        day = wish.day + timedelta(days=nth)
        if found := hours.on(day):
            return say("It is closed that day. Next: %(day)s, %(hours)s.", day=day, hours=spoken(found))
    return say("It is closed then, and for two months after.")


def spoken(stretches: list[Stretch]) -> str:
    return ", ".join(f"{hour_of(each.opens)}–{hour_of(each.closes)}" for each in stretches)
