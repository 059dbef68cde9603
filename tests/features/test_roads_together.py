"""From what a feature tells to the letter on the mat, and the stop that stands in it: with the house's own doorbell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app import house
from app.config import settings
from app.db import writing
from app.features.accounts import rules as accounts
from app.features.notices import rules as notices
from app.features.notices.jobs.letters import ByMail
from app.features.notices.jobs.ringing import Traffic, spread_and_gather
from app.features.notices.tables import By, Urgency
from app.kit.words import say
from tests.post_office import a_post_office
from tests.ringing import fates, somebody

MIDDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # 12:00 in Shanghai
BASE = "https://kith.example.org"


async def tell(person, words, *, topic="asks", now=MIDDAY, **said):
    async with writing():
        await notices.tell(person.id, words, path="/asks/1", topic=topic, now=now, **said)


async def deliver(office, now=MIDDAY):
    bell = house.bell(replace(settings(), smtp=office.smtp, base_url=BASE))
    while await spread_and_gather(bell, now):
        pass
    traffic = Traffic(ByMail(office.smtp), bell, lambda: now)
    while await traffic.step():
        pass


def token_in(letter) -> str:
    return letter["List-Unsubscribe"].strip("<>").removeprefix(f"{BASE}/stop/")


async def test_whoever_has_no_phone_that_rings_gets_a_letter_and_none_more_once_it_is_stopped():
    ana = await somebody(phones=0)
    async with a_post_office() as office:
        await tell(ana, say("%(name)s asks for your help", name="Ben"))
        await deliver(office)
        [letter] = office.letters
        assert letter["To"] == f"n{ana.id}@example.org" and letter["Subject"] == "You have an answer."
        assert "Ben asks for your help" in letter.get_body(("plain",)).get_content()

        assert await notices.stop(token_in(letter), house.TOPICS, now=MIDDAY) == ["asks"]
        await tell(ana, say("Hello"))
        await deliver(office)
        assert len(office.letters) == 1 and await fates(By.email) == ["accepted"]

        await notices.bring_back(token_in(letter), house.TOPICS, ["asks"], now=MIDDAY)
        await tell(ana, say("Hello"), now=MIDDAY + timedelta(minutes=1))
        await deliver(office, MIDDAY + timedelta(minutes=1))
        assert len(office.letters) == 2


async def test_what_changes_an_account_comes_by_letter_too_and_carries_no_stop():
    ana = await somebody(phones=1)
    async with a_post_office() as office:
        async with writing():
            await accounts.tell_them(ana.id, say("Your password was changed."), now=MIDDAY)
        await deliver(office)
    [letter] = office.letters
    assert letter["List-Unsubscribe"] is None
    assert "Your password was changed." in letter.get_body(("plain",)).get_content()


async def test_the_days_letter_of_several_topics_stops_as_a_whole_and_of_one_topic_stops_that_one():
    several, one = [await somebody(phones=0, wishes={"daily_at": 18 * 60}) for _ in range(2)]
    async with a_post_office() as office:
        for person, topics in ((several, ("asks", "announcements")), (one, ("asks", "asks"))):
            for topic in topics:
                await tell(person, say("Hello"), topic=topic, urgency=Urgency.everyday)
        await deliver(office)
        await deliver(office, MIDDAY + timedelta(hours=6))

    letters = {letter["To"]: letter for letter in office.letters}
    assert len(office.letters) == 2
    whole = await notices.stop_of(token_in(letters[f"n{several.id}@example.org"]), house.TOPICS)
    single = await notices.stop_of(token_in(letters[f"n{one.id}@example.org"]), house.TOPICS)
    assert (whole.person, whole.name) == (several.id, "") and (single.person, single.name) == (one.id, "asks")
