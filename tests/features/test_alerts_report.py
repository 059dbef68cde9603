"""The report of an alert that is over, from what was kept: for those who led it, and for everybody in fives (E 52)."""

import re
from datetime import date, timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import after
from app.features.alerts.rules.came_of import needs_of
from app.features.alerts.rules.figures import Curve, blurred, curve_of, times_to
from app.features.alerts.rules.knocking import asking_of, knock
from app.features.alerts.rules.mending import remind_of_mend
from app.features.alerts.rules.tallying import counted, figures_of
from app.features.alerts.tables import Alert, AlertNeed, Answer, Category, Kind, Mend
from app.features.help import rules as needs
from app.features.help.tables import Need, What
from app.features.notices import rules as notices
from app.features.notices.tables import By, Delivery, Fate, Notice
from app.features.people import rules as people_rules
from app.features.people.tables import Kind as RoleKind
from app.kit import later
from app.kit.clock import now
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from tests.alerting import a_coordinator, an_alert, looking, run
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def an_estate(doors: int = 12):
    """A building with so many doors, one neighbour behind each, and another of three."""
    big, small = await an_area(name="3"), await an_area(name="5")
    people = [await a_person(home=await a_household(area=big), name=f"Big {n}") for n in range(doors)]
    people += [await a_person(home=await a_household(area=small), name=f"Small {n}") for n in range(3)]
    return big, small, people


async def accepted(person, at) -> None:
    """A road's other side took what was told to them first."""
    row = await Notice.select(Notice.id).where(Notice.person == person.id).order_by(Notice.id).first()
    went = Delivery(notice=row["id"], by=By.push, device=person.id, fate=Fate.accepted, due_at=NOON, done_at=at)
    await Delivery.insert(went)


async def a_past_alert(**said):
    """Fifteen doors: nine reached in the second minute, six answered minute by minute, one of them for help."""
    big, small, people = await an_estate()
    by = await a_coordinator(name="Coordinator Hu")
    alert = await an_alert(by=by, **said)
    for each in people[:9]:
        await accepted(each, NOON + 1.5 * MINUTE)
    for minute, each in enumerate(people[:6], start=1):
        answer = Answer.help if minute == 1 else Answer.safe
        await rules.answer(alert, each.id, answer, by=each, now=NOON + minute * MINUTE)
    for minute in (5, 15, 20):
        await run(NOON + minute * MINUTE)
    await rules.all_clear(alert, by=by, now=NOON + 60 * MINUTE)
    await run(NOON + 80 * MINUTE)
    return alert, by, big, small, people


async def the(alert: int) -> Alert:
    return await Alert.objects().get(Alert.id == alert)


def test_a_share_is_reached_when_so_many_of_all_are_there_or_never():
    curve = curve_of([3, 1, 1, 9])
    assert curve == [(1, 2), (3, 3), (9, 4)]
    assert times_to(curve, 4) == [1, 9, 9]
    assert times_to(curve, 8) == [9, None, None]
    assert times_to([], 0) == [None, None, None]


async def test_E52_the_figures_are_counted_door_by_door_from_what_was_kept():
    alert, *_ = await a_past_alert()

    found = await figures_of(await the(alert))

    # the coordinator lives at no door, and is told too
    assert (found.homes, found.people, found.minutes) == (16, 16, 60)
    assert found.reached == [(1, 1), (2, 9)] and found.times("reached") == [2, None, None]
    assert found.answered == [(n, n) for n in range(1, 7)] and found.per_cent("answered") == 37
    assert found.states == {"help": 1, "safe": 5, "silent": 10}
    assert [(each.name, each.homes, each.reached, each.answered) for each in found.areas] == [("3", 12, 9, 6)]
    assert [(each.by, each.targeted, each.accepted) for each in found.roads] == [(By.push, 9, 9)]
    assert [(each.name, each.people) for each in found.steps] == [("again:5", 10), ("again:15", 10), ("others", 10)]


async def test_they_were_kept_soon_after_the_end_and_do_not_change_when_somebody_is_erased():
    alert, _, _, _, people = await a_past_alert()
    before = await figures_of(await the(alert))

    await rules.forget(people[0].id, now=NOON + DAY)

    assert await figures_of(await the(alert)) == before
    assert (await counted(await the(alert))).homes == before.homes - 1


