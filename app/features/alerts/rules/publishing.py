"""What of a report is read outside: made public by those who lead, in numbers that name nobody."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import writing
from app.features.alerts.rules.declaring import note
from app.features.alerts.rules.figures import Figures, InArea, blurred
from app.features.alerts.rules.lifelines import must_lead
from app.features.alerts.rules.mending import mends_of
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.rules.reporting import top
from app.features.alerts.rules.showing import said_of
from app.features.alerts.rules.tallying import figures_of
from app.features.alerts.tables import Alert, Category, Stage
from app.features.people.rules import Neighbour
from app.kit.refusals import Missing, Taken
from app.kit.words import Sentence, say

SHOWN = {True: say("report made public"), False: say("report no longer public")}


class Outside(Struct):
    """What is read without a sign-in: numbers in fives. The headline only where the alert itself was public."""

    alert: Alert
    headline: Sentence | None
    figures: Figures
    areas: list[InArea]
    mended: int
    to_mend: int


async def publish(id: int, public: bool, *, by: Neighbour, now: datetime) -> None:
    """Read by everybody who has the address, in numbers that name nobody; never of somebody who was missing."""
    must_lead(by)
    async with writing():
        alert = await held_alert(id)
        if alert.stage != Stage.ended:
            raise Missing
        if public and alert.category == Category.missing:
            raise Taken(say("Somebody who is missing is never shown outside."))
        if (alert.report_public_at is not None) == public:
            return
        values: dict[Any, Any] = {Alert.report_public_at: now if public else None}
        await Alert.update(values | {Alert.report_public_by: by.id if public else None}).where(Alert.id == id)
        await note(SHOWN[public].words, alert, by, now)


async def outside(id: int) -> Outside:
    """Raises Missing for whatever is not public, and does not say which."""
    alert: Alert | None = await Alert.objects().where(Alert.id == id).first()
    if alert is None or alert.report_public_at is None or alert.category == Category.missing:
        raise Missing
    return await as_outside(alert)


async def as_outside(alert: Alert) -> Outside:
    figures = blurred(await figures_of(alert))
    mends = await mends_of(alert.id)
    first = (await said_of(alert.id))[-1] if alert.public else None
    done = sum(each.done_at is not None for each in mends)
    return Outside(alert, first.headline if first else None, figures, top(figures.areas), done, len(mends) - done)
