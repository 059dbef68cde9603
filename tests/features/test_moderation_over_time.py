"""A report's life in any order of deeds: who may do what, and how it stands, equals the table below at every step."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.features.moderation import rules
from app.features.moderation.rules import Ruling
from app.features.moderation.tables import Appeal, Decision, Measure, Report, Rule, Verdict
from app.features.people.rules import neighbour
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.rules import Offer
from app.kit.refusals import Missing, Refusal
from app.matters import MATTERS
from tests.makers import NOON, a_person, an_administrator

OFFICERS = {"first", "second", "third"}
# What may be done while it stands so, and by whom; an appeal is never answered by whoever decided.
TABLE = {
    "open": ("decide", OFFICERS),
    "suspended": ("appeal", {"author"}),
    "over": ("appeal", {"author"}),
    "disputed": ("answer", OFFICERS),
    "disputed, over": ("answer", OFFICERS),
}
SHUT = {"suspended", "disputed", "upheld"}
AFTER = {
    ("open", "decide"): "suspended",
    ("suspended", "appeal"): "disputed",
    ("over", "appeal"): "disputed, over",
}
PEOPLE = ("first", "second", "third", "coordinator", "author", "reporter", "neighbour")
DEEDS = st.sampled_from(["decide", "appeal", "answer", "answer"])
DEED = st.tuples(st.sampled_from(PEOPLE), DEEDS, st.sampled_from(Verdict))
STEP = st.one_of(DEED, DEED, DEED, st.just(("time", "", Verdict.upheld)))


class Life:
    """The real one, and how it should stand."""

    def __init__(self, people, report):
        self.people, self.report, self.now, self.stands, self.by = people, report, NOON, "open", ""

    def may(self, who, deed):
        possible, whose = TABLE.get(self.stands, ("", set()))
        return deed == possible and who in whose and not (deed == "answer" and who == self.by)

    async def did(self, who, deed, verdict):
        by = await neighbour(self.people[who])
        try:
            await getattr(self, deed)(by, verdict)
        except Refusal:
            return False
        return True

    async def decide(self, by, _):
        ruling = Ruling(Measure.suspension, Rule.unkind, "Be kind.", 7)
        await rules.decide(self.report, ruling, MATTERS, by=by, now=self.now)

    async def appeal(self, by, _):
        row = await Decision.select(Decision.id).first()
        await rules.appeal(row["id"] if row else 0, "I was kind.", by=by, now=self.now)

    async def answer(self, by, verdict):
        row = await Appeal.select(Appeal.id).first()
        await rules.answer(row["id"] if row else 0, verdict, "So.", MATTERS, by=by, now=self.now)

    def went(self, who, deed, verdict):
        if deed == "decide":
            self.by = who
        if deed != "answer":
            self.stands = AFTER[self.stands, deed]
        elif verdict == Verdict.overturned:
            self.stands = "overturned"
        else:
            self.stands = self.stands.replace("disputed", "upheld")

    async def a_week(self):
        self.now += timedelta(days=7)
        row = await Decision.select(Decision.id).first()
        if row:
            await rules.end(row["id"], now=self.now)
        if self.stands in SHUT:
            self.stands = {"suspended": "over"}.get(self.stands, f"{self.stands}, over")


async def a_life():
    officers = {name: (await an_administrator()).id for name in sorted(OFFICERS)}
    author, reporter = await a_person(), await a_person()
    others = {"coordinator": (await a_person(role=Kind.coordinator)).id, "neighbour": (await a_person()).id}
    skill = await skills.offer(Offer("Shouting"), by=author, now=NOON)
    said = {"rule": Rule.unkind, "words": "", "by": reporter, "now": NOON}
    report = await rules.report("skill", skill, MATTERS, **said)
    return Life({**officers, **others, "author": author.id, "reporter": reporter.id}, report)


@given(steps=st.lists(STEP, min_size=4, max_size=16))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
async def test_at_every_step_who_may_do_what_is_as_the_table_says(sweep, steps):
    await sweep()
    life = await a_life()

    for who, deed, verdict in steps:
        if who == "time":
            await life.a_week()
        else:
            expected = life.may(who, deed)
            assert await life.did(who, deed, verdict) == expected, (life.stands, who, deed)
            if expected:
                life.went(who, deed, verdict)
        assert (await neighbour(life.people["author"])).is_active == (life.stands not in SHUT), life.stands
        for name in PEOPLE:
            assert await sees(life, name) == (name in OFFICERS), (life.stands, name)


async def sees(life, name):
    """The report and its snapshot: administrators whom it does not concern, at any time."""
    by = await neighbour(life.people[name])
    try:
        return bool((await rules.report_page(life.report, by=by, now=life.now)).snapshot)
    except Missing:
        return False


async def test_a_closed_report_stays_one_report():
    life = await a_life()
    assert await life.did("first", "decide", Verdict.upheld)
    assert not await life.did("second", "decide", Verdict.upheld)
    assert await Report.count() == await Decision.count() == 1
