from datetime import datetime

from app.features.alerts import rules
from app.features.alerts.rules import after
from app.features.alerts.rules.rooms import give_back_rooms_of
from app.features.alerts.rules.things import no_thing_is_needed
from app.kit.later import Job


async def tell(message: int, now: datetime) -> None:
    await rules.tell(message, now=now)


async def expire(alert: int, now: datetime) -> None:
    await rules.expire(alert, now=now)


async def lapse(alert: int, now: datetime) -> None:
    await rules.lapse(alert, now=now)


async def step(alert: int, step: str, now: datetime) -> None:
    await rules.step(alert, step, now=now)


async def measure(measure: int, now: datetime) -> None:
    await rules.tell_of_measure(measure, now=now)


async def figures(alert: int, now: datetime) -> None:
    await rules.keep_figures(alert, now)


async def rooms(alert: int, now: datetime) -> None:
    await give_back_rooms_of(alert, now=now)


async def things(alert: int, now: datetime) -> None:
    await no_thing_is_needed(alert, now=now)


async def mend(mend: int, now: datetime) -> None:
    await after.remind_of_mend(mend, now)


JOBS: dict[str, Job] = {
    "alerts.tell": tell,
    "alerts.expire": expire,
    "alerts.lapse": lapse,
    "alerts.step": step,
    "alerts.measure": measure,
    "alerts.figures": figures,
    "alerts.rooms": rooms,
    "alerts.things": things,
    "alerts.mend": mend,
}
