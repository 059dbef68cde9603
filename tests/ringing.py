"""The outside world of the doorbell: roads that only remember, and people who can be rung."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from app.features.accounts import rules as accounts
from app.features.notices import rules as notices
from app.features.notices.jobs.ringing import Traffic, spread_and_gather
from app.features.notices.rules.roads import Message, Outcome, Verdict
from app.features.notices.tables import By, Delivery, Device, Wishes
from app.kit.words import say
from tests.makers import NOON, a_login, a_person

nth = count(1)
YES = Outcome(Verdict.accepted, 201)
TOPICS = notices.together(
    notices.TOPICS,
    {
        "asks": notices.Topic(say("Asks and skills"), say("You have an answer.")),
        "announcements": notices.Topic(say("Announcements"), say("There is a new announcement."), personal=False),
        "bookings": notices.Topic(say("Rooms and bookings"), say("There is news about a booking.")),
        "account": notices.Topic(say("Your account"), say("Something about your account was changed."), always=True),
    },
)
ALL_ROADS = frozenset(By)


def a_bell(roads=ALL_ROADS, **said) -> notices.Bell:
    return notices.Bell(
        TOPICS,
        roads,
        accounts.addresses,
        "https://kith.example",
        lambda who, topic, by: f"/stop/{who}/{topic}/{by}",
        **said,
    )


@dataclass
class ARoad:
    """Answers as told, else with yes. `carried` are the messages, in their order."""

    by: By = By.push
    at_once: int = 100
    patience: float = 20.0
    answers: dict[int, list[Outcome]] = field(default_factory=dict)  # by device, or by delivery where there is none
    carried: list[Message] = field(default_factory=list)

    async def carry(self, message: Message, now: datetime) -> Outcome:
        self.carried.append(message)
        waiting = self.answers.get(message.device or message.delivery, [])
        return waiting.pop(0) if waiting else YES


async def somebody(*, phones: int = 1, signs_in: bool = True, wishes=None, **said):
    """A neighbour with so many phones that ring."""
    person = await a_person(**said)
    if signs_in:
        await a_login(person)
    for _ in range(phones):
        await a_device(person.id)
    if wishes:
        await Wishes.insert(Wishes(person=person.id, **wishes))
    return person


async def a_device(person_id: int, *, origin: str = "https://push.example", **said) -> int:
    n = next(nth)
    device = Device(
        **{
            "person": person_id,
            "sign_in": 0,
            "endpoint": f"{origin}/{n}",
            "origin": origin,
            "p256dh": "p",
            "auth": "a",
            "name": "A phone",
            "made_at": NOON,
            "seen_at": NOON,
            **said,
        }
    )
    await device.save()
    return int(device.id)


async def ring(road: ARoad, now: datetime, *, bell=None) -> list[Message]:
    """Everything that is due at this moment goes out; what went, in its order."""
    bell, before = bell or a_bell(), len(road.carried)
    while await spread_and_gather(bell, now):
        pass
    traffic = Traffic(road, bell, lambda: now, Random(1))
    while await traffic.step():
        pass
    return road.carried[before:]


async def fates(by: By = By.push) -> list[str]:
    rows = await Delivery.select(Delivery.fate).where(Delivery.by == by).order_by(Delivery.id)
    return [row["fate"] for row in rows]
