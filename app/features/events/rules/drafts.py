"""An event as somebody means it: what fits, and on which dates."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from msgspec import Struct

from app.features.community import rules as community
from app.features.events.tables import Kind
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.spaces.rules.fitting import over_already
from app.features.spaces.rules.times import moment_of
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

MOST_PLACES, MOST_GUESTS, MOST_DATES, MOST_PARTS = 500, 9, 26, 12
AHEAD = timedelta(days=550)
EVERY = {
    "week": say("Every week"),
    "two weeks": say("Every two weeks"),
    "month": say("Every month, on the same weekday"),
}
# What a manager of spaces may give to those who were there; administrators give all there is.
GIVEN_BY_MANAGERS = ("orientation", "key training")


class PartDraft(Struct, frozen=True):
    names: dict[str, str]
    wanted: int = 1


class Draft(Struct, frozen=True):
    """On the wall clock of the community; `closes` may be 1440, the end of `last`."""

    kind: Kind
    titles: dict[str, str]
    day: date
    opens: int
    closes: int
    words: dict[str, str] = {}
    place: dict[str, str] = {}
    space: int | None = None
    last: date | None = None
    capacity: int = 20
    guests: int = 0
    area: int | None = None
    role: str = ""
    public: bool = False
    capability: str = ""
    valid_days: int = 365
    agreed: bool = False
    parts: tuple[PartDraft, ...] = ()

    def on(self, day: date) -> "Draft":
        """The same on another day."""
        last = self.last + (day - self.day) if self.last else None
        return Draft(**{name: getattr(self, name) for name in self.__struct_fields__} | {"day": day, "last": last})


def may_grant(by: Neighbour, capability: str) -> bool:
    if not by.is_active:
        return False
    managers = by.is_a(RoleKind.space_manager) and capability in GIVEN_BY_MANAGERS
    return managers or (by.is_a(RoleKind.administrator) and capability in people.CAPABILITIES)


def grants(by: Neighbour) -> list[str]:
    """Which capabilities this host may give to those who were there."""
    return [each for each in people.CAPABILITIES if may_grant(by, each)]


def also_on(first: date, every: str, times: int) -> list[date]:
    """The dates of a series with the first; monthly keeps the weekday: the second Saturday, or the last."""
    if not every or times <= 1:
        return [first]
    if every not in EVERY:
        raise Refusal(say("Please choose one of these."), beside="every")
    if times > MOST_DATES:
        raise Refusal(say("At most %(n)s dates at once.", n=MOST_DATES), beside="times")
    start = datetime(first.year, first.month, first.day)
    if every == "month":
        nth = (first.day - 1) // 7 + 1
        is_last = (first + relativedelta(weeks=1)).month != first.month
        on = weekday(first.weekday(), -1 if is_last else nth)
        rule = rrule(MONTHLY, dtstart=start, count=times, byweekday=on)
    else:
        rule = rrule(WEEKLY, dtstart=start, count=times, interval=2 if every == "two weeks" else 1)
    return [each.date() for each in rule]


async def fitting(draft: Draft, *, by: Neighbour, has_capability: str = "", now: datetime) -> Draft:
    """Trimmed. Raises Refusal, beside what has to be put right. Its days and its room are asked date by date."""
    titles, words, place = _written(draft.titles), _written(draft.words), _written(draft.place)
    if not titles:
        raise Refusal(say("A title, please: it is what people see first."), beside="title_0")
    if draft.space is None and not place:
        raise Refusal(say("A room of ours, or words for the place."), beside="place_0")
    if not 1 <= draft.capacity <= MOST_PLACES:
        raise Refusal(say("Between 1 and %(n)s places, please.", n=MOST_PLACES), beside="capacity")
    if not 0 <= draft.guests <= min(MOST_GUESTS, draft.capacity - 1):
        most = min(MOST_GUESTS, draft.capacity - 1)
        raise Refusal(say("Between 0 and %(n)s, please.", n=most), beside="guests_each")
    if draft.role and draft.role not in set(RoleKind):
        raise Refusal(say("Please choose one of these."), beside="role")
    if draft.area is not None:
        try:
            await community.area(draft.area)
        except Missing:
            raise Refusal(say("Please choose one of these."), beside="area") from None
    if draft.capability and draft.capability != has_capability and not may_grant(by, draft.capability):
        raise Refusal(say("You cannot grant that."), beside="capability")
    if not 1 <= draft.valid_days <= 3650:
        raise Refusal(say("Between one day and ten years, please."), beside="valid_days")
    if len(draft.parts) > MOST_PARTS or any(not 1 <= each.wanted <= 50 for each in draft.parts):
        raise Refusal(say("At most %(n)s roles, each for up to 50 people.", n=MOST_PARTS), beside="parts_0")
    typed = {name: getattr(draft, name) for name in draft.__struct_fields__}
    return Draft(**typed | {"titles": titles, "words": words, "place": {} if draft.space else place})


def moments(draft: Draft, zone: ZoneInfo, *, now: datetime) -> tuple[datetime, datetime]:
    """UTC. Raises Refusal for what is over, ends before it begins, or is an hour that is not there."""
    begins = moment_of(draft.day, draft.opens, zone, beside="begins")
    ends = moment_of(draft.last or draft.day, draft.closes, zone, beside="ends")
    if ends <= begins:
        raise Refusal(say("It has to end after it begins."), beside="ends")
    if begins <= now:
        raise Refusal(over_already(draft.day, now.astimezone(zone).date()), beside="day")
    if begins > now + AHEAD:
        raise Refusal(say("That is too far ahead."), beside="day")
    if ends - begins > timedelta(days=7):
        raise Refusal(say("A week at most, please."), beside="last")
    return begins, ends


def _written(typed: dict[str, str]) -> dict[str, str]:
    return {tag: words.strip() for tag, words in typed.items() if words.strip()}
