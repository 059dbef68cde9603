"""Who forgot the password comes in again: by a letter, by their steward, or by two administrators."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app import house
from app.config import settings
from app.features.accounts import rules
from app.features.accounts.rules import letters, resetting
from app.features.accounts.rules.helping import Handed
from app.features.accounts.rules.signing_in import Half, Key, Place, open_door
from app.features.accounts.tables import Login, ResetCode, SignIn
from app.features.notices import rules as notices
from app.features.notices.tables import Notice, Urgency
from app.features.people.tables import Kind
from app.kit import later
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.tables import Later
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area
from tests.post_office import a_post_office

HERE = Place("192.0.2", loopback=True)
NEW = "four quite plain words"


@asynccontextmanager
async def with_letters(monkeypatch, **how):
    """A house that sends its letters to a post office of ours."""
    async with a_post_office(**how) as office:
        monkeypatch.setattr(letters, "settings", lambda: replace(settings(), smtp=office.smtp))
        yield office


async def deliver(now=NOON) -> None:
    while await later.run_due(house.JOBS, now):
        pass


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


async def an_estate():
    """Ana lives in building 3, whose steward is Lin."""
    here = await an_area(name="3")
    ana = await a_person(name="Ana", home=await a_household(area=here), phone="+8613812345678")
    await a_login(ana, "13812345678")
    lin = await a_person(name="Lin", role=Kind.steward, area=here)
    return ana, lin


def code_in(letter) -> str:
    return re.search(r"/reset/(\w+)", letter.get_content())[1]


async def test_a_letter_brings_a_link_that_sets_a_new_password_once(monkeypatch):
    ana = await a_person(name="林阿姨", language="zh-Hans")
    typed = await a_login(ana)
    await open_door(ana.id, place=HERE, now=NOON)
    async with with_letters(monkeypatch) as office:
        await rules.ask_letter(typed, network="a", now=NOON)
        await deliver()
        [letter] = office.letters
        assert letter["To"] == typed and letter["Content-Language"] == "zh-Hans"
        assert "林阿姨" in letter.get_content()

        code, later_on = code_in(letter), NOON + timedelta(minutes=59)
        assert (await rules.reset_holder(code, network="b", now=later_on))[0].id == ana.id
        await rules.reset(code, password=NEW, piece="", now=later_on)
        assert await SignIn.count() == 0
        with pytest.raises(Missing):
            await rules.reset(code, password=NEW, piece="", now=later_on)
        assert await rules.sign_in(typed, NEW, place=HERE, now=NOON)
    assert await told(ana) == ["Your password was set anew, and all your sign-ins were ended."]


async def test_no_link_waits_in_a_queue_and_only_its_print_is_kept(monkeypatch):
    typed = await a_login(await a_person())
    async with with_letters(monkeypatch) as office:
        await rules.ask_letter(typed, network="a", now=NOON)
        assert await ResetCode.count() == 0
        await deliver()
        code = code_in(office.letters[0])
    assert typed not in str(await Later.select())
    assert code not in str(await ResetCode.select()) + str(await Later.select())


async def test_a_mail_server_that_was_down_gets_a_fresh_link_later_and_none_after_the_hour(monkeypatch):
    typed = await a_login(await a_person())
    async with with_letters(monkeypatch, out_of_order=True) as office:
        await rules.ask_letter(typed, network="a", now=NOON)
        await deliver()
        office.out_of_order = False
        soon = NOON + timedelta(minutes=2)
        await deliver(soon)
        assert (await rules.reset_holder(code_in(office.letters[0]), network="a", now=soon))[0]

        office.out_of_order = True
        await rules.ask_letter(typed, network="a", now=soon)
        await deliver(soon)
        office.out_of_order = False
        await deliver(soon + timedelta(hours=1))
        assert len(office.letters) == 1


async def test_nobody_learns_from_the_answer_who_lives_here(browser, queries, monkeypatch):
    typed = await a_login(await a_person())
    async with with_letters(monkeypatch) as office:
        seen = []
        for login in (typed, "nobody@example.org", "somebody@example.org"):
            queries.clear()
            answer = await browser.post("/reset", data={"login": login})
            seen.append(
                (answer.status_code, answer.url.path, re.sub(r"<code>.*?</code>", "", answer.text), len(queries))
            )
        assert seen[0][0:2] == (200, "/reset/asked")
        assert len({(status, path, count) for status, path, _, count in seen}) == 1
        assert len({text for _, _, text, _ in seen}) == 1
        assert await Later.count() == 3
        await deliver(NOON + timedelta(days=3650))
        assert len(office.letters) <= 1


async def test_asking_again_and_again_ends_there_and_for_that_account_only():
    ana, ben = await a_login(await a_person()), await a_login(await a_person())
    for _ in range(resetting.PER_PLACE.times):
        await rules.ask_letter(ana, network="estate", now=NOON)
    with pytest.raises(TooOften):
        await rules.ask_letter(ana, network="estate", now=NOON)
    await rules.ask_letter(ben, network="estate", now=NOON)
    await rules.ask_letter(ana, network="elsewhere", now=NOON)


async def test_an_officers_letter_goes_to_what_they_sign_in_with_and_nowhere_that_a_desk_wrote_down(monkeypatch):
    boss = await an_administrator(email="written-by-another@example.org")
    await a_login(boss, "13812345678")
    async with with_letters(monkeypatch) as office:
        await rules.ask_letter("13812345678", network="a", now=NOON)
        await deliver()
        assert office.letters == []


async def test_a_letter_never_takes_the_second_factor_away(monkeypatch):
    ana = await a_person(second=True)
    typed = await a_login(ana)
    async with with_letters(monkeypatch) as office:
        await rules.ask_letter(typed, network="a", now=NOON)
        await deliver()
        await rules.reset(code_in(office.letters[0]), password=NEW, piece="", now=NOON)
    assert isinstance(await rules.sign_in(typed, NEW, place=HERE, now=NOON), Half)


async def test_a_changed_address_is_told_at_the_old_one_and_by_every_road_to_whoever_has_the_new_one(monkeypatch):
    """One letter here: no road knows the old address any more, and the new one is the doorbell's to reach."""
    ana = await a_person(email="old@example.org")
    async with with_letters(monkeypatch) as office:
        await rules.change_contact(ana.id, by=ana.id, now=NOON, email="new@example.org")
        assert "old@example.org" not in str(await Later.select())
        await deliver()
    [letter] = office.letters
    assert letter["To"] == "old@example.org" and "/account/security" in letter.get_content()
    [notice] = await Notice.select(Notice.person, Notice.topic, Notice.urgency, Notice.spread_at)
    assert notice == {"person": ana.id, "topic": "account", "urgency": Urgency.soon, "spread_at": None}
    assert house.TOPICS["account"].always


