"""What waits for whoever lets neighbours in."""

from datetime import datetime

from app.features.joining.rules.reach import OFFICERS, kept_by
from app.features.joining.rules.waiting import how_many_wait
from app.features.people.rules import Neighbour
from app.kit.lines import Line, OnHome
from app.kit.words import say, say_n


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    if not by.is_a(*OFFICERS):
        return OnHome()
    waiting = await how_many_wait(await kept_by(by))
    if not waiting:
        return OnHome()
    title = say_n("One neighbour asks to be let in", "%(n)s neighbours ask to be let in", waiting)
    return OnHome(waits=[Line("user-plus", title, "/welcomes", say("Look who it is"), say("Answer"), due=True)])
