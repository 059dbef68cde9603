"""A notice comes as a letter that reads well anywhere, can be stopped, and says what became of it."""

import asyncio
import logging
import re
from html.parser import HTMLParser

import pytest

from app.features.notices.jobs.letters import ByMail
from app.features.notices.rules.roads import Verdict
from app.features.notices.tables import By
from app.kit import mail
from tests.messages import NOON, a_message
from tests.post_office import a_post_office


async def letter_of(message):
    async with a_post_office() as office:
        assert (await ByMail(office.smtp).carry(message, NOON)).verdict == Verdict.accepted
    [letter] = office.letters
    return letter, letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()


class Reading(HTMLParser):
    """What a mail program makes of it: the words, where the links lead, and what has no business in a letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links, self.tags = "", [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words += data


async def test_a_letter_says_all_of_it_twice_as_text_and_in_the_houses_colours():
    message = a_message(By.email)

    letter, text, html = await letter_of(message)

    read = Reading(html)
    assert letter["To"] == "quorra@zzyzx.example" and letter["From"] == "百川里 <kith@example.org>"
    assert letter["Subject"] == "You have an answer." and letter["Content-Language"] == "en"
    for words in (text, read.words):
        assert "Lin Zzyzx comes at nine and brings a ladder." in words and "百川里" in words
    assert message.url in text and message.stop in text
    assert read.links == [message.url, message.stop]
    assert "prefers-color-scheme:dark" in html and 'lang="en"' in html


async def test_a_letter_is_in_its_readers_language():
    letter, text, html = await letter_of(a_message(By.email, "zh-Hans", words="林阿姨九点来。"))

    assert letter["Subject"] == "您收到一个答复。" and letter["Content-Language"] == "zh-Hans"
    assert "林阿姨九点来。" in text and 'lang="zh-Hans"' in html
    assert not re.search(r"[A-Za-z]{4,} [a-z]{3,}", Reading(html).words.partition("}}")[2])


async def test_mail_programs_find_the_stop_and_it_is_one_press():
    """RFC 8058, 3.1. A long link stays one link."""
    message = a_message(By.email)

    letter, _, _ = await letter_of(message)

    assert letter["List-Unsubscribe"] == f"<{message.stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{message.stop}>" in letter.as_string(policy=mail.POLICY)


async def test_what_always_comes_offers_no_stop_and_says_why():
    letter, text, html = await letter_of(a_message(By.email, stop="", topic="account"))

    assert letter["List-Unsubscribe"] is None and "No more e-mails" not in text + html
    assert "cannot be stopped" in text and "cannot be stopped" in html


async def test_the_days_letter_lists_each_with_its_own_link():
    lines = (("Your ladder is back.", "https://kith.example.org/asks/1"), ("Mr. Wu says thanks.", "https://kith/2"))

    _, text, html = await letter_of(a_message(By.email, lines=lines))

    for words, address in lines:
        assert words in text and address in text
        assert f'<li><a href="{address}">{words}</a></li>' in html


async def test_no_word_of_a_neighbour_becomes_a_tag_or_a_header():
    nasty = {"words": "<script>x</script>\r\n<img src=x>", "title": "A\r\nBcc: all@example.org", "place": "<b>"}

    letter, _, html = await letter_of(a_message(By.email, **nasty))

    assert letter["Bcc"] is None and not {"script", "img", "b"} & Reading(html).tags


async def test_a_repeat_bears_the_same_mark():
    message = a_message(By.email)
    (first, _, _), (again, _, _) = await letter_of(message), await letter_of(message)
    other, _, _ = await letter_of(a_message(By.email))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


async def test_letters_that_follow_one_another_share_a_line():
    async with a_post_office() as office:
        road = ByMail(office.smtp)
        for _ in range(3):
            await road.carry(a_message(By.email), NOON)
        assert len(office.letters) == 3 and office.calls == 1

        await asyncio.gather(*[road.carry(a_message(By.email), NOON) for _ in range(20)])
        assert len(office.letters) == 23 and office.calls <= road.at_once


async def test_a_line_that_went_dead_meanwhile_loses_no_letter_and_doubles_none():
    async with a_post_office() as office:
        road = ByMail(office.smtp)
        await road.carry(a_message(By.email), NOON)
        office.hang_up_all()
        assert (await road.carry(a_message(By.email), NOON)).verdict == Verdict.accepted
    assert len(office.letters) == 2 and office.calls == 2


async def test_a_line_on_which_nothing_follows_is_hung_up(monkeypatch):
    monkeypatch.setattr(mail, "IDLE", 0.1)
    async with a_post_office() as office:
        await ByMail(office.smtp).carry(a_message(By.email), NOON)
        assert office.open
        for _ in range(100):
            await asyncio.sleep(0.03)
            if not office.open:
                break
        assert not office.open


@pytest.mark.parametrize(
    ("how", "verdict", "answer"),
    [
        ({"knows_nobody": True}, Verdict.failed, 550),
        ({"knows_nobody": True, "refusal": 450}, Verdict.again, 450),
        ({"out_of_order": True}, Verdict.again, 421),
    ],
)
async def test_a_refusal_is_for_good_only_where_the_server_says_so_of_this_reader(how, verdict, answer, caplog):
    caplog.set_level(logging.DEBUG)
    async with a_post_office(**how) as office:
        outcome = await ByMail(office.smtp).carry(a_message(By.email), NOON)

    assert (outcome.verdict, outcome.answer) == (verdict, answer)
    assert "zzyzx" not in (caplog.text + repr(outcome)).lower()


async def test_a_server_that_is_away_is_tried_again():
    async with a_post_office() as office:
        pass
    assert (await ByMail(office.smtp).carry(a_message(By.email), NOON)).verdict == Verdict.again
