"""Days of notices, nights, dying senders and ailing services, in any order: each phone rings once for each notice."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.jobs.ringing import spread_and_gather
from app.features.notices.rules import delivering
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.rules.saying import messages
from app.features.notices.rules.timing import is_quiet
from app.features.notices.tables import By, Delivery, Fate, Urgency
from app.kit.words import say
from tests.ringing import YES, ARoad, a_bell, ring, somebody

MIDDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # 12:00 in Shanghai
BELL = a_bell(frozenset({By.push}))
LOUD = {Urgency.urgent, Urgency.critical}
TELL = st.tuples(st.just("tell"), st.integers(0, 1), st.sampled_from(list(Urgency)), st.sampled_from([None, 30, 600]))
READ = st.tuples(st.just("read"), st.integers(0, 5))
TAKE_BACK = st.tuples(st.just("take_back"), st.integers(0, 5))
WAIT = st.tuples(st.just("wait"), st.sampled_from([0.2, 5, 30, 240, 900]))
DIE = st.tuples(st.just("die"))
AILS = st.tuples(st.just("ails"), st.sampled_from([Verdict.again, Verdict.wait, Verdict.refused, Verdict.failed]))


class Ailing(ARoad):
    """Answers with the next ailment there is. `said` are the notice, the phone and the answer of each try."""

    def __init__(self):
        super().__init__()
        self.ailments, self.said = [], []

    async def carry(self, message, now):
        verdict = self.ailments.pop(0) if self.ailments else Verdict.accepted
        self.said.append((number_of(message), message.device, verdict))
        if verdict is Verdict.accepted:
            return YES
        return Outcome(verdict, 500, timedelta(seconds=40) if verdict is Verdict.wait else None)


def number_of(message):
    return int(message.url.rpartition("/")[2])


class Street:
    """Two neighbours, the second with two phones; what was told, and what rang when."""

    def __init__(self, people):
        self.people, self.now, self.road = people, MIDDAY, Ailing()
        self.told = []

    async def tell(self, who, urgency, minutes):
        until = self.now + timedelta(minutes=minutes) if minutes else None
        path = f"/asks/{len(self.told)}"
        async with writing():
            await notices.tell(
                self.people[who].id,
                say("Hello"),
                path=path,
                now=self.now,
                urgency=urgency,
                until=until,
                key=path,
            )
        self.told.append({"urgency": urgency, "until": until, "who": who, "over": None})

    async def read(self, n):
        if n < len(self.told):
            told = self.told[n]
            await notices.read_about(f"/asks/{n}", by=self.people[told["who"]].id, now=self.now)
            told["over"] = told["over"] or self.now

    async def take_back(self, n):
        if n < len(self.told):
            await notices.withdraw(f"/asks/{n}")
            self.told[n]["over"] = self.told[n]["over"] or self.now

    async def ails(self, verdict):
        self.road.ailments.append(verdict)

    async def wait(self, minutes):
        self.now += timedelta(minutes=minutes)
        await self.send()

    async def die(self):
        """A sender takes what is due and never says what became of it."""
        while await spread_and_gather(BELL, self.now):
            pass
        taken, _ = await messages(await delivering.claim(By.push, self.now, 100), BELL, self.now)
        self.road.said += [(number_of(each), each.device, "died") for each in taken.values()]

    async def send(self):
        before = len(self.road.said)
        await ring(self.road, self.now, bell=BELL)
        for number, _, _ in self.road.said[before:]:
            self.rings_rightly(number)

    def rings_rightly(self, n):
        told, minute = self.told[n], (self.now.hour * 60 + self.now.minute + 8 * 60) % (24 * 60)
        assert told["over"] is None, "it rang for what is over"
        assert told["until"] is None or told["until"] > self.now, "it rang past its end"
        assert told["urgency"] in LOUD or not is_quiet(minute, 22 * 60, 7 * 60), "it rang at night"


ENDS = {Verdict.accepted: Fate.accepted, Verdict.failed: Fate.failed, Verdict.refused: Fate.failed}


@given(steps=st.lists(st.one_of(TELL, TELL, READ, TAKE_BACK, WAIT, WAIT, DIE, AILS), min_size=4, max_size=18))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
async def test_each_phone_rings_once_for_each_notice_and_never_for_what_is_over(sweep, steps):
    await sweep()
    street = Street([await somebody(), await somebody(phones=2)])
    for name, *args in steps:
        await getattr(street, name)(*args)
    street.road.ailments.clear()
    for _ in range(4):
        await street.wait(16 * 60)

    last: dict[tuple[int, int], str] = {}
    for number, device, said in street.road.said:
        assert last.get((number, device)) not in ENDS, "it rang again after its end"
        last[(number, device)] = said
    rows = await Delivery.select(Delivery.notice.path, Delivery.device, Delivery.fate)
    assert all(row["fate"] != Fate.waiting for row in rows), "something was lost on its way"
    for row in rows:
        said = last.get((int(row["notice.path"].rpartition("/")[2]), row["device"]))
        assert row["fate"] in (ENDS.get(said), Fate.over) or said in (Verdict.again, Verdict.wait, "died"), row
    phones = {0: 1, 1: 2}
    told = [n for n, each in enumerate(street.told) if each["over"] is None and each["until"] is None]
    for n in told:
        ended = [said for (number, _), said in last.items() if number == n and said in ENDS]
        assert len(ended) == phones[street.told[n]["who"]], "somebody was never told"
