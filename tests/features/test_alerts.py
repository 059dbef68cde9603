"""Something happens: one person decides, and everybody who lives there hears it, until it is over."""

import asyncio
from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import Whom
from app.features.alerts.tables import Alert, Category, Kind, Level, Message, Recipient, Stage, Type
from app.features.household import rules as household
from app.features.notices.tables import By, Notice
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import State
from app.features.skills import rules as skills
from app.features.skills.tables import Category as Skill
from app.kit.refusals import NotYours, Refusal, Several, Taken
from app.kit.tables import AuditRow
from app.kit.words import kept
from tests.alerting import a_coordinator, a_plan, an_alert, looking, run, said, stage
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOTH = ("zh-Hans", "en")


async def whom(alert):
    rows = await Recipient.select(Recipient.person).where(Recipient.alert == alert).order_by(Recipient.id)
    return [row["person"] for row in rows]


async def heard(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def test_everybody_who_lives_there_hears_it_door_by_door_and_nobody_else():
    building = await an_area()
    floor = await an_area(parent=building.id, kind="floor")
    ana = await a_person(home=await a_household(area=floor))
    ben = await a_person(home=await a_household(area=building))
    elsewhere = await a_person(home=await a_household())
    gone = await a_person(home=await a_household(area=building), state=State.gone)
    suspended = await a_person(home=await a_household(area=floor), state=State.suspended)

    alert = await an_alert(areas=(building.id,))

    assert set(await whom(alert)) == {ana.id, ben.id, suspended.id}
    assert await heard(ana) and await heard(ben) and await heard(suspended)
    assert not await heard(elsewhere) and not await heard(gone)


async def test_E10_it_can_be_for_those_with_a_role_a_skill_a_language_or_a_need_only():
    home = await a_household()
    steward = await a_person(role=RoleKind.steward, area=await an_area(), home=home)
    speaks = await a_person(home=home, language="zh-Hans")
    cook = await a_person(home=home)
    await skills.offer(skills.Offer(category=Skill.cooking, words="Dumplings"), by=cook, now=NOON)
    frail = await a_person(home=home)
    await household.add_needs("A stick", agrees=True, by=frail, now=NOON)

    assert await whom(await an_alert(whom=Whom(roles=("steward",)))) == [steward.id]
    assert await whom(await an_alert(whom=Whom(languages=("zh-Hans",)))) == [speaks.id]
    assert await whom(await an_alert(whom=Whom(skills=("cooking",)))) == [cook.id]
    assert await whom(await an_alert(whom=Whom(needs=True))) == [frail.id]


async def test_E4_the_count_before_is_the_count_after():
    building = await an_area()
    home = await a_household(area=building)
    await a_person(home=home, email="a@example.org")
    await a_person(home=home)
    await a_person(home=await a_household(area=building), phone="+8613800138000")

    roads = frozenset({By.push, By.email})
    counted = await rules.count([building.id], Whom(), Kind.real, roads=roads, now=NOON)
    alert = await an_alert(areas=(building.id,))

    assert (counted.households, counted.people) == (2, len(await whom(alert))) == (2, 3)
    assert (counted.push, counted.other, counted.nobody) == (0, 1, 2)


async def test_the_snapshot_stays_as_it_was_when_it_was_sent():
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(home.area,))

    stay = (await people.stays_of(ana.id))[0]
    await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)
    late = await a_person(home=home)
    await rules.all_clear(alert, by=by, now=NOON + HOUR)
    await run(NOON + HOUR)

    assert await whom(alert) == [ana.id]
    assert len(await heard(ana)) == 2
    assert not await heard(late)


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"headlines": {"zh-Hans": "停水", "en": ""}}, "headline_1"),
        ({"bodies": {"zh-Hans": "", "en": "Fill buckets"}}, "body_0"),
        ({"headlines": {"zh-Hans": "停水" * 81, "en": "No water"}}, "headline_0"),
        ({"bodies": {"zh-Hans": "请接水", "en": "x" * 361}}, "body_1"),
        ({"headlines": {"zh-Hans": "停水：[楼栋]", "en": "No water"}}, "headline_0"),
        ({"bodies": {"zh-Hans": "请接水", "en": "Until ____ o'clock"}}, "body_1"),
        ({"headlines": {"zh-Hans": "停水", "en": "This is NOT a drill"}}, "headline_1"),
        ({"bodies": {"zh-Hans": "这不是演习", "en": "Fill buckets"}}, "body_0"),
        ({"headlines": {"zh-Hans": "暴雨红色预警", "en": "Rain"}}, "headline_0"),
        ({"headlines": {"zh-Hans": "暴雨", "en": "Orange alert: rain"}}, "headline_1"),
        ({"until_at": NOON}, "until_at"),
        ({"until_at": NOON + timedelta(days=15)}, "until_at"),
        ({"source": "Weather bureau"}, "source_url"),
        ({"source": "Weather bureau", "source_url": "somewhere"}, "source_url"),
        ({"category": Category.missing, "public": True}, "public"),
    ],
)
async def test_E1_E5_E6_what_is_missing_too_long_blank_or_not_ours_to_say_is_refused_beside_its_field(wrong, beside):
    by = await a_coordinator()

    with pytest.raises(Several) as refused:
        await rules.draft(a_plan(**wrong), by=by, now=NOON)

    assert [each.beside for each in refused.value.each] == [beside]


