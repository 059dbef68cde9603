"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from app.config import Settings
from app.features.accounts import jobs as accounts_jobs
from app.features.accounts import pages as accounts_pages
from app.features.accounts import rules as accounts
from app.features.admin import jobs as admin_jobs
from app.features.admin import pages as admin_pages
from app.features.admin import rules as admin
from app.features.alerts import jobs as alerts_jobs
from app.features.alerts import pages as alerts_pages
from app.features.alerts import rules as alerts
from app.features.announcements import pages as announcements_pages
from app.features.announcements import rules as announcements
from app.features.community import rules as community
from app.features.help import jobs as help_jobs
from app.features.help import pages as help_pages
from app.features.help import rules as needs
from app.features.home import pages as home_pages
from app.features.household import pages as household_pages
from app.features.household import rules as household
from app.features.joining import pages as joining_pages
from app.features.joining import rules as joining
from app.features.moderation import jobs as moderation_jobs
from app.features.moderation import pages as moderation_pages
from app.features.moderation import rules as moderation
from app.features.notices import jobs as notices_jobs
from app.features.notices import pages as notices_pages
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.privacy import pages as privacy_pages
from app.features.privacy import rules as privacy
from app.features.roster import jobs as roster_jobs
from app.features.roster import pages as roster_pages
from app.features.roster import rules as roster
from app.features.skills import jobs as skills_jobs
from app.features.skills import pages as skills_pages
from app.features.skills import rules as skills
from app.kit import audit, deeds, kept, later, pictures
from app.kit.clockwork import every
from app.kit.keeping import Keeping, Purge
from app.kit.reporting import Matter, Matters
from app.kit.words import say

TABS = (
    ("/", say("Home"), "house"),
    ("/neighbours", say("Neighbours"), "users"),
    ("/help", say("Help"), "hand-heart"),
)
PAGES = (
    *home_pages.PAGES,
    *privacy_pages.PAGES,
    *roster_pages.PAGES,
    *skills_pages.PAGES,
    *help_pages.PAGES,
    *alerts_pages.PAGES,
    *announcements_pages.PAGES,
    *moderation_pages.PAGES,
    *admin_pages.PAGES,
    *household_pages.PAGES,
    *joining_pages.PAGES,
    *accounts_pages.PAGES,
    *notices_pages.PAGES,
)
# The first that knows a first step gives it: what a list says of me, then our card, then a skill.
ON_HOME: tuple[Any, ...] = (
    alerts.on_home,
    accounts.on_home,
    announcements.on_home,
    moderation.on_home,
    joining.on_home,
    admin.on_home,
    roster.on_home,
    roster.lists_on_home,
    household.on_home,
    needs.on_home,
    skills.on_home,
)
# What somebody can read without a network, the most pressing first.
IN_POCKET: tuple[Any, ...] = (alerts.in_pocket, needs.in_pocket, announcements.in_pocket, household.in_pocket)
# What notices are about, and what a lock screen says of each (`safety.md` 10).
TOPICS = notices.together(
    notices.TOPICS,
    {
        "alerts": notices.Topic(
            say("Emergencies"), say("There is an alert for where you live."), personal=False, always=True
        ),
        "announcements": notices.Topic(say("Announcements"), say("There is a new announcement."), personal=False),
        "asks": notices.Topic(say("Asks and skills"), say("You have an answer.")),
        "needs": notices.Topic(say("Needs"), say("There is news about a need."), personal=True),
        "household": notices.Topic(say("Your household"), say("There is news for your household.")),
        "people": notices.Topic(say("Neighbours who join"), say("A neighbour is at the door.")),
        "roles": notices.Topic(say("Roles"), say("Something about your role waits for you.")),
        "reports": notices.Topic(say("Reports"), say("Something waits for you.")),
        "account": notices.Topic(say("Your account"), say("Something about your account was changed."), always=True),
    },
)


def bell(known: Settings) -> notices.Bell:
    """What the doorbell needs to know of this installation and of the features above it."""

    def stop(person: int, topic: str, by: notices.By) -> str:
        """Nothing for what always comes; with the topic "" it stops a digest of several."""
        always = topic in TOPICS and TOPICS[topic].always
        return "" if always else known.base_url + notices.stop_path(person, topic, by)

    def way(path: str, person: int, topic: str, by: notices.By, made_at: datetime) -> str:
        """What somebody is told of an alert that went to them leads, in letters, to where one answers at once.

        A phone that rings is signed in, and what officers are told about an alert is for those who sign in.
        """
        alert = re.fullmatch(r"/alerts/(\d+)", path) if topic in ("alerts", "household") else None
        return alerts.link_path(int(alert[1]), person, made_at) if alert and by != notices.By.push else path

    return notices.Bell(TOPICS, notices_jobs.open_roads(known), accounts.addresses, known.base_url, stop, way)


