"""Letters leave the house as they were meant, or their job hears of it."""

import asyncio
from dataclasses import replace

import pytest

from app.addresses import Smtp
from app.config import WrongSetting, from_env, settings
from app.db import writing
from app.doctor import roads
from app.kit import later, mail
from app.kit.tables import Later
from tests.makers import NOON
from tests.post_office import a_certificate, a_post_office

LETTER = {
    "to": "ana@example.org",
    "name": "百川里",
    "subject": "新密码",
    "text": "林阿姨，您好：\n\nline\n",
    "tag": "zh-Hans",
}


async def test_a_letter_arrives_in_its_readers_own_letters():
    async with a_post_office() as office:
        await mail.send(office.smtp, **LETTER)

    [letter] = office.letters
    assert letter["To"] == "ana@example.org" and letter["From"] == "百川里 <kith@example.org>"
    assert letter["Subject"] == "新密码" and letter["Content-Language"] == "zh-Hans"
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Message-ID"].endswith("@example.org>")
    assert letter.get_content().splitlines() == ["林阿姨，您好：", "", "line"]


async def test_tls_is_used_where_it_is_offered_and_the_password_goes_through_it(tmp_path):
    async with a_post_office(tls=a_certificate(tmp_path), asks_password=True) as office:
        await mail.send(office.smtp, **LETTER)
    assert office.under_tls == [True]


async def test_no_password_goes_in_the_clear_over_a_network(monkeypatch):
    monkeypatch.setattr(mail, "is_here", lambda host: False)
    async with a_post_office(asks_password=True) as office:
        with pytest.raises(mail.Unsafe):
            await mail.send(office.smtp, **LETTER)
    assert office.letters == []


async def test_elsewhere_only_a_certificate_that_somebody_vouches_for_will_do(monkeypatch, tmp_path):
    monkeypatch.setattr(mail, "is_here", lambda host: False)
    async with a_post_office(tls=a_certificate(tmp_path), asks_password=True) as office:
        assert "certificate" in (await asyncio.to_thread(mail.why_not, office.smtp)).lower()


async def test_a_name_cannot_write_a_header_of_its_own():
    async with a_post_office() as office:
        await mail.send(office.smtp, **LETTER | {"subject": "Hello\r\nBcc: all@example.org", "name": "A\nB: c"})
    [letter] = office.letters
    assert letter["Bcc"] is None and letter["Subject"] == "Hello Bcc: all@example.org"


async def test_a_server_that_is_out_of_order_is_the_jobs_to_try_again():
    async with a_post_office(out_of_order=True) as office:
        with pytest.raises((mail.Undelivered, OSError)):
            await mail.send(office.smtp, **LETTER)


async def test_no_log_learns_from_a_refusal_whom_the_letter_was_for(caplog):
    async def job(now):
        await mail.send(office.smtp, **LETTER)

    async with a_post_office(knows_nobody=True) as office:
        await later.at(NOON, "letter", key="1")
        await later.run_due({"letter": job}, NOON)
    assert "550" in caplog.text and "ana@" not in caplog.text + str(await Later.select())


async def test_nobody_waits_for_a_mail_server_with_the_database_in_hand():
    async with a_post_office() as office, writing():
        with pytest.raises(RuntimeError):
            await mail.send(office.smtp, **LETTER)


async def test_the_doctor_says_whether_the_mail_server_answers():
    async with a_post_office(asks_password=True) as office:
        known = replace(settings(), smtp=office.smtp)
        assert await about_letters(known) == [(True, f"E-mail: 127.0.0.1:{office.port} answers")]
        wrong = replace(known, smtp=replace(office.smtp, password="other"))
        [(well, words)] = await about_letters(wrong)
        assert well is False and "535" in words
    assert await about_letters(replace(known, smtp=None)) == []


async def about_letters(known):
    return [each async for each in roads(known) if each[1].startswith("E-mail")]


@pytest.mark.parametrize(
    ("url", "smtp"),
    [
        ("smtp://mail.example.org", Smtp("mail.example.org", 587, False, "", "", "kith@mail.example.org")),
        ("smtps://a%40b.org:p%3Aw@h.org", Smtp("h.org", 465, True, "a@b.org", "p:w", "a@b.org")),
        ("smtp://h:25?from=lin@example.org", Smtp("h", 25, False, "", "", "lin@example.org")),
    ],
)
def test_an_address_says_all_there_is_to_say_about_a_mail_server(url, smtp):
    assert from_env({"KITH_SMTP_URL": url}).smtp == smtp


@pytest.mark.parametrize(
    "url", ["http://h", "smtp://", "smtp://h:x", "smtp://h/path", "smtp://h?from=nobody", "smtp://h?to=a@b.c", "mail"]
)
def test_a_wrong_address_stops_the_start(url):
    with pytest.raises(WrongSetting, match="KITH_SMTP_URL"):
        from_env({"KITH_SMTP_URL": url})


def test_the_password_of_the_mail_server_is_in_no_trace():
    assert "hunter2" not in repr(from_env({"KITH_SMTP_URL": "smtp://kith:hunter2@h"}))
