"""What a post puts on Home: neighbours answered whoever looks for something."""

from datetime import datetime

from app.features.people.rules import Neighbour
from app.features.sharing.rules.search_listing import my_open
from app.features.sharing.rules.words import ICONS
from app.features.skills.rules.reach import shortened
from app.kit.lines import Line, OnHome
from app.kit.words import say, say_n

FEW = 3


async def wanted_on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """It stands there until it is found, or not looked for any more."""
    answered = [each for each in await my_open(by, now=now) if each.answers]
    return OnHome(
        waits=[
            Line(
                ICONS[each.category],
                say("You look for: %(what)s", what=shortened(each.words)),
                each.path,
                say_n("One neighbour has answered", "%(n)s neighbours have answered", each.answers),
                say("Have a look"),
                due=True,
            )
            for each in answered[:FEW]
        ]
    )
