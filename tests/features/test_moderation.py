"""Reports, decisions, appeals: who sees what, who decides, and what the person reads."""

import asyncio
from datetime import timedelta

import pytest

from app.features.moderation import rules
from app.features.moderation.rules import Ruling
from app.features.moderation.tables import Appeal, Decision, Measure, Report, Rule, Verdict
from app.features.notices import rules as notices
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.rules import Offer
from app.features.skills.tables import Offered, Skill, Stage
from app.kit import own_keys
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.tables import AuditRow
from app.kit.words import kept
from app.matters import MATTERS
from tests.makers import NOON, a_person, an_administrator

WARNING = Ruling(Measure.warning, Rule.selling, "We do not sell here.")
SUSPENSION = Ruling(Measure.suspension, Rule.selling, "We do not sell here.", 7)
TAKEN = Ruling(Measure.taken, Rule.selling, "We do not sell here.")
NOTHING = Ruling(Measure.nothing, Rule.selling, "It is kind enough.")


async def a_report(**said):
    """(report, its author, its reporter, the skill it is about)"""
    ben, ana = await a_person(name="Ben"), await a_person(name="Ana")
    skill = await skills.offer(Offer("Cheap phones for sale"), by=ben, now=NOON)
    said = {"rule": Rule.selling, "words": "He sells", "by": ana, "now": NOON, **said}
    return await rules.report("skill", skill, MATTERS, **said), ben, ana, skill


async def told(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def again(person):
    return await people.neighbour(person.id)


async def test_what_was_reported_is_kept_sealed_and_read_by_who_decides():
    boss = await an_administrator()
    report, ben, ana, skill = await a_report()
    await skills.edit(skill, Offer("Nothing to see"), by=ben, now=NOON)

    row = await Report.select().where(Report.id == report).first()
    assert "Cheap" not in str(row)
    assert (await rules.report_page(report, by=boss, now=NOON)).snapshot == "Cheap phones for sale"
    for nosy in (ben, ana, await a_person(role=Kind.coordinator)):
        with pytest.raises(Missing):
            await rules.report_page(report, by=nosy, now=NOON)


async def test_the_reported_never_learns_who_it_was():
    boss = await an_administrator()
    report, ben, ana, _ = await a_report()
    await rules.decide(report, SUSPENSION, MATTERS, by=boss, now=NOON)

    concerning = await AuditRow.select(AuditRow.who).where(AuditRow.concerns == ben.id)
    assert ana.id not in {row["who"] for row in concerning}
    assert not any("Ana" in each for each in await told(ben))
    assert str(ana.id) not in str((await rules.mine(ben.id))["reports"])
    assert any("did something about it" in each for each in await told(ana))


async def test_an_administrator_who_is_reported_finds_no_name_in_the_audit_either():
    boss, ana = await an_administrator(), await a_person(name="Ana")
    await an_administrator()
    skill = await skills.offer(Offer("Cheap phones for sale"), by=boss, now=NOON)
    await rules.report("skill", skill, MATTERS, rule=Rule.selling, words="Really", by=ana, now=NOON)
    assert [row["who"] for row in await AuditRow.select().where(AuditRow.did == "report made")] == [None]


async def test_only_what_one_may_see_can_be_reported(sign_in):
    browser = await sign_in(await a_person())
    ben = await a_person()
    skill = await skills.offer(Offer("Carpentry"), by=ben, now=NOON)
    await skills.put(skill, Offered.paused, by=ben, now=NOON)
    unseen = (f"skill:{skill}", f"person:{ben.id}", "skill:999", "ask:1", "door:1", "skill:x", "", "skill:" + "9" * 30)
    for about in unseen:
        assert (await browser.get(f"/reports/new?about={about}")).status_code == 404, about


async def test_the_same_thing_once_while_it_is_open():
    boss = await an_administrator()
    report, _, ana, skill = await a_report()
    said = {"rule": Rule.selling, "words": "", "by": ana, "now": NOON}
    with pytest.raises(Taken):
        await rules.report("skill", skill, MATTERS, **said)

    await rules.decide(report, NOTHING, MATTERS, by=boss, now=NOON)
    assert await rules.report("skill", skill, MATTERS, **said)


async def test_of_ten_times_sent_at_once_one_report_is_made():
    _, _, ana, _ = await a_report()
    skill = await skills.offer(Offer("Vases"), by=await a_person(), now=NOON)
    said = {"rule": Rule.selling, "words": "", "by": ana, "now": NOON}
    sent = [rules.report("skill", skill, MATTERS, **said) for _ in range(10)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(each, int) for each in answers) == 1
    assert sum(isinstance(each, Taken) for each in answers) == 9


async def test_one_answer_closes_every_report_of_the_same_thing():
    boss, cleo = await an_administrator(), await a_person()
    report, _, ana, skill = await a_report()
    await rules.report("skill", skill, MATTERS, rule=Rule.other, words="", by=cleo, now=NOON)

    await rules.decide(report, WARNING, MATTERS, by=boss, now=NOON)
    assert await rules.reports_for(boss) == []
    assert len(await told(ana)) == len(await told(cleo)) == 1


async def test_nobody_decides_about_themselves_or_what_they_reported():
    boss, other = await an_administrator(), await an_administrator()
    report, *_ = await a_report(by=boss)

    assert await rules.reports_for(boss) == [] and len(await rules.reports_for(other)) == 1
    with pytest.raises(Missing):
        await rules.decide(report, WARNING, MATTERS, by=boss, now=NOON)


async def test_of_two_officers_who_decide_at_once_one_does():
    officers = [await an_administrator(), await an_administrator()]
    report, ben, _, _ = await a_report()
    deciding = [rules.decide(report, WARNING, MATTERS, by=each, now=NOON) for each in officers]
    answers = await asyncio.gather(*deciding, return_exceptions=True)

    assert sum(isinstance(each, int) for each in answers) == 1
    assert sum(isinstance(each, Taken) for each in answers) == 1
    assert await Decision.count().where(Decision.person == ben.id) == 1


async def test_words_that_were_taken_are_gone_for_all_and_come_back_when_overturned():
    boss, other = await an_administrator(), await an_administrator()
    report, ben, ana, skill = await a_report()
    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON)
    with pytest.raises(Missing):
        await skills.skill(skill, by=ana)
    with pytest.raises(Refusal):
        await skills.put(skill, Offered.offered, by=ben, now=NOON)

    appeal = await rules.appeal(decision, "It was a gift.", by=ben, now=NOON)
    await rules.answer(appeal, Verdict.overturned, "So it was.", MATTERS, by=other, now=NOON)
    assert (await skills.skill(skill, by=ana)).words == "Cheap phones for sale"