async def test_what_changes_no_address_writes_no_letter_of_its_own(monkeypatch):
    """The notice goes by every road, e-mail among them: it would come twice."""
    ana = await a_person(email="ana@example.org")
    typed = await a_login(ana)
    async with with_letters(monkeypatch) as office:
        await rules.change_password(ana.id, old="three plain words", new=NEW, besides=0, now=NOON)
        await deliver()
    [words] = await told(ana)
    assert office.letters == [] and words.startswith("Your password was changed")
    assert await rules.sign_in(typed, NEW, place=HERE, now=NOON)


async def test_without_a_mail_server_the_page_names_the_steward(browser):
    await a_login(await a_person())
    page = (await browser.get("/reset")).text
    assert "Ask your steward" in page and "Send me a letter" not in page


async def test_a_steward_gives_a_code_that_needs_the_end_of_the_phone():
    ana, lin = await an_estate()
    await open_door(ana.id, place=HERE, now=NOON)
    handed = await rules.reset_for(ana.id, by=lin, now=NOON)
    assert await told(ana) == ["Lin made a code with which your password can be set anew, good for ten minutes."]
    assert not handed.slip and await SignIn.count() == 1

    for piece in ("", "0000", "678"):
        with pytest.raises(Refusal) as no:
            await rules.reset(handed.code, password=NEW, piece=piece, now=NOON)
        assert no.value.beside == "piece"
    await rules.reset(handed.code.upper(), password=NEW, piece="5678", now=NOON)
    assert await SignIn.count() == 0
    assert isinstance(await rules.sign_in("13812345678", NEW, place=HERE, now=NOON), Key)


async def test_a_code_is_good_for_ten_minutes_and_a_new_one_ends_it():
    ana, lin = await an_estate()
    old = await rules.reset_for(ana.id, by=lin, now=NOON)
    new = await rules.reset_for(ana.id, by=lin, now=NOON)
    for code, at in ((old.code, NOON), (new.code, NOON + timedelta(minutes=10))):
        with pytest.raises(Missing):
            await rules.reset(code, password=NEW, piece="5678", now=at)


async def test_five_wrong_ends_of_a_phone_and_the_code_is_dead_also_when_sent_at_once():
    ana, lin = await an_estate()
    handed = await rules.reset_for(ana.id, by=lin, now=NOON)
    tries = [rules.reset(handed.code, password=NEW, piece=f"{n:04}", now=NOON) for n in range(20)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(answer, Missing) for answer in answers) == resetting.PIECES.times
    with pytest.raises(Missing):
        await rules.reset(handed.code, password=NEW, piece="5678", now=NOON)