async def test_what_is_done_for_those_who_needed_help_is_counted_after_the_end_too():
    alert, by, _, _, people = await a_past_alert()
    [row] = await AlertNeed.select(AlertNeed.need).where(AlertNeed.alert == alert)
    await needs.take(row["need"], by=people[8], now=NOON + 90 * MINUTE)
    await needs.complete(row["need"], by=people[8], now=NOON + 121 * MINUTE)

    found = await after.report(alert, by=by, now=NOON + 130 * MINUTE)

    assert (found.figures.needs.taken, found.figures.needs.taken_in, found.figures.needs.done_in) == (1, 89, 120)
    assert [(each.taken_in, each.done_in) for each in found.needs] == [(89, 120)]


async def test_every_deed_stands_in_its_minute_with_whoever_did_it():
    alert, by, *_ = await a_past_alert()
    found = await after.report(alert, by=by, now=NOON + 61 * MINUTE)

    assert [(each.what.words, each.minute, each.by) for each in found.deeds] == [
        ("Written", None, "Coordinator Hu"),
        ("Sent", 0, "Coordinator Hu"),
        ("Those who were silent were rung again", 5, ""),
        ("Those who were silent were rung again", 15, ""),
        ("Those who were silent were asked on every other road", 20, ""),
        ("All clear", 60, "Coordinator Hu"),
    ]


async def test_doors_that_somebody_was_to_knock_at_are_counted_apart_from_what_was_needed():
    alert, by, _, _, people = await a_past_alert()
    at = NOON + 30 * MINUTE
    for each in people[6:8]:
        need = await needs.ask_for_help(needs.Asking(What.other, "Please knock"), by=each, now=at)
        door = (await people_rules.stays_of(each.id))[0].household
        await AlertNeed.insert(AlertNeed(alert=alert, household=door, need=need, knock=True, made_at=at))

    found = await after.report(alert, by=by, now=NOON + 61 * MINUTE)

    assert (found.figures.needs.needs, found.figures.needs.knocks) == (1, 2)
    [knocked] = [each for each in found.deeds if each.what.words == "Helpers were asked to knock"]
    assert (knocked.minute, knocked.words.values["n"]) == (30, 2)


async def test_it_is_for_those_who_lead_stewards_have_their_own_area_and_nobody_else_has_any():
    alert, by, big, small, people = await a_past_alert()
    at = NOON + 61 * MINUTE
    here = await a_person(role=RoleKind.steward, area=big)
    there = await a_person(role=RoleKind.steward, area=small)

    assert (await after.report(alert, by=await an_administrator(), now=at)).whole
    theirs = await after.report(alert, by=here, now=at)
    assert not theirs.whole and [each.name for each in theirs.areas] == ["3"] and len(theirs.needs) == 1
    other = await after.report(alert, by=there, now=at)
    assert (other.areas, other.needs) == ([], [])
    for each in (people[0], await a_person(role=RoleKind.space_manager)):
        with pytest.raises(Missing):
            await after.report(alert, by=each, now=at)
    going_on = await an_alert(by=by)
    with pytest.raises(Missing):
        await after.report(going_on, by=by, now=NOON)


