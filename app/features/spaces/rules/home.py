"""What spaces put on Home."""

from datetime import datetime, timedelta

from app.features.people.rules import Neighbour
from app.features.spaces.rules.listing import Line as Booking
from app.features.spaces.rules.listing import my_bookings, to_decide
from app.features.spaces.rules.managers import may_add
from app.features.spaces.rules.reach import spaces
from app.features.spaces.rules.repeat_listing import RepeatLine, repeats_to_decide, to_confirm
from app.features.spaces.rules.words import STANDS
from app.features.spaces.tables import Stage
from app.kit.lines import Line, OnHome
from app.kit.words import say, say_n

SOON = timedelta(days=7)
FEW = 3


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    ahead, _ = await my_bookings(by, now=now)
    waits = [_mine(each) for each in ahead if each.holds and each.begins_at < now + SOON][:FEW]
    waits[:0] = [_still_needed(each) for each in await to_confirm(by, now=now)]
    if may_add(by) and (many := await _to_decide(by, now)):
        title = say_n("A booking waits for your yes", "%(n)s bookings wait for your yes", many)
        waits.insert(0, Line("calendar-check", title, "/manage/bookings", None, say("Answer"), due=True))
    return OnHome(waits=waits)


async def _to_decide(by: Neighbour, now: datetime) -> int:
    """A repeat counts once."""
    rooms = await spaces()
    return len(await to_decide(by, rooms, now=now)) + len(await repeats_to_decide(by, rooms, now=now))


def _still_needed(each: RepeatLine) -> Line:
    title = say("%(space)s: do you still need it?", space=each.space_name)
    return Line("repeat", title, each.path, say("%(what)s", what=each.purpose), say("Answer"), due=True)


def _mine(each: Booking) -> Line:
    title = say("%(space)s: %(what)s", space=each.space_name, what=each.purpose)
    below = say("%(when)s", when=each.begins_at)
    return Line("door-open", title, each.path, below, STANDS[each.stage], due=each.stage == Stage.pending)
