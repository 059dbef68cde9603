"""What somebody comes to or hosts, in their own calendar. Each date of a series is answered by itself, and so it is a
thing of its own there."""

from datetime import datetime

from app.db import prepared_sql
from app.features.events.rules.listing import for_me, reach
from app.features.events.rules.reach import Gathering
from app.features.events.rules.words import HOSTS, SAID, STAGES
from app.features.events.tables import Said, Stage
from app.features.people.rules import Neighbour
from app.features.spaces.rules.reach import owner_of
from app.kit.calendars import Entry, since
from app.kit.words import Sentence, say

_mine = prepared_sql(
    for_me(
        "events.ends_at > {4} AND (events.stage <> 'cancelled' OR COALESCE(events.told_at, events.made_at) > {5}) AND "
        "(EXISTS (SELECT 1 FROM event_hosts WHERE event_hosts.event = events.id AND event_hosts.person = {0}) OR "
        "EXISTS (SELECT 1 FROM event_answers AS own WHERE own.event = events.id AND own.person = {0} "
        "AND own.said IN ('yes', 'maybe'))) ORDER BY events.id"
    ),
    Gathering,
)


async def in_calendar(person: Neighbour, *, now: datetime) -> list[Entry]:
    """As far as it is still for them: nothing across a block, and nothing that officers took away."""
    return [_entry(each) for each in await _mine(*await reach(person), *since(now))]


def _entry(event: Gathering) -> Entry:
    """The room that was booked for it need not be said beside it."""
    stands = _stands(event)
    happened = (event.made_at, event.changed_at, event.told_at, event.said_at, event.room_at)
    return Entry(
        event.thing,
        event.begins_at,
        event.ends_at,
        event.title,
        made_at=event.made_at,
        changed_at=max(at for at in happened if at),
        changes=event.sequence,
        sure=event.takes_place and not event.room_waits and (event.hosted or event.mine == Said.yes),
        off=event.stage == Stage.cancelled,
        path=event.path,
        place=event.where,
        words=say("%(stands)s. %(text)s", stands=stands, text=event.text) if event.text else stands,
        private=True,
        covers=owner_of(event.booking) if event.booking else "",
    )


def _stands(event: Gathering) -> Sentence:
    if event.stage == Stage.cancelled:
        return say("%(stands)s: %(reason)s", stands=STAGES[event.stage], reason=event.reason)
    if event.stage == Stage.fell:
        return STAGES[event.stage]
    return HOSTS if event.hosted else SAID[event.mine or Said.yes]
