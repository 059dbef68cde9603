"""A manager's yes from the notification itself, without opening anything."""

import re

from app.features.notices.rules import Press
from app.features.spaces.rules import agenda, repeat_agenda
from app.kit.words import say

PLACES = {agenda.asked_key: "/bookings/%d/approval", repeat_agenda.asked_key: "/bookings/repeats/%d/approval"}
TIMES = ("", ":1", ":2")  # asked, and reminded


def press(key: str) -> Press | None:
    """For what managers are asked under that key."""
    found = re.search(r":(\d+):", key)
    id = int(found[1]) if found else 0
    for asked, place in PLACES.items():
        if key in {asked(id) + nth for nth in TIMES}:
            return Press(say("Approve"), place % id, say("Approved. They hear it now."))
    return None