async def test_E6_an_official_warning_is_passed_on_with_its_source_and_where_to_read_it():
    source = {"source": "市气象台", "source_url": "https://weather.example.org/1"}
    words = {"headlines": {"zh-Hans": "市气象台：暴雨橙色预警", "en": "Weather bureau: orange warning, rain"}}

    assert await stage(await an_alert(category=Category.storm, **words, **source)) == Stage.active


async def test_E3_nothing_goes_out_without_the_word_of_its_kind_and_a_fresh_proof():
    by = await a_coordinator()
    real = await rules.draft(a_plan(), by=by, now=NOON)
    exercise = await rules.draft(a_plan(kind=Kind.exercise), by=by, now=NOON)

    for alert, typed in ((real, "exercise"), (exercise, "real"), (real, ""), (real, "yes")):
        with pytest.raises(Refusal):
            await rules.send(alert, typed, by=by, now=NOON)
    with pytest.raises(NotYours):
        await rules.send(real, "real", by=by, now=NOON + 6 * MINUTE)
    assert await stage(real) == await stage(exercise) == Stage.draft
    await rules.send(real, " REAL ", by=by, now=NOON)
    await rules.send(exercise, "演练", by=by, now=NOON)


async def test_a_password_alone_sends_nothing_above_a_notice():
    by = await a_coordinator()
    weak = looking(by)
    weak.second_at, weak.has_second = None, False
    low, high = [await rules.draft(a_plan(level=level), by=by, now=NOON) for level in (Level.notice, Level.caution)]

    await rules.send(low, "real", by=weak, now=NOON)
    with pytest.raises(NotYours):
        await rules.send(high, "real", by=weak, now=NOON)


async def test_only_coordinators_declare():
    for other in (await a_person(), await an_administrator(), await a_person(role=RoleKind.space_manager)):
        with pytest.raises(NotYours):
            await rules.draft(a_plan(), by=other, now=NOON)


async def test_E2_what_is_critical_waits_for_another_coordinator():
    ana, ben = await a_coordinator(name="Ana"), await a_coordinator(name="Ben")
    home = await a_household()
    cat = await a_person(home=home)
    alert = await rules.draft(a_plan(level=Level.critical, areas=(home.area,)), by=ana, now=NOON)

    assert await rules.send(alert, "real", by=ana, now=NOON) == Stage.waiting
    assert await heard(ben) == ["Ana asks you to approve a critical alert, within ten minutes."]
    with pytest.raises(NotYours):
        await rules.approve(alert, "real", by=ana, now=NOON)
    with pytest.raises(NotYours):
        await rules.approve(alert, "real", by=looking(await an_administrator()), now=NOON)
    assert not await heard(cat)
    await rules.approve(alert, "real", by=looking(ben), now=NOON + MINUTE)
    await run(NOON + MINUTE)

    assert len(await heard(cat)) == 1
    assert await heard(ben) == []
    row = await Alert.objects().where(Alert.id == alert).first()
    assert (row.made_by, row.approved_by, row.alone) == (ana.id, ben.id, False)


async def test_E2_after_ten_minutes_it_is_a_draft_again():
    ana, ben = await a_coordinator(), await a_coordinator()
    alert = await rules.draft(a_plan(level=Level.critical), by=ana, now=NOON)
    await rules.send(alert, "real", by=ana, now=NOON)

    with pytest.raises(Taken):
        await rules.approve(alert, "real", by=looking(ben, NOON + 11 * MINUTE), now=NOON + 11 * MINUTE)
    await run(NOON + 11 * MINUTE)

    assert await stage(alert) == Stage.draft


async def test_where_there_is_one_coordinator_an_administrator_is_the_second_person():
    ana, admin = await a_coordinator(), looking(await an_administrator())
    alert = await rules.draft(a_plan(level=Level.critical), by=ana, now=NOON)
    await rules.send(alert, "real", by=ana, now=NOON)

    await rules.approve(alert, "real", by=admin, now=NOON)

    assert await stage(alert) == Stage.active


async def test_E2_nobody_answers_so_its_author_breaks_the_glass_and_all_who_lead_hear_of_it():
    ana, ben, admin = await a_coordinator(name="Ana"), await a_coordinator(), await an_administrator()
    alert = await rules.draft(a_plan(level=Level.critical), by=ana, now=NOON)
    with pytest.raises(Taken):
        await rules.break_glass(alert, "real", by=ana, now=NOON)
    await rules.send(alert, "real", by=ana, now=NOON)

    with pytest.raises(NotYours):
        await rules.break_glass(alert, "real", by=ana, now=NOON + MINUTE)
    with pytest.raises(NotYours):
        await rules.break_glass(alert, "real", by=looking(ben, NOON + MINUTE), now=NOON + MINUTE)
    await rules.break_glass(alert, "real", by=looking(ana, NOON + MINUTE), now=NOON + MINUTE)

    assert await stage(alert) == Stage.active
    for leader in (ben, admin):
        assert "Ana sent a critical alert alone, without a second person." in await heard(leader)
    assert "alert sent alone" in [row["did"] for row in await AuditRow.select(AuditRow.did)]


