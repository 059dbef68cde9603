"""Exercises beside one another over time: whether it goes faster, and whether more answer. What is real is never among
them, nor a test."""

import json
from datetime import datetime

from msgspec import Struct

from app.features.alerts.rules.lifelines import must_lead
from app.features.alerts.rules.tallying import figures_of
from app.features.alerts.tables import Alert, Kind, Stage
from app.features.people.rules import Neighbour
from app.kit.words import Sentence, written

NEWEST = 12


class Exercise(Struct):
    """`reached_in` and `answered_in`: minutes until 50, 90 and 99 % of the doors; None: never."""

    id: int
    at: datetime
    headline: Sentence
    homes: int
    reached_in: list[int | None]
    answered_in: list[int | None]
    answered: int


async def exercises(by: Neighbour) -> list[Exercise]:
    """Those in which people were asked to answer, the oldest first."""
    must_lead(by)
    practised = (Alert.kind == Kind.exercise) & (Alert.stage == Stage.ended) & Alert.roll_call.eq(True)
    rows = await Alert.objects().where(practised).order_by(Alert.sent_at, ascending=False).limit(NEWEST)
    return [await _exercise(each) for each in reversed(rows)]


async def _exercise(alert: Alert) -> Exercise:
    figures = await figures_of(alert)
    return Exercise(
        id=alert.id,
        at=alert.sent_at or alert.made_at,
        headline=written(json.loads(alert.headlines)),
        homes=figures.homes,
        reached_in=figures.times("reached"),
        answered_in=figures.times("answered"),
        answered=figures.per_cent("answered"),
    )