@pytest.mark.parametrize("before", [Offered.offered, Offered.paused, Offered.withdrawn])
async def test_what_comes_back_stands_as_its_author_had_left_it(before):
    boss, other = await an_administrator(), await an_administrator()
    report, ben, _, skill = await a_report()
    await skills.put(skill, before, by=ben, now=NOON)
    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON)
    appeal = await rules.appeal(decision, "It was a gift.", by=ben, now=NOON)
    await rules.answer(appeal, Verdict.overturned, "So it was.", MATTERS, by=other, now=NOON)

    assert (await Skill.select(Skill.state).where(Skill.id == skill).first())["state"] == before


async def an_ask_to(ben, ana, *, skill=None):
    """Ana asks Ben for what he offers, in words that somebody reports."""
    skill = skill or await skills.offer(skills.Offer("Repairs taps"), by=ben, now=NOON)
    asked = await skills.ask(skill, skills.Request(words="Buy my cheap phones"), by=ana, now=NOON)
    return asked if isinstance(asked, int) else asked.id


@pytest.mark.parametrize("stage", ["open", "accepted", "done"])
async def test_an_asks_words_are_gone_in_every_stage_and_come_back_when_overturned(stage):
    boss, other, ben, ana = [await an_administrator() for _ in range(2)] + [await a_person() for _ in range(2)]
    ask = await an_ask_to(ben, ana)
    if stage != "open":
        await skills.accept(ask, by=ben, now=NOON)
    if stage == "done":
        await skills.complete(ask, by=ben, now=NOON)
    report = await rules.report("ask", ask, MATTERS, rule=Rule.selling, words="", by=ben, now=NOON)

    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON)

    for reader in (ben, ana):
        seen = await skills.whole(ask, by=reader, now=NOON)
        assert "phones" not in f"{seen.ask.words} {seen.ask.times} {seen.ask.what}" and seen.ask.taken_at == NOON
        assert "phones" not in str([row.sentence for row in await notices.page_of(reader.id)])
    assert "phones" not in str((await skills.mine(ben.id))["asks"])
    assert "phones" in str((await skills.mine(ana.id))["words_taken"])
    kept = {"open": Stage.withdrawn, "accepted": Stage.accepted, "done": Stage.done}[stage]
    assert (await skills.whole(ask, by=ana, now=NOON)).ask.stage == kept

    appeal = await rules.appeal(decision, "It was a gift.", by=ana, now=NOON)
    await rules.answer(appeal, Verdict.overturned, "So it was.", MATTERS, by=other, now=NOON)
    back = (await skills.whole(ask, by=ana, now=NOON)).ask
    assert back.words == "Buy my cheap phones" and back.stage == stage and back.taken_at is None


async def test_an_ask_that_came_back_does_not_wait_beside_one_that_was_asked_anew():
    boss, other, ben, ana = [await an_administrator() for _ in range(2)] + [await a_person() for _ in range(2)]
    skill = await skills.offer(skills.Offer("Repairs taps"), by=ben, now=NOON)
    old = await an_ask_to(ben, ana, skill=skill)
    report = await rules.report("ask", old, MATTERS, rule=Rule.selling, words="", by=ben, now=NOON)
    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON)
    new = await an_ask_to(ben, ana, skill=skill)

    appeal = await rules.appeal(decision, "It was a gift.", by=ana, now=NOON)
    await rules.answer(appeal, Verdict.overturned, "So it was.", MATTERS, by=other, now=NOON)

    stages = [(await skills.whole(id, by=ana, now=NOON)).ask.stage for id in (old, new)]
    assert stages == [Stage.withdrawn, Stage.open]


