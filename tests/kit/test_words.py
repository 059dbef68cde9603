"""Sentences wait for their reader."""

import asyncio
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.languages import NAMES, language, of_text, preferred, speaking, zone
from app.kit.words import kept, say, say_n, written

EN, ZH = language("en"), language("zh-Hans")


def test_one_sentence_is_spoken_to_each_reader_in_their_language():
    hello = say("Good morning, %(name)s", name="林阿姨")
    assert hello.spoken(EN) == "Good morning, 林阿姨"
    assert hello.spoken(ZH) == "林阿姨，上午好"


def test_a_sentence_within_a_sentence_is_spoken_too():
    inner = say("Building %(name)s", name="3")
    assert say("%(place)s", place=inner).spoken(ZH) == "3 号楼"


def test_what_people_typed_in_two_languages_is_read_in_ones_own():
    notice = written({"zh-Hans": "停水", "en": "No water"})
    assert (notice.spoken(EN), notice.spoken(ZH)) == ("No water", "停水")
    assert written({"zh-Hans": "停水"}).spoken(EN) == "停水"


def test_times_are_told_on_the_communitys_clock():
    zone.set(ZoneInfo("Asia/Shanghai"))
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert say("%(at)s", at=at).spoken(EN) == "Fri 1 May 20:00"
    assert say("%(at)s", at=at).spoken(ZH) == "5月1日 周五 20:00"
    assert say("%(on)s", on=date(2026, 5, 1)).spoken(ZH) == "5月1日 周五"


def test_a_percent_sign_in_a_name_breaks_nothing():
    assert say("Good morning, %(name)s", name="100% %(x)s").spoken(EN) == "Good morning, 100% %(x)s"


values = st.one_of(st.text(), st.integers(), st.dates(), st.datetimes(timezones=st.just(UTC)))


@given(st.dictionaries(st.from_regex(r"[a-z]+", fullmatch=True).filter(lambda name: name != "words"), values))
def test_a_sentence_that_was_put_away_comes_back_the_same(said):
    sentence = say("words", **said)
    assert kept(sentence.as_json()) == sentence
    assert kept(say_n("one", "many", 3).as_json()) == say_n("one", "many", 3)


@pytest.mark.parametrize(
    ("says", "tag"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,en;q=0.5", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.3,zh;q=0.5", "zh-Hans"),
        ("fr", "en"),
        ("", "en"),
        ("en;q=0,zh", "zh-Hans"),
        (";;;q=x,,", "en"),
    ],
)
def test_the_browsers_first_language_that_we_speak(says, tag):
    assert preferred(says) == tag


@given(st.text(max_size=300))
def test_no_header_breaks_the_choice_of_language(says):
    assert preferred(says) in NAMES


def test_a_neighbours_words_keep_their_own_language():
    assert of_text("修水管", "en") == "zh-Hans"
    assert of_text("I fix taps", "zh-Hans") == "en"
    assert of_text("Wi-Fi 安装调试都可以", "en") == "zh-Hans"
    assert of_text("123", "en") == "en"


async def test_two_hundred_readers_at_once_each_hear_their_own_language():
    async def read(tag: str) -> tuple[str, str]:
        speaking.set(language(tag))
        await asyncio.sleep(0)
        return tag, say("Home").spoken(speaking.get())

    heard = await asyncio.gather(*[read(tag) for tag in list(NAMES) * 100])
    assert set(heard) == {("en", "Home"), ("zh-Hans", "首页")}


def test_what_the_catalogue_has_beside_its_plural_is_found_when_it_is_said_of_one():
    assert language("zh-Hans").gettext("Renewed once") % {"num": 1} == "已续借 1 次"
    assert (language("en").gettext("Renewed once"), language("zh-Hans").gettext("")) == ("Renewed once", "")