@pytest.mark.parametrize("whole", [4, 5, 23, 160])
def test_what_is_read_outside_is_in_fives_whatever_happened(whole):
    """No number, and no difference of two numbers, is about fewer than five."""
    from app.features.alerts.rules.figures import Figures, Helped, InArea, Step, Way

    answered: Curve = curve_of(n // 2 for n in range(whole - 1))
    area = InArea(1, None, "building", "3", whole, whole - 1, whole - 2, [1, 2, None])
    exact = Figures(
        whole, whole + 3, 90, curve_of(range(whole)), answered, {"help": 1, "safe": whole - 3, "silent": 2},
        [Way(By.push, whole, whole - 1, 1)], [area], [Step("again:5", NOON, 3)], Helped(4, 1, 3, 2, 5, 9),
    )  # fmt: skip

    seen = blurred(exact)

    numbers = [seen.homes, seen.people, *seen.states.values(), *(n for _, n in [*seen.reached, *seen.answered])]
    numbers += [n for each in seen.areas for n in (each.homes, each.reached, each.answered)]
    numbers += [n for each in seen.roads for n in (each.targeted, each.accepted, each.failed)]
    numbers += [each.people for each in seen.steps] + [seen.needs.needs, seen.needs.taken, seen.needs.done]
    assert [n for n in numbers if n % 5] == []
    assert (seen.needs.taken_in, seen.needs.done_in) == (None, None)
    assert seen.areas == [] if whole < 5 else [each.answered_in for each in seen.areas] == [[]]
    assert blurred(seen) == seen


async def test_E52_only_what_was_made_public_is_read_outside_and_it_names_nobody(browser, sign_in):
    words = {"zh-Hans": "停水 zzwords", "en": "No water zzwords"}
    alert, by, *_ = await a_past_alert(headlines=words)
    await after.add_mend(alert, "zzmend the pump", owner=by.id, due_on=date(2026, 6, 1), by=by, now=NOON + DAY)
    address = f"/alerts/{alert}/report/public"
    assert (await browser.get(address)).status_code == 404

    await after.publish(alert, True, by=by, now=NOON + DAY)

    for tongue, title, mend in (
        ("zh-CN", "应急报告", "发现1件"),
        ("en-GB", "Report of an emergency", "1 thing was found"),
    ):
        read = await browser.get(address, headers={"Accept-Language": tongue})
        assert read.status_code == 200 and title in read.text and mend in read.text
        main = read.text.split("<main")[1]
        for canary in ("zzwords", "zzmend", "Hu", "Big ", "Small ", str(by.id) + "/"):
            assert canary not in main, canary
        assert not [n for n in re.findall(r"<b>(\d+) %", main) if int(n) > 100]
    await after.publish(alert, False, by=by, now=NOON + DAY)
    assert (await browser.get(address)).status_code == 404


async def test_its_headline_is_read_outside_only_where_the_alert_was_public_itself():
    alert, by, *_ = await a_past_alert(public=True)
    await after.publish(alert, True, by=by, now=NOON + DAY)
    assert (await after.outside(alert)).headline.typed["en"] == "No water, about four hours"


async def test_nobody_makes_the_report_of_a_missing_person_public_nor_without_the_right():
    by = await a_coordinator()
    alert = await an_alert(by=by, category=Category.missing)
    await rules.all_clear(alert, by=by, now=NOON + MINUTE)
    with pytest.raises(Taken):
        await after.publish(alert, True, by=by, now=NOON + DAY)
    with pytest.raises(NotYours):
        await after.publish(alert, True, by=await a_person(), now=NOON + DAY)


async def test_what_is_to_be_mended_has_an_owner_who_is_told_and_reminded_on_the_morning():
    alert, by, *_ = await a_past_alert()
    boss = await an_administrator()
    due = date(2026, 5, 20)
    mend = await after.add_mend(alert, "More torches", owner=boss.id, due_on=due, by=by, now=NOON + DAY)

    await run(NOON + 18 * DAY)
    assert len([row for row in await notices.page_of(boss.id) if row.path == "/alerts/mends"]) == 1
    assert not (await rules.on_home(boss, now=NOON + 18 * DAY)).waits
    await run(NOON + 18.6 * DAY)  # eight in the morning there
    await remind_of_mend(mend, NOON + 18.7 * DAY)
    told = [str(row.sentence) for row in await notices.page_of(boss.id) if row.path == "/alerts/mends"]
    assert told == ["Due today: something to mend. “More torches”", told[1]]
    assert [each.path for each in (await rules.on_home(boss, now=NOON + 19 * DAY)).waits] == ["/alerts/mends"]

    await after.set_mended(mend, True, by=boss, now=NOON + 19 * DAY)
    assert not (await rules.on_home(boss, now=NOON + 19 * DAY)).waits
    assert (await after.mends_for(by, NOON))[0].done_at is not None
    await after.set_mended(mend, False, by=by, now=NOON + 19 * DAY)
    assert (await after.mends_for(boss, NOON))[0].done_at is None


async def test_what_was_mended_before_its_day_reminds_nobody():
    alert, by, *_ = await a_past_alert()
    owner = await a_person(role=RoleKind.steward, area=await an_area())
    due = date(2026, 5, 20)
    mend = await after.add_mend(alert, "A spare pump", owner=owner.id, due_on=due, by=by, now=NOON + DAY)
    await after.set_mended(mend, True, by=owner, now=NOON + 2 * DAY)
    await run(NOON + 30 * DAY)
    assert len([*await notices.page_of(owner.id)]) == 1
    assert not await later.is_due(NOON + 30 * DAY)


async def test_a_mend_needs_words_an_officer_and_a_day_ahead_and_is_nobody_elses():
    alert, by, _, _, people = await a_past_alert()
    with pytest.raises(Refusal) as wrong:
        await after.add_mend(alert, " ", owner=people[0].id, due_on=date(2026, 5, 1), by=by, now=NOON + DAY)
    assert {each.beside for each in wrong.value.each} == {"words", "owner", "due_on"}
    mend = await after.add_mend(alert, "Torches", owner=by.id, due_on=date(2026, 5, 9), by=by, now=NOON + DAY)
    other = await a_person(role=RoleKind.steward, area=await an_area())
    for each in (other, people[0]):
        with pytest.raises(Missing):
            await after.set_mended(mend, True, by=each, now=NOON + DAY)
    with pytest.raises(NotYours):
        await after.remove_mend(mend, by=other, now=NOON + DAY)
    await after.remove_mend(mend, by=by, now=NOON + DAY)
    assert await Mend.count() == 0


async def test_E49_exercises_are_compared_among_themselves_and_nothing_real_is_among_them():
    by = await a_coordinator()
    people = [await a_person(home=await a_household()) for _ in range(4)]
    made = []
    for place, kind in enumerate((Kind.exercise, Kind.real, Kind.exercise, Kind.test)):
        at = NOON + place * DAY
        alert = await an_alert(by=by, kind=kind, now=at, roll_call=kind != Kind.test)
        for each in people[: 2 + place] if kind != Kind.test else ():
            await rules.answer(alert, each.id, Answer.safe, by=each, now=at + 7 * MINUTE)
        await rules.all_clear(alert, by=by, now=at + 30 * MINUTE)
        made.append(alert)

    found = await after.exercises(by)

    assert [each.id for each in found] == [made[0], made[2]]
    assert [(each.homes, each.answered) for each in found] == [(5, 40), (5, 80)]
    assert [each.answered_in for each in found] == [[None, None, None], [7, None, None]]
    with pytest.raises(NotYours):
        await after.exercises(people[0])


async def test_a_hold_keeps_an_incident_until_its_day_with_a_reason_that_those_concerned_read(sign_in):
    alert, by, _, _, people = await a_past_alert()
    boss = looking(await an_administrator(), NOON + DAY)
    with pytest.raises(NotYours):
        await after.hold(alert, "Evidence", date(2026, 8, 1), by=by, now=NOON + DAY)
    with pytest.raises(Refusal) as wrong:
        await after.hold(alert, "", date(2027, 8, 1), by=boss, now=NOON + DAY)
    assert {each.beside for each in wrong.value.each} == {"reason", "until_on"}

    await after.hold(alert, "The insurance asks how it came about.", date(2026, 8, 1), by=boss, now=NOON + DAY)

    from app.features.alerts.rules.kept import purge
    from app.features.alerts.tables import Recipient
    from app.kit.tables import AuditRow

    await purge(NOON + 60 * DAY)
    assert await Recipient.count().where(Recipient.alert == alert) > 0
    page = (await (await sign_in(people[0])).get(f"/alerts/{alert}")).text
    assert "The insurance asks how it came about." in page and "2026-08-02" in page
    assert await AuditRow.count().where(AuditRow.did == "incident held") == 1
    await purge(NOON + 93 * DAY)
    assert await Recipient.count().where(Recipient.alert == alert) == 0
    assert (await the(alert)).hold_reason == ""


async def test_a_hold_that_is_lifted_gives_way_at_once():
    from app.features.alerts.rules.kept import purge
    from app.features.alerts.tables import Recipient

    alert, *_ = await a_past_alert()
    boss = looking(await an_administrator(), NOON + DAY)
    await after.hold(alert, "Evidence", date(2026, 8, 1), by=boss, now=NOON + DAY)
    await after.lift(alert, by=boss, now=NOON + 40 * DAY)
    with pytest.raises(Taken):
        await after.lift(alert, by=boss, now=NOON + 40 * DAY)
    await purge(NOON + 41 * DAY)
    assert await Recipient.count().where(Recipient.alert == alert) == 0
    with pytest.raises(Taken):
        await after.hold(alert, "Too late", date(2026, 8, 1), by=boss, now=NOON + 42 * DAY)


async def test_the_page_says_it_in_words_and_as_a_picture_and_keeps_what_was_typed(sign_in):
    alert, by, *_ = await a_past_alert()
    browser = await sign_in(by)

    page = (await browser.get(f"/alerts/{alert}/report")).text
    assert "Doors reached: half after 2 min, 90 % after never." in page and 'class="answered" d="M40' in page
    assert "37 %" in page and 'href="/alerts/mends"' in page
    refused = await browser.post(f"/alerts/{alert}/report/mends", data={"words": "More torches"})
    assert refused.status_code == 422 and "More torches" in refused.text
    assert f'/alerts/{alert}/report"' in (await browser.get(f"/alerts/{alert}")).text
    for path in ("/alerts/exercises", "/alerts/mends", f"/alerts/{alert}/report/outside"):
        assert (await browser.get(path)).status_code == 200


async def test_a_report_asks_little_of_the_database(sign_in, queries):
    alert, by, *_ = await a_past_alert()
    browser = await sign_in(by)
    await browser.get(f"/alerts/{alert}/report")
    queries.clear()
    await browser.get(f"/alerts/{alert}/report")
    assert len(queries) <= 25
    assert now() > NOON


async def test_nobody_reads_a_report_that_is_not_for_them_nor_in_it_what_somebody_wrote(sign_in, browser):
    """The doors of every kind of person, and the words of those who needed help, at an alert that is over."""
    big, small = await an_area(name="3"), await an_area(name="5")
    ana = await a_person(home=await a_household(area=big, address="Zzlane 7"), name="Zzana", phone="+8613899990042")
    by = await a_coordinator()
    alert = await an_alert(by=by, now=now() - DAY, areas=(big.id,))
    await rules.answer(alert, ana.id, Answer.help, words="zzstairs", by=ana, now=now() - DAY)
    await rules.all_clear(alert, by=by, now=now() - DAY / 2)
    await after.publish(alert, True, by=by, now=now())
    knocks = [
        (None, (401, 401, 200)),
        (by, (200, 200, 200)),
        (await an_administrator(), (200, 200, 200)),
        (await a_person(role=RoleKind.steward, area=big), (200, 403, 200)),
        (await a_person(role=RoleKind.steward, area=small), (404, 403, 200)),
        (await a_person(role=RoleKind.space_manager), (403, 403, 200)),
        (ana, (403, 403, 200)),
    ]
    for person, answers in knocks:
        phone = await sign_in(person) if person else browser
        for path, expected in zip(("", "/outside", "/public"), answers, strict=True):
            read = await phone.get(f"/alerts/{alert}/report{path}")
            assert read.status_code == expected, (person, path)
            found = [word for word in ("zzstairs", "Zzlane", "8613899990042") if word in read.text]
            assert found == []
            assert "Zzana" not in read.text or person == ana


async def test_an_administrator_holds_the_data_on_the_page_and_lets_go_of_them(sign_in):
    by, boss = await a_coordinator(), await an_administrator()
    alert = await an_alert(by=by, now=now() - DAY)
    await rules.all_clear(alert, by=by, now=now() - DAY / 2)
    report = f"/alerts/{alert}/report"
    browser = await sign_in(boss)

    wrong = await browser.post(f"{report}/hold", data={"reason": "For the insurance", "until_on": "2020-01-01"})
    assert wrong.status_code == 422 and "For the insurance" in wrong.text and "Within a year, please." in wrong.text
    until = (now() + 90 * DAY).date()
    done = await browser.post(f"{report}/hold", data={"reason": "For the insurance", "until_on": until.isoformat()})
    assert "Kept longer: For the insurance" in done.text and (until + DAY).isoformat() in done.text
    assert f"{report}/hold/end" not in (await (await sign_in(by)).get(report)).text
    lifted = await (await sign_in(boss)).post(f"{report}/hold/end")
    assert "Lifted" in lifted.text and "For the insurance" not in lifted.text


async def test_what_is_to_be_mended_is_ticked_off_on_its_page_and_that_is_undone_again(sign_in):
    by = await a_coordinator()
    alert = await an_alert(by=by, now=now() - DAY)
    await rules.all_clear(alert, by=by, now=now() - DAY / 2)
    browser = await sign_in(by)
    due = (now() + 9 * DAY).date().isoformat()
    said = {"words": "More torches", "owner": str(by.id), "due_on": due}
    assert "Written down." in (await browser.post(f"/alerts/{alert}/report/mends", data=said)).text
    [mend] = [row["id"] for row in await Mend.select(Mend.id)]

    done = await browser.post(f"/alerts/mends/{mend}/done")
    assert "Mended. Thank you!" in done.text and f"/alerts/mends/{mend}/undone" in done.text
    again = await browser.post(f"/alerts/mends/{mend}/undone")
    assert f'action="/alerts/mends/{mend}/done"' in again.text
    gone = await browser.post(f"/alerts/mends/{mend}/removal")
    assert "Taken off the list." in gone.text and await Mend.count() == 0


async def test_doors_that_were_knocked_at_and_whom_one_asked_stand_in_the_report_of_their_alert():
    here = await an_area()
    await a_person(home=await a_household(area=here))
    alert, other = await an_alert(areas=(here.id,)), await an_alert(areas=(here.id,))
    await knock(alert, NOON + timedelta(minutes=31))
    [row] = await Need.select()
    asked = Need(kind=What.other, stage="open", asked_at=NOON, stage_at=NOON, fresh_at=NOON, area=here.id)
    asked.origin = asking_of(alert)
    await asked.save()

    found = [(each.id, each.knock, each.area) for each in await needs_of(alert)]
    assert found == [(row["id"], True, here.id), (asked.id, False, here.id)]
    assert await needs_of(other) == []