async def test_what_its_asker_withdrew_stays_withdrawn_when_the_words_come_back():
    boss, other, ben, ana = [await an_administrator() for _ in range(2)] + [await a_person() for _ in range(2)]
    ask = await an_ask_to(ben, ana)
    report = await rules.report("ask", ask, MATTERS, rule=Rule.selling, words="", by=ben, now=NOON)
    await skills.withdraw(ask, by=ana, now=NOON)
    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON + timedelta(hours=1))
    appeal = await rules.appeal(decision, "It was a gift.", by=ana, now=NOON + timedelta(hours=1))
    await rules.answer(appeal, Verdict.overturned, "Yes.", MATTERS, by=other, now=NOON + timedelta(hours=1))

    back = (await skills.whole(ask, by=ana, now=NOON)).ask
    assert back.stage == Stage.withdrawn and back.words == "Buy my cheap phones"


async def test_a_suspension_ends_by_itself_and_they_are_told():
    boss = await an_administrator()
    report, ben, _, _ = await a_report()
    decision = await rules.decide(report, SUSPENSION, MATTERS, by=boss, now=NOON)
    assert (await again(ben)).state == "suspended"

    await rules.end(decision, now=NOON + timedelta(days=6))
    assert (await again(ben)).state == "suspended"
    await rules.end(decision, now=NOON + timedelta(days=7))
    await rules.end(decision, now=NOON + timedelta(days=8))
    assert (await again(ben)).is_active
    assert await told(ben) == ["Your account is open again."]


async def test_the_suspended_disagrees_once_and_another_officer_opens_the_account(sign_in):
    boss, other = await an_administrator(), await an_administrator()
    report, ben, _, _ = await a_report()
    decision = await rules.decide(report, SUSPENSION, MATTERS, by=boss, now=NOON)

    browser = await sign_in(ben)
    page = (await browser.get("/account/decisions")).text
    assert "We do not sell here." in page and "Selling or advertising" in page
    path = f"/account/decisions/{decision}/appeal"
    assert (await browser.post(path, data={"words": ""})).status_code == 422

    ben = await again(ben)
    appeal = await rules.appeal(decision, "It was a gift.", by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.appeal(decision, "Really.", by=ben, now=NOON)
    with pytest.raises(Missing):
        await rules.answer(appeal, Verdict.upheld, "No.", MATTERS, by=boss, now=NOON)
    await rules.answer(appeal, Verdict.overturned, "So it was.", MATTERS, by=other, now=NOON)
    assert (await again(ben)).is_active
    await rules.end(decision, now=NOON + timedelta(days=7))  # its job comes all the same, and changes nothing


async def test_of_two_officers_who_answer_an_appeal_at_once_one_does():
    boss, *others = [await an_administrator() for _ in range(3)]
    report, ben, _, _ = await a_report()
    decision = await rules.decide(report, WARNING, MATTERS, by=boss, now=NOON)
    appeal = await rules.appeal(decision, "No.", by=ben, now=NOON)

    verdicts = zip(others, Verdict, strict=True)
    answering = [rules.answer(appeal, verdict, "So.", MATTERS, by=each, now=NOON) for each, verdict in verdicts]
    answers = await asyncio.gather(*answering, return_exceptions=True)
    assert sum(each is None for each in answers) == 1 and sum(isinstance(each, Taken) for each in answers) == 1


async def test_where_there_is_one_administrator_a_coordinator_hears_the_appeal():
    boss, gao = await an_administrator(), await a_person(role=Kind.coordinator)
    report, ben, _, _ = await a_report()
    decision = await rules.decide(report, WARNING, MATTERS, by=boss, now=NOON)
    appeal = await rules.appeal(decision, "No.", by=ben, now=NOON)

    assert await rules.appeals_for(boss) == [] and len(await rules.appeals_for(gao)) == 1
    await rules.answer(appeal, Verdict.upheld, "It stands.", MATTERS, by=gao, now=NOON)
    assert (await Appeal.select(Appeal.by).first())["by"] == gao.id


async def test_after_180_days_reports_go_and_the_audit_stays():
    boss = await an_administrator()
    report, _, _, _ = await a_report()
    await rules.decide(report, SUSPENSION, MATTERS, by=boss, now=NOON)
    open_one, *_ = await a_report()

    await rules.purge(NOON + timedelta(days=181))
    assert [row["id"] for row in await Report.select(Report.id)] == [open_one]
    assert await Decision.count() == 0
    assert await AuditRow.exists().where(AuditRow.did == "report decided")


async def test_with_a_person_goes_what_was_said_by_and_about_them():
    await an_administrator()
    _, ben, ana, _ = await a_report()
    sealed = (await Report.select(Report.snapshot).first())["snapshot"]
    await rules.block(ana.id, by=ben, now=NOON)

    await rules.forget(ben.id, now=NOON)
    assert await Report.count() == 0 and not await rules.blocks_between(ana.id, ben.id)
    assert await own_keys.unseal_for(ben.id, sealed) is None
