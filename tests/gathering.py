"""Events for tests: a reading club on the Saturday after NOON, elsewhere unless a room is named."""

from datetime import timedelta

from app.features.events import rules
from app.features.events.rules import Draft, Saying
from app.features.events.rules.reach import Gathering, gathering
from app.features.events.tables import Event, Kind, Said
from tests.makers import NOON
from tests.spacing import SATURDAY, a_neighbour

BEGINS = NOON + timedelta(days=7, hours=18)  # 14:00 in Shanghai on SATURDAY
ENDS = BEGINS + timedelta(hours=2)


def a_draft(**said) -> Draft:
    usual = {
        "kind": Kind.reading,
        "titles": {"en": "Reading club", "zh-Hans": "读书会"},
        "day": SATURDAY,
        "opens": 14 * 60,
        "closes": 16 * 60,
        "place": {} if said.get("space") else {"en": "Under the plane tree"},
        "capacity": 5,
        "guests": 2,
    }
    return Draft(**usual | said)


async def an_event(*, by=None, now=NOON, **said) -> Gathering:
    by = by or await a_neighbour()
    [id] = await rules.make(a_draft(**said), by=by, now=now)
    return await gathering(id, by=by.id)


async def comes(event, *, by=None, said=Said.yes, now=NOON, for_whom=None, **more):
    """Says yes, or what is said; gives back who it was."""
    by = by or await a_neighbour()
    await rules.answer(event.id, Saying(said, **more), for_whom=for_whom, by=by, now=now)
    return by


async def as_it_is(event) -> Gathering:
    return await gathering(event.id)


async def row_of(event) -> dict:
    return await Event.select().where(Event.id == event.id).first()
