"""How many doors wait for a knock, on the Home of officers who were not called themselves."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.board import kept_by, sees_all
from app.features.alerts.rules.knocks import waiting
from app.features.alerts.rules.words import marked, path_of
from app.features.alerts.tables import Kind
from app.features.people.rules import Neighbour
from app.kit.lines import Line
from app.kit.words import say, say_n


class _Active(Struct):
    id: int
    kind: Kind


_active = prepared_sql("SELECT id, kind FROM alerts WHERE stage = 'active' ORDER BY id", _Active)


async def doors_on_home(by: Neighbour) -> list[Line]:
    if not by.is_active or not (sees_all(by) or kept_by(by)):
        return []
    counted = [(each, await waiting(each.id, by=by)) for each in await _active()]
    return [_line(each, doors) for each, doors in counted if doors]


def _line(alert: _Active, doors: int) -> Line:
    title = say_n("One door waits for a knock", "%(n)s doors wait for a knock", doors)
    below = say("Nobody there has answered")
    return Line(
        "door-open", marked(alert.kind, title), f"{path_of(alert.id)}/knocks", below, say("Look at it"), due=True
    )