async def test_an_update_says_the_new_words_to_the_same_people_and_what_rang_before_is_over():
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(home.area,), roll_call=False)

    words = {"zh-Hans": "停水：到晚上八点", "en": "No water until eight"}
    await rules.update(alert, words, dict.fromkeys(BOTH, "OK"), until_at=NOON + 8 * HOUR, by=by, now=NOON + HOUR)
    await run(NOON + HOUR)

    first, second = await Notice.objects().where(Notice.person == ana.id).order_by(Notice.id)
    assert first.until_at == NOON + HOUR and second.until_at == NOON + 8 * HOUR
    assert first.thread == second.thread == f"alert:{alert}"
    await run(NOON + 5 * HOUR)
    assert await stage(alert) == Stage.active
    await run(NOON + 8 * HOUR)
    assert await said(alert) == [Type.alert, Type.update, Type.expired]


async def test_E50_a_false_alarm_is_taken_back_in_one_act_to_everybody_who_heard_it():
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(home.area,))

    await rules.false_alarm(alert, by=by, now=NOON + MINUTE)
    await run(NOON + MINUTE)

    assert await said(alert) == [Type.alert, Type.false_alarm]
    assert len(await heard(ana)) == 2 and "False alarm" in (await heard(ana))[1]
    with pytest.raises(Taken):
        await rules.all_clear(alert, by=by, now=NOON + MINUTE)


async def test_E51_it_ends_by_itself_and_says_so_visibly():
    home = await a_household()
    ana = await a_person(home=home)
    alert = await an_alert(areas=(home.area,))

    await rules.expire(alert, now=NOON + HOUR)
    assert await stage(alert) == Stage.active
    await run(NOON + 4 * HOUR)
    await run(NOON + 4 * HOUR)

    assert await stage(alert) == Stage.ended
    assert await said(alert) == [Type.alert, Type.expired]
    last = await Notice.objects().where(Notice.person == ana.id).order_by(Notice.id, ascending=False).first()
    assert last.until_at > NOON + 4 * HOUR


async def test_an_all_clear_in_the_moment_between_its_end_and_the_clocks_is_taken():
    by = await a_coordinator()
    alert = await an_alert(by=by)

    await rules.all_clear(alert, by=by, now=NOON + 4 * HOUR)

    assert await said(alert) == [Type.alert, Type.all_clear]


async def test_an_all_clear_before_everybody_was_told_stops_the_first_word_and_reaches_everybody():
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    alert = await an_alert(by=by, told=False, areas=(home.area,))

    await rules.all_clear(alert, by=by, now=NOON)
    await run(NOON)

    assert [each for each in await heard(ana) if "All clear" in each] == await heard(ana)
    assert await Message.count().where(Message.told_at.is_null()) == 0


async def test_E49_an_exercise_says_so_first_and_sends_no_texts():
    home = await a_household()
    ana = await a_person(home=home)

    await an_alert(kind=Kind.exercise, texts=False, areas=(home.area,))

    notice = await Notice.objects().where(Notice.person == ana.id).first()
    assert str(kept(notice.sentence)).startswith("EXERCISE · ")
    assert notice.frugal and notice.phones_first


async def test_two_coordinators_at_once_make_one_history():
    ana, ben, cat = [await a_coordinator() for _ in range(3)]
    alert = await rules.draft(a_plan(level=Level.critical), by=ana, now=NOON)
    await rules.send(alert, "real", by=ana, now=NOON)

    answers = await asyncio.gather(
        *[rules.approve(alert, "real", by=each, now=NOON) for each in (ben, cat)],
        rules.drop(alert, by=ana, now=NOON),
        return_exceptions=True,
    )
    assert sum(answer is None for answer in answers) == 1
    assert all(isinstance(answer, Taken) for answer in answers if answer is not None)
    if await stage(alert) == Stage.active:
        assert await said(alert) == [Type.alert]


async def test_ended_by_many_at_once_it_ends_once():
    leaders = [await a_coordinator() for _ in range(6)]
    alert = await an_alert(by=leaders[0])

    deeds = [rules.all_clear, rules.false_alarm] * 3
    ends = [deed(alert, by=by, now=NOON) for deed, by in zip(deeds, leaders, strict=True)]
    answers = await asyncio.gather(*ends, rules.expire(alert, now=NOON + 5 * HOUR), return_exceptions=True)

    assert len(await said(alert)) == 2
    assert all(answer is None or isinstance(answer, Taken) for answer in answers)
