"""The board and an item's month as pages: pictures first, quick with htmx, whole without."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.sharing import rules
from app.features.sharing.tables import Stage
from app.kit.clock import now
from app.kit.languages import NAMES
from app.kit.tables import Picture
from tests.sharing import DAY, a_gift, a_household, a_loan, a_neighbour, a_person, an_item

BLOCK = {"HX-Request": "true", "HX-Target": "section#things"}


def today():
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


async def a_found(**said):
    item = await an_item(**said)
    await rules.index_items([item.id])
    return item


def plain(answer) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


async def test_a_card_has_the_photo_or_the_picture_of_its_kind_the_place_and_one_chip(sign_in):
    drill = await an_item(name="Drill", area=(await a_household()).area)
    for token in ("first", "second"):
        await Picture.insert(
            Picture(token=token, owner=0, page=drill.path, words=f"The {token}", width=9, height=6, at=now())
        )
    await a_loan(await an_item(name="Ladder"), first=today(), days=3, stage=Stage.out)
    await a_gift(name="婴儿车", lang="zh-Hans")
    browser = await sign_in(await a_neighbour())

    answer = await browser.get("/share")

    assert answer.text.count('class="card thing"') == 3
    assert 'src="/media/first/small" alt="The first"' in answer.text and "/media/second" not in answer.text
    assert '<strong lang="zh-Hans">婴儿车</strong>' in answer.text and "#baby" in answer.text
    for words in ("Free now", "To give away", "Free from", "Building ", "3 things on this page"):
        assert words in plain(answer)
    for way in ("/share/new", "/loans", "/share/wanted"):
        assert f'href="{way}"' in answer.text


async def test_htmx_gets_the_things_alone_and_the_address_that_says_the_same(sign_in):
    await a_found(name="Drill")
    browser = await sign_in(await a_neighbour())

    answer = await browser.get("/share?q=drill&category=tools&kind=&area=&first=&last=&order=", headers=BLOCK)

    assert answer.text.lstrip().startswith('<section id="things"') and "<h1" not in answer.text
    assert answer.headers["HX-Push-Url"] == "/share?q=drill&category=tools"


@pytest.mark.parametrize(
    ("address", "words", "way"),
    [
        ("/share", "Be the first", "/share/new"),
        ("/share?q=梯子", "Nobody has offered one yet", "/share/wanted/new?q=%E6%A2%AF%E5%AD%90"),
        ("/share?q=saw&free=1", "Nothing like it here", "/share?q=saw"),
        ("/share?q=saw&free=1", "Look for it", "/share/wanted/new?q=saw"),
        ("/share?q=saw&category=tools", "Look for it", "/share/wanted/new?q=saw&category=tools"),
        ("/share?category=garden", "Nothing here yet", "/share"),
        ("/share?page=3", "That was all", "/share"),
    ],
)
async def test_where_nothing_is_found_the_page_leads_on(sign_in, address, words, way):
    browser = await sign_in(await a_neighbour())
    answer = await browser.get(address)
    assert answer.status_code == 200 and words in plain(answer)
    assert f'href="{way}"' in html.unescape(answer.text)


async def test_pages_keep_what_was_asked_for(sign_in):
    owner = await a_neighbour()
    for _ in range(21):
        await a_found(by=owner)
    browser = await sign_in(await a_neighbour())
    first, last = today() + DAY, today() + 2 * DAY

    answer = await browser.get(f"/share?q=ladder&kind=lend&first={first}&last={last}&order=newest")

    [more] = re.findall(r'rel="next" href="([^"]+)"', answer.text)
    assert html.unescape(more) == f"?q=ladder&kind=lend&first={first}&last={last}&order=newest&page=2"
    assert (await browser.get("/share" + html.unescape(more))).text.count('class="card thing"') == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (-1, 2, "That day is over."),
        (5, 3, "The last day comes after the first."),
        (5, 900, "A year ahead is as far as one can look."),
        ("soon", "", "A day that is in the calendar, please, like 2026-05-31."),
        ("2026-02-31", "", "That month has no such day."),
    ],
)
async def test_days_that_cannot_be_get_a_sentence_and_stay_typed(sign_in, first, last, sentence):
    typed = [str(today() + each * DAY) if isinstance(each, int) else each for each in (first, last)]
    await an_item()
    browser = await sign_in(await a_neighbour())

    for headers in ({}, BLOCK):
        answer = await browser.get("/share", params={"first": typed[0], "last": typed[1]}, headers=headers)
        assert answer.status_code == 422 and sentence in plain(answer) and "Ladder" in answer.text
    whole = await browser.get("/share", params={"first": typed[0], "last": typed[1]})
    assert f'value="{typed[0]}"' in whole.text and 'aria-invalid="true"' in whole.text


async def test_the_first_day_alone_is_that_day_and_the_last_alone_is_from_today_on(sign_in):
    await a_loan(await an_item(), first=today() + DAY, days=1)
    browser = await sign_in(await a_neighbour())

    async def found(**days):
        return "Ladder" in (await browser.get("/share", params=days)).text

    assert await found(first=today()) and not await found(last=today() + 2 * DAY)
    assert not await found(first=today() + DAY) and await found(first=today() + 2 * DAY)


async def test_addresses_that_nobody_made_show_the_whole_board(sign_in):
    await an_item()
    browser = await sign_in(await a_neighbour())
    answer = await browser.get("/share?category=x&kind=%00&area=9999999999&page=-1&order=up&emergency=yes&free=2")
    assert answer.status_code == 200 and "Ladder" in answer.text


# --- The month -------------------------------------------------------------------------------------------------------


async def test_an_items_page_says_its_month_in_words_and_turns_to_the_next(sign_in):
    ladder, first = await an_item(), today().replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    await a_loan(ladder, first=after, days=7)
    browser = await sign_in(await a_neighbour())

    answer = await browser.get(ladder.path)
    assert 'aria-hidden="true"' in answer.text and "Today is" in plain(answer) and ' today"' in answer.text
    assert f'href="{ladder.path}?month={after.isoformat()[:7]}#month"' in answer.text

    turned = {"HX-Request": "true", "HX-Target": "section#month"}
    answer = await browser.get(f"{ladder.path}?month={after.isoformat()[:7]}", headers=turned)
    assert f"1–7 {after:%b}: lent" in plain(answer).replace("Sept", "Sep") and "<h1" not in answer.text
    assert answer.text.count('class="is-lent"') == 7 and ' today"' not in answer.text


async def test_no_month_says_to_whom_it_is_lent(sign_in):
    ladder = await an_item()
    await a_loan(ladder, by=await a_neighbour(name="Zacharias Quill"), first=today(), stage=Stage.out)
    browser = await sign_in(await a_person())
    for path in (ladder.path, "/share"):
        assert "Zacharias" not in (await browser.get(path)).text


async def test_whoever_has_it_reads_that_it_is_lent_to_them(sign_in):
    ladder, ana = await an_item(), await a_neighbour()
    await a_loan(ladder, by=ana, first=today(), days=1, stage=Stage.out)
    browser = await sign_in(ana)
    assert f"{today().day} {today():%b}: lent to you" in plain(await browser.get(ladder.path)).replace("Sept", "Sep")


async def test_a_gift_has_no_days_to_show(sign_in):
    pram = await a_gift(until_at=now() + timedelta(days=3))
    browser = await sign_in(await a_neighbour())
    answer = await browser.get(pram.path)
    assert answer.status_code == 200 and 'id="month"' not in answer.text


@pytest.mark.parametrize("language", NAMES)
async def test_the_board_and_its_things_are_read_in_every_language(sign_in, language):
    ladder, pram = await an_item(gap=2), await a_gift(until_at=now() + timedelta(days=3))
    await a_loan(ladder, first=today(), stage=Stage.out)
    browser = await sign_in(await a_neighbour(language=language))
    for path in ("/share", ladder.path, pram.path, f"{ladder.path}?month={today().isoformat()[:7]}"):
        assert (await browser.get(path)).status_code == 200, path
