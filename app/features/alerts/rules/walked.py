"""The walked list typed in: a word for a door, from paper; whoever spoke for themselves is not overruled (E 42)."""

from collections.abc import Mapping
from datetime import datetime

from app.features.alerts.rules.answering import answer_all
from app.features.alerts.rules.board import may_look_at
from app.features.alerts.rules.called import Word
from app.features.alerts.rules.paper import paper
from app.features.alerts.tables import Alert, Answer, How
from app.features.people.rules import Neighbour


async def walked(alert: Alert, area_id: int, found: Mapping[int, Answer], *, by: Neighbour, now: datetime) -> int:
    """`found` by household, of this area only; each door is a transaction of its own. Says of how many people."""
    await may_look_at(area_id, by=by)
    doors = {each.household: each for each in (await paper(alert, area_id, by=by)).doors}
    people = 0
    for household, answer in found.items():
        if household in doors:
            whom = dict.fromkeys([each.person for each in doors[household].people], How.paper)
            await answer_all(alert.id, whom, Word(answer, by.id, now), by=by, now=now)
            people += len(whom)
    return people
