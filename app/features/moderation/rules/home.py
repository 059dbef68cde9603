"""What moderation puts on an officer's Home."""

from datetime import datetime

from app.features.moderation.rules.queue import appeals_for, reports_for
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.lines import Line, OnHome
from app.kit.words import say, say_n


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """What waits for an officer's decision."""
    if not by.is_a(Kind.administrator, Kind.coordinator):
        return OnHome()
    reports, appeals = await reports_for(by), await appeals_for(by)
    lines = []
    if reports:
        title = say_n("One report waits for a decision", "%(n)s reports wait for a decision", len(reports))
        lines.append(Line("flag", title, "/reports", chip=say("Decide"), due=True))
    if appeals:
        title = say_n(
            "One neighbour disagrees with a decision", "%(n)s neighbours disagree with decisions", len(appeals)
        )
        lines.append(Line("scale", title, "/reports", chip=say("Look again"), due=True))
    return OnHome(waits=lines)
