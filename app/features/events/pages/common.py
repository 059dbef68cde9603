"""What the pages of events share: the words they all know, and whose clock it is."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar.plugins.htmx import HTMXRequest

from app.features.events.rules import AGAIN, EVERY, ICONS, KINDS, SAID, STAGES
from app.features.events.tables import Said
from app.features.people import rules as people

KNOWN: dict[str, Any] = {
    "kinds": KINDS,
    "icons": ICONS,
    "stages": STAGES,
    "said_words": SAID,
    "again_words": AGAIN,
    "every_words": EVERY,
    "capabilities": people.CAPABILITIES,
    "role_words": people.KINDS,
    "said_looks": {
        Said.yes: ("safe", "check"),
        Said.maybe: ("soon", "circle-help"),
        Said.no: ("quiet", "x"),
        Said.door: ("info", "door-open"),
    },
}


def zone_of(request: HTMXRequest) -> ZoneInfo:
    clock: ZoneInfo = request.state.here.clock
    return clock
