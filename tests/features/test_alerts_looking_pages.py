"""The roll call as those see it who look for people."""

import pytest

from app.features.alerts import rules
from app.features.alerts.rules.knocking import knock
from app.features.alerts.tables import Answer, Recipient
from app.features.notices.tables import Notice
from app.features.people.tables import Kind as RoleKind
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.kit.clock import now
from app.kit.limits import Limit
from tests.alerting import an_alert
from tests.makers import NOON, a_household, a_person, an_area


async def a_building(**said):
    building = await an_area(name="3")
    floor = await an_area(parent=building.id, kind="floor", name="5")
    home = await a_household(area=floor, door="501", address="3-501")
    ana = await a_person(home=home, name="Ana")
    await a_household(area=floor, door="502", address="3-502")
    by = await a_person(role=RoleKind.coordinator)
    return await an_alert(by=by, now=now(), areas=(building.id,), **said), building, home, ana, by


async def test_the_board_shows_each_window_with_its_word_and_leads_to_the_door(sign_in):
    alert, building, home, _ana, by = await a_building()
    browser = await sign_in(by)

    everywhere = await browser.get(f"/alerts/{alert}/board")
    assert "1 silent" in everywhere.text and f'href="/alerts/{alert}/board/{building.id}"' in everywhere.text
    windows = await browser.get(f"/alerts/{alert}/board/{building.id}")
    assert f'href="/alerts/{alert}/doors/{home.id}"' in windows.text and "– empty" in windows.text
    door = await browser.get(f"/alerts/{alert}/doors/{home.id}")
    assert "Answer for Ana" in door.text and 'name="how" value="phone"' in door.text


async def test_the_block_alone_is_fetched_anew(sign_in):
    alert, building, _, ana, by = await a_building()
    browser = await sign_in(by)
    await Recipient.update({Recipient.answer: "help"}).where(Recipient.person == ana.id)

    block = await browser.get(
        f"/alerts/{alert}/board/{building.id}", headers={"HX-Request": "true", "HX-Target": "div#board"}
    )

    assert block.text.lstrip().startswith('<div id="board"') and "! help" in block.text


async def test_those_who_are_silent_are_rung_by_one_press_and_a_second_one_waits(sign_in, monkeypatch):
    monkeypatch.setattr(Limit, "began", lambda limit, at: NOON)  # no new span begins between the two presses
    alert, building, _, ana, by = await a_building()
    browser = await sign_in(by)

    done = await browser.post(f"/alerts/{alert}/reminder", data={"area": building.id})
    again = await browser.post(f"/alerts/{alert}/reminder", data={"area": building.id})

    assert "One person is rung once more." in done.text and again.status_code == 429
    assert await Notice.count().where(Notice.person == ana.id) == 2


async def test_the_paper_lists_every_door_and_says_what_is_an_exercise(sign_in):
    alert, building, _, _, by = await a_building(kind="exercise")
    browser = await sign_in(by)

    paper = await browser.get(f"/alerts/{alert}/paper/{building.id}")

    assert "3-501" in paper.text and "EXERCISE" in paper.text and paper.text.count("☐") == 4
    for path in ("board", f"board/{building.id}", "delivery"):
        assert "EXERCISE" in (await browser.get(f"/alerts/{alert}/{path}")).text


async def test_the_panel_says_accepted_and_never_delivered(sign_in):
    alert, *_, by = await a_building()
    panel = await (await sign_in(by)).get(f"/alerts/{alert}/delivery")
    assert "Accepted means that the other side took it." in panel.text
    assert "elivered" not in panel.text.split("<main")[1]


async def test_those_without_a_door_have_a_row_that_counts_people_and_leads_nowhere(sign_in):
    alert, *_, by = await a_building()
    await Recipient.insert(Recipient(alert=alert, person=by.id))
    page = (await (await sign_in(by)).get(f"/alerts/{alert}/board")).text

    row = page.split("People without a door here")[1].split("</li>")[0]
    assert "1 person: " in row and "in part" not in row
    assert f'href="/alerts/{alert}/board/0"' not in page


async def test_a_board_asks_little_of_the_database(sign_in, queries):
    alert, building, *_, by = await a_building()
    browser = await sign_in(by)
    await browser.get(f"/alerts/{alert}/board/{building.id}")
    queries.clear()

    await browser.get(f"/alerts/{alert}/board/{building.id}")

    # who looks, the community, the alert, the line here twice, the tallies, the doors, whom to look for
    assert len(queries) <= 8


async def test_the_walked_list_is_typed_in_door_by_door_and_overrules_nobodys_own_word(sign_in):
    alert, building, home, ana, by = await a_building()
    ben = await a_person(home=home, name="Ben")
    await Recipient.insert(Recipient(alert=alert, person=ben.id, household=home.id, area=home.area))
    await rules.answer(alert, ben.id, Answer.help, by=ben, now=now())
    browser = await sign_in(by)

    assert f'name="door-{home.id}"' in (await browser.get(f"/alerts/{alert}/walked/{building.id}")).text
    typed = {f"door-{home.id}": "safe", "door-999999": "safe", "door-x": "safe"}
    done = await browser.post(f"/alerts/{alert}/walked/{building.id}", data=typed)

    assert "Written down for 2 people." in done.text
    rows = {row["person"]: row for row in await Recipient.select().where(Recipient.alert == alert)}
    assert (rows[ana.id]["answer"], rows[ana.id]["how"]) == ("safe", "paper")
    assert rows[ben.id]["answer"] == "help"


async def test_an_answer_stands_on_the_board_at_once(sign_in):
    alert, building, _home, ana, by = await a_building()

    await (await sign_in(ana)).post(f"/alerts/{alert}/roll-call", data={"answer": "help"})

    board = await (await sign_in(by)).get(f"/alerts/{alert}/board/{building.id}")
    assert "! help" in board.text and "1 / 1" in board.text


@pytest.mark.parametrize(("path", "most"), [("/alerts/{}/knocks", 4), ("/alerts/{}/hands", 12)])
async def test_the_doors_to_knock_at_and_the_hands_ask_little_of_the_database(sign_in, queries, path, most):
    """However many there are. Whoever looks and the alert are two of them."""
    alert, building, _, _ana, by = await a_building()
    for _ in range(12):
        nurse = await a_person(home=await a_household(area=building))
        await skills.offer(skills.Offer("Nursing", Category.health, emergency=True), by=nurse, now=now())
    await knock(alert, now())
    browser = await sign_in(by)
    await browser.get(path.format(alert))
    queries.clear()
    await browser.get(path.format(alert))
    assert len(queries) <= most