async def test_without_a_phone_on_file_a_printed_number_takes_its_place():
    here = await an_area()
    ana = await a_person(home=await a_household(area=here))
    typed, lin = await a_login(ana), await a_person(role=Kind.steward, area=here)
    handed = await rules.reset_for(ana.id, by=lin, now=NOON)
    assert re.fullmatch(r"\d{6}", handed.slip) and handed.slip not in str(await ResetCode.select())
    with pytest.raises(Refusal):
        await rules.reset(handed.code, password=NEW, piece="1", now=NOON)
    await rules.reset(handed.code, password=NEW, piece=f"{handed.slip[:3]} {handed.slip[3:]}", now=NOON)
    assert await rules.sign_in(typed, NEW, place=HERE, now=NOON)


async def test_a_code_spent_by_many_at_once_sets_one_password():
    ana, lin = await an_estate()
    handed = await rules.reset_for(ana.id, by=lin, now=NOON)
    setting = [rules.reset(handed.code, password=f"{NEW} {n}", piece="5678", now=NOON) for n in range(4)]
    answers = await asyncio.gather(*setting, return_exceptions=True)
    assert answers.count(ana.id) == 1


async def test_nobody_resets_whom_they_do_not_look_after_nor_themselves():
    ana, lin = await an_estate()
    other = await a_person(role=Kind.steward, area=await an_area(name="5"))
    for by in (other, ana, await a_person(), await a_person(role=Kind.coordinator)):
        with pytest.raises(Missing):
            await rules.reset_for(ana.id, by=by, now=NOON)
    with pytest.raises(Missing):
        await rules.reset_for(lin.id, by=lin, now=NOON)
    assert await ResetCode.count() == 0


async def test_who_never_signed_in_has_nothing_to_reset():
    boss, ben = await an_administrator(), await a_person()
    with pytest.raises(Refusal):
        await rules.reset_for(ben.id, by=boss, now=NOON)


async def test_a_first_code_is_not_for_those_who_signed_in_before():
    boss, (ana, _) = await an_administrator(), await an_estate()
    with pytest.raises(Refusal) as no:
        await rules.code_for(ana.id, by=boss, now=NOON)
    assert no.value.way == (f"/neighbours/{ana.id}/reset", no.value.way[1])
    assert await rules.code_for(ana.id, by=None, now=NOON)


async def two_and_an_officer():
    one, other = await an_administrator(name="Zhou"), await an_administrator(name="Gao")
    officer = await a_person(role=Kind.coordinator, name="Chen", phone="+8613812345678")
    await a_login(officer, "13812345678")
    return one, other, officer


async def test_an_officer_is_reset_by_two_administrators_and_neither_alone():
    one, other, officer = await two_and_an_officer()
    with pytest.raises(NotYours):
        await rules.reset_for(officer.id, by=one, now=NOON)
    with pytest.raises(Taken):
        await rules.confirm(officer.id, by=other, now=NOON)

    await rules.ask_for_two(officer.id, by=one, now=NOON)
    assert await told(other) == ["Zhou asks that Chen be reset. Say yes if you know why."]
    assert await told(officer) == ["Zhou asked that your password and second factor be reset."]
    assert await told(one) == []
    with pytest.raises(NotYours):
        await rules.confirm(officer.id, by=one, now=NOON)

    handed = await rules.confirm(officer.id, by=other, now=NOON)
    with pytest.raises(Refusal):
        await rules.reset(handed.code, password=NEW, piece="0000", now=NOON)
    await rules.reset(handed.code, password=NEW, piece="5678", now=NOON)
    assert not (await rules.factors_of(officer.id)).any
    assert isinstance(await rules.sign_in("13812345678", NEW, place=HERE, now=NOON), Key)


async def test_of_many_administrators_who_say_yes_at_once_one_gets_the_code():
    one, _, officer = await two_and_an_officer()
    others = [await an_administrator() for _ in range(5)]
    await rules.ask_for_two(officer.id, by=one, now=NOON)
    answers = await asyncio.gather(
        *[rules.confirm(officer.id, by=by, now=NOON) for by in others], return_exceptions=True
    )
    assert sum(isinstance(answer, Handed) for answer in answers) == 1
    assert sum(isinstance(answer, Taken) for answer in answers) == 4


async def test_of_two_who_ask_at_once_one_does():
    one, other, officer = await two_and_an_officer()
    asking = [rules.ask_for_two(officer.id, by=by, now=NOON) for by in (one, other)]
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert answers.count(None) == 1 and sum(isinstance(answer, Taken) for answer in answers) == 1