def beside(known: Settings) -> tuple[Callable[[asyncio.Event], Awaitable[Any]], ...]:
    """What the worker does beside its jobs: it rings."""
    return (notices_jobs.at_work(bell(known), known),)


JOBS: dict[str, later.Job] = {
    **accounts_jobs.JOBS,
    **moderation_jobs.JOBS,
    **admin_jobs.JOBS,
    **skills_jobs.JOBS,
    **roster_jobs.JOBS,
    **help_jobs.JOBS,
    **alerts_jobs.JOBS,
}
MINE = {
    "people": people.mine,
    "accounts": accounts.mine,
    "joining": joining.mine,
    "notices": notices.mine,
    "household": household.mine,
    "announcements": announcements.mine,
    "moderation": moderation.mine,
    "skills": skills.mine,
    "roster": roster.mine,
    "help": needs.mine,
    "alerts": alerts.mine,
    "pictures": pictures.mine,
    "audit": audit.mine,
}
# In the order in which an erasure goes: those above first, the person's own row last, since notices look for the name.
FORGET = {
    "alerts": alerts.forget,
    "help": needs.forget,
    "roster": roster.forget,
    "skills": skills.forget,
    "household": household.forget,
    "joining": joining.forget,
    "moderation": moderation.forget,
    "announcements": announcements.forget,
    "notices": notices.forget,
    "accounts": accounts.forget,
    "pictures": pictures.forget,
    "deeds": deeds.forget,
    "people": people.forget,
}
# How each feature ends what somebody who leaves has open with others.
STEP_BACK: tuple[Any, ...] = (skills.step_back, needs.step_back)
# All that is kept, what for, and how long: /privacy is written from it, and what has had its time goes by it.
KEPT: tuple[Keeping, ...] = (
    *people.KEPT,
    *household.KEPT,
    *joining.KEPT,
    *moderation.KEPT,
    *announcements.KEPT,
    *accounts.KEPT,
    *skills.KEPT,
    *needs.KEPT,
    *alerts.KEPT,
    *notices.KEPT,
    *roster.KEPT,
    *kept.KEPT,
    *community.KEPT,
)
# Who may see a picture: by the first word of the page it belongs to.
MAY_SEE: dict[str, pictures.MaySee] = {
    "neighbours": people.may_see_photo,
    "help": needs.may_see_photo,
    "alerts": alerts.may_see_photo,
}

# What neighbours may report, and how officers take it away and give it back.
_OF_SKILLS = (skills.reportable, skills.take_away, skills.give_back)
MATTERS: Matters = {
    "person": Matter(say("a neighbour's page"), skills.reportable),
    "skill": Matter(say("an offered skill"), *_OF_SKILLS),
    "ask": Matter(say("an ask"), *_OF_SKILLS),
    "thanks": Matter(say("a word of thanks"), *_OF_SKILLS),
    "need": Matter(say("a need"), needs.reportable, needs.take_away, needs.give_back_reported),
    "announcement": Matter(
        say("an announcement"), announcements.reportable, announcements.take_away, announcements.give_back
    ),
}
# What two have open with each other ends when one blocks the other.
PART_WAYS: tuple[Any, ...] = (skills.part_ways, household.part_ways, needs.part_ways)
# Each counts the subscriptions of browsers that it keeps: they are bound to the key of `kith vapid`.
SUBSCRIBED: tuple[Callable[[], Awaitable[int]], ...] = (notices.phones,)


async def subscribed() -> int:
    return sum([await count() for count in SUBSCRIBED])


async def tidy(now: datetime) -> None:
    """What has had its time goes; one that fails holds up no other."""
    broken = []
    for purge in purges():
        try:
            await purge(now)
        except Exception as trouble:
            broken.append(trouble)
    if broken:
        raise ExceptionGroup("not everything could be tidied away", broken)


def purges() -> tuple[Purge, ...]:
    """Each once, though several lines of the list may share it."""
    return (*dict.fromkeys(each.purge for each in KEPT if each.purge), pictures.sweep)


async def erase_due(now: datetime) -> None:
    """Those whose thirty days are over, and whom an old backup brought back."""
    await privacy.erase_due(FORGET, now=now)
    await privacy.erase_again(FORGET, now=now)


CLOCKWORK = (
    every(timedelta(hours=6), tidy, "tidy"),
    every(timedelta(hours=1), erase_due, "erasures"),
    *skills_jobs.CLOCKWORK,
)
