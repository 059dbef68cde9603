"""What events put on Home and on the page of a space."""

from datetime import datetime, timedelta

from app.features.events.rules.listing import on_in, whats_on
from app.features.events.rules.reach import Gathering
from app.features.events.rules.waiting import event_in
from app.features.events.rules.words import HOSTS, ICONS
from app.features.events.tables import Said, Stage
from app.features.people.rules import Neighbour
from app.kit import queue
from app.kit.lines import Line, OnHome
from app.kit.words import Sentence, say, say_n

SOON, NEAR = timedelta(days=7), timedelta(days=14)
FEW = 2


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    offered = {event_in(each) for each in await _offers(by, now)}
    on = [each for each in await whats_on(by, now=now, at_most=12) if each.takes_place]
    waits = [_offer(each) for each in on if each.id in offered]
    mine = [each for each in on if each.mine == Said.yes or each.hosted]
    waits += [_line(each, _standing(each)) for each in mine if each.begins_at < now + SOON][:FEW]
    near = [each for each in on if each not in mine and each.id not in offered and each.begins_at < now + NEAR]
    return OnHome(waits=waits, near=[_line(each, _many(each)) for each in near if each.mine != Said.no][:FEW])


async def _offers(by: Neighbour, now: datetime) -> list[queue.Waits]:
    found = await queue.waits_of(by.id)
    return [each for each in found if each.queue.startswith("event:") and each.offered(now)]


def _offer(event: Gathering) -> Line:
    below = say("%(when)s", when=event.begins_at)
    return Line("ticket", event.title, event.path, below, say("A place for you"), due=True)


def _standing(event: Gathering) -> Sentence:
    return HOSTS if event.hosted else say("You are coming")


def _many(event: Gathering) -> Sentence | None:
    return say_n("One comes", "%(n)s come", event.coming) if event.coming else None


def _line(event: Gathering, chip: Sentence | None) -> Line:
    below = say("%(when)s, %(place)s", when=event.begins_at, place=event.where)
    return Line(ICONS[event.kind], event.title, event.path, below, chip)


async def soon_in(space_id: int, *, by: Neighbour, now: datetime) -> list[Line]:
    """What is on in a space: for the page of that space, which knows no events."""
    found = await on_in(space_id, by=by, now=now)
    return [
        Line(ICONS[each.kind], each.title, each.path, say("%(when)s", when=each.begins_at), _many(each))
        for each in found
        if each.stage == Stage.planned
    ]