async def test_an_ask_is_taken_back_or_runs_out_after_a_day():
    one, other, officer = await two_and_an_officer()
    await rules.ask_for_two(officer.id, by=one, now=NOON)
    await rules.take_back(officer.id, by=other, now=NOON)
    with pytest.raises(Taken):
        await rules.confirm(officer.id, by=other, now=NOON)
    await rules.ask_for_two(officer.id, by=one, now=NOON)
    tomorrow = NOON + timedelta(hours=24)
    with pytest.raises(Taken):
        await rules.confirm(officer.id, by=other, now=tomorrow)
    await rules.ask_for_two(officer.id, by=other, now=tomorrow)


async def test_the_only_administrators_colleagues_go_to_the_command_line():
    boss, officer = await an_administrator(), await a_person(role=Kind.coordinator)
    await a_login(officer)
    with pytest.raises(Refusal) as no:
        await rules.ask_for_two(officer.id, by=boss, now=NOON)
    assert "kith user reset-code" in str(no.value)
    second = await an_administrator()
    await a_login(second)
    with pytest.raises(Refusal):  # of two, one alone is left to say yes
        await rules.ask_for_two(second.id, by=boss, now=NOON)


async def test_two_are_needed_for_a_neighbour_who_lost_the_second_factor_and_one_is_enough_without():
    one, other, _ = await two_and_an_officer()
    ana, ben = await a_person(second=True, phone="+8613900001111"), await a_person()
    for each in (ana, ben):
        await a_login(each)
    with pytest.raises(Refusal):
        await rules.ask_for_two(ben.id, by=one, now=NOON)
    handed = await rules.reset_for(ana.id, by=one, now=NOON)
    await rules.reset(handed.code, password=NEW, piece="1111", now=NOON)
    assert (await rules.factors_of(ana.id)).any
    await rules.ask_for_two(ana.id, by=one, now=NOON)
    handed = await rules.confirm(ana.id, by=other, now=NOON)
    await rules.reset(handed.code, password=NEW, piece="1111", now=NOON)
    assert not (await rules.factors_of(ana.id)).any


async def test_the_command_lines_code_takes_the_second_factor_away_too():
    boss = await an_administrator()
    typed = await a_login(boss)
    code = await rules.code_for(boss.id, by=None, now=NOON)
    await rules.redeem(code, login=typed, password=NEW, now=NOON)
    assert not (await rules.factors_of(boss.id)).any
    assert (await Login.select(Login.email))[0]["email"] == typed


async def test_a_steward_helps_on_the_page_and_the_code_typed_anywhere_leads_on(browser, sign_in):
    ana, lin = await an_estate()
    phone = await sign_in(lin)
    assert f'href="/neighbours/{ana.id}/reset"' in (await phone.get(f"/neighbours/{ana.id}")).text
    assert "Make the code" in (await phone.get(f"/neighbours/{ana.id}/reset")).text
    page = (await phone.post(f"/neighbours/{ana.id}/reset")).text
    [code] = re.findall(r'<p class="code" lang="en">([^<]+)</p>', page)

    browser.cookies.clear()
    form = await browser.get(f"/join?code={code}")
    assert form.url.path.startswith("/reset/") and "The last four digits of your phone" in form.text
    again = await browser.get(str(form.url))
    assert again.status_code == 200  # looking spends nothing
    said = {"piece": "0000", "password": NEW}
    wrong = await browser.post(form.url.path, data=said)
    assert wrong.status_code == 422 and "Those digits do not fit" in wrong.text
    done = await browser.post(form.url.path, data=said | {"piece": "5678"})
    assert done.url.path == "/sign-in" and "Your new password is set" in done.text


async def test_two_administrators_do_it_on_the_page(sign_in):
    one, other, officer = await two_and_an_officer()
    page = f"/neighbours/{officer.id}/reset"
    browser = await sign_in(one)
    assert "The other administrators have been told." in (await browser.post(f"{page}/ask")).text
    assert "Yes, make the code" not in (await browser.get(page)).text
    browser = await sign_in(other)
    assert "Yes, make the code" in (await browser.get(page)).text
    assert 'class="code"' in (await browser.post(f"{page}/confirmation")).text
    assert (await browser.post(f"{page}/confirmation")).status_code == 409


async def test_a_steward_makes_five_codes_a_day_for_somebody_and_no_sixth():
    area = await an_area()
    steward = await a_person(role=Kind.steward, area=area)
    ana = await a_person(home=await a_household(area=area))
    await a_login(ana)
    for _ in range(5):
        await rules.reset_for(ana.id, by=steward, now=NOON)
    with pytest.raises(TooOften):
        await rules.reset_for(ana.id, by=steward, now=NOON)
