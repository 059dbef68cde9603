"""The words that stand ready, and what the composer finds missing in a text."""

import json
import re

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import BODY, HEADLINE, TEMPLATES, sentence_of, template_words
from app.features.alerts.rules.composing import BLANK, must_fit
from app.features.alerts.tables import Alert, Category, Kind, Level, Type
from app.features.notices.jobs.push import AIM, payload
from app.features.notices.rules.roads import Message
from app.features.notices.tables import By, Urgency
from app.kit.languages import NAMES, language
from tests.alerting import a_plan
from tests.makers import NOON

TAGS = tuple(NAMES)
EACH = [pytest.param(category, tag, id=f"{category}-{tag}") for category in TEMPLATES for tag in TAGS]


def test_each_thing_that_happens_often_has_a_template():
    assert set(TEMPLATES) == set(Category) - {Category.other}
    assert {found.level for found in TEMPLATES.values()} == set(Level)


@pytest.mark.parametrize(("category", "tag"), EACH)
def test_E5_a_template_has_blanks_and_room_to_fill_them(category, tag):
    """As it stands, and with eight characters in each blank of the Chinese or sixteen of the English."""
    usual = "x" * (8 if tag == "zh-Hans" else 16)
    headline, body = template_words(category, tag)
    assert BLANK.search(headline) and BLANK.search(body)
    assert len(headline) <= HEADLINE and len(BLANK.sub(usual, headline)) <= HEADLINE
    assert len(body) <= BODY and len(BLANK.sub(usual, body)) <= BODY


@pytest.mark.parametrize(("category", "tag"), EACH)
def test_E12_a_filled_template_lacks_nothing(category, tag):
    headline, body = (re.sub(r"\[[^\]]*\]", "3 号楼 物业 building 3", words) for words in template_words(category, tag))
    body = f"物业 management {body} 18:00"
    plan = a_plan(category=category, headlines={tag: headline}, bodies={tag: body})
    assert rules.left_out(plan, tag) == ()


@pytest.mark.parametrize(("category", "tag"), EACH)
def test_E6_no_template_says_what_is_not_ours_to_say(category, tag):
    filled = {each: [BLANK.sub("3", words) for words in template_words(category, each)] for each in TAGS}
    plan = a_plan(
        category=category,
        headlines={each: words[0] for each, words in filled.items()},
        bodies={each: words[1] for each, words in filled.items()},
    )
    must_fit(plan, TAGS, NOON)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("category", TEMPLATES)
def test_E17_the_longest_of_them_fits_a_push_whole_in_both_languages(kind, category):
    """Whoever has no language of their own hears both in one notification; a mark stands before either."""
    words = {}
    for tag in TAGS:
        headline = template_words(category, tag)[0]
        longest = "水" if tag == "zh-Hans" else "w"
        words[tag] = headline + longest * (HEADLINE - len(headline))
    alert = Alert(kind=kind, headlines=_json(words))
    spoken = [sentence_of(alert, Type.correction).spoken(language(tag)) for tag in TAGS]
    message = Message(
        delivery=1,
        by=By.push,
        to="https://fcm.googleapis.com/fcm/send/" + "x" * 160,
        tongue=language("zh-Hans"),
        place="百川里社区居民委员会",
        title="百川里社区居民委员会",
        body="\n".join(spoken),
        words="\n".join(spoken),
        url="https://kith.neighbourhood.example.org/alerts/1234567",
        stop="",
        topic="alerts",
        tag="x" * 32,
        urgency=Urgency.critical,
        until=None,
    )
    plain = payload(message)
    assert len(plain) <= AIM
    for each in spoken:
        assert _json(each)[1:-1].encode() in plain, "nothing is cut off"


def _json(value):
    return json.dumps(value, ensure_ascii=False)


SAYS = {
    "物业通知：3 号楼停水，请先接水，下午六点恢复。": (),
    "3 号楼停水，请先接水，下午六点恢复。": ("who says so",),
    "物业通知：停水，请先接水，下午六点恢复。": ("where",),
    "物业通知：3 号楼停水，下午六点恢复。": ("what to do",),
    "物业通知：3 号楼停水，请先接水。": ("until when",),
    "物业通知：3 号楼，请先准备，下午六点恢复。": ("what it is",),
}


@pytest.mark.parametrize(("text", "missing"), SAYS.items(), ids=lambda each: str(each)[:20])
def test_E12_each_part_that_is_missing_is_named(text, missing):
    plan = a_plan(headlines={"zh-Hans": text}, bodies={"zh-Hans": ""})
    assert tuple(str(part) for part in rules.left_out(plan, "zh-Hans")) == missing


def test_a_named_source_counts_and_an_empty_text_is_not_nagged_about():
    relayed = a_plan(
        headlines={"en": "Rain in building 3, please stay in until 18:00"}, bodies={"en": ""},
        category=Category.storm, source="Bureau", source_url="https://a.example.org/",
    )  # fmt: skip
    assert rules.left_out(relayed, "en") == ()
    assert rules.left_out(a_plan(headlines={"en": ""}, bodies={"en": " "}), "en") == ()
