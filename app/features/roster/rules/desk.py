"""What lists put on an administrator's Home."""

from datetime import datetime

from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.features.roster.rules.papers import GONE, MOVED
from app.features.roster.rules.report import What
from app.features.roster.tables import Stage, Upload
from app.kit.lines import Line, OnHome
from app.kit.words import say

WAITING = {
    Stage.mapping: say("Its columns wait for you"),
    Stage.decided: say("It has been read and waits for your yes"),
    Stage.failed: say("It could not be read"),
}
STAGE_WORDS = {
    **WAITING,
    Stage.reading: say("It is being read"),
    Stage.bringing: say("It is being brought in"),
    Stage.done: say("It is in"),
    Stage.cancelled: say("Cancelled"),
}
# What the rows of a report can be looked at by.
FILTERS = {
    What.made: say("new"),
    MOVED: say("moved"),
    What.merged: say("merged"),
    What.unchanged: say("unchanged"),
    What.refused: say("refused"),
    What.blank: say("blank"),
    GONE: say("gone"),
}


async def lists_on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """Lists on their way in that wait for a decision."""
    if not by.is_a(Kind.administrator):
        return OnHome()
    waiting = Upload.select(Upload.id, Upload.name, Upload.stage).where(Upload.stage.is_in(list(WAITING)))
    return OnHome(
        waits=[
            Line("file-text", say("The list %(name)s", name=row["name"]), f"/admin/roster/{row['id']}",
                 WAITING[Stage(row["stage"])], say("Decide"), due=True)
            for row in await waiting.order_by(Upload.id)
        ]
    )  # fmt: skip
