"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

from datetime import datetime, timedelta
from typing import Any

from app.features.accounts import pages as accounts_pages
from app.features.accounts import rules as accounts
from app.features.admin import pages as admin_pages
from app.features.announcements import pages as announcements_pages
from app.features.announcements import rules as announcements
from app.features.home import pages as home_pages
from app.features.moderation import jobs as moderation_jobs
from app.features.moderation import pages as moderation_pages
from app.features.moderation import rules as moderation
from app.features.notices import pages as notices_pages
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.roster import pages as roster_pages
from app.features.roster import rules as roster
from app.features.skills import jobs as skills_jobs
from app.features.skills import pages as skills_pages
from app.features.skills import rules as skills
from app.kit import audit, changes, deeds, later, limits, pictures
from app.kit.clockwork import every
from app.kit.reporting import Matter, Matters
from app.kit.words import say

TABS = (("/", say("Home"), "house"), ("/neighbours", say("Neighbours"), "users"))
PAGES = (
    *home_pages.PAGES,
    *roster_pages.PAGES,
    *skills_pages.PAGES,
    *announcements_pages.PAGES,
    *moderation_pages.PAGES,
    *admin_pages.PAGES,
    *accounts_pages.PAGES,
    *notices_pages.PAGES,
)
ON_HOME: tuple[Any, ...] = (announcements.on_home, moderation.on_home, skills.on_home)
JOBS: dict[str, later.Job] = {**skills_jobs.JOBS, **moderation_jobs.JOBS}
MINE = {
    "people": people.mine,
    "accounts": accounts.mine,
    "notices": notices.mine,
    "announcements": announcements.mine,
    "moderation": moderation.mine,
    "skills": skills.mine,
    "roster": roster.mine,
    "pictures": pictures.mine,
    "audit": audit.mine,
}
FORGET = {
    "people": people.forget,
    "accounts": accounts.forget,
    "notices": notices.forget,
    "announcements": announcements.forget,
    "moderation": moderation.forget,
    "skills": skills.forget,
    "roster": roster.forget,
    "pictures": pictures.forget,
}
# Who may see a picture: by the first word of the page it belongs to.
MAY_SEE: dict[str, pictures.MaySee] = {"neighbours": people.may_see_photo}

# What neighbours may report, and how officers take it away and give it back.
_OF_SKILLS = (skills.reportable, skills.take_away, skills.give_back)
MATTERS: Matters = {
    "person": Matter(say("a neighbour's page"), skills.reportable),
    "skill": Matter(say("an offered skill"), *_OF_SKILLS),
    "ask": Matter(say("an ask"), *_OF_SKILLS),
    "thanks": Matter(say("a word of thanks"), *_OF_SKILLS),
    "announcement": Matter(
        say("an announcement"), announcements.reportable, announcements.take_away, announcements.give_back
    ),
}
# What two have open with each other ends when one blocks the other.
PART_WAYS: tuple[Any, ...] = (skills.part_ways,)


async def tidy(now: datetime) -> None:
    """What has had its time goes."""
    tables = (deeds.purge, limits.purge, changes.purge, later.purge, accounts.purge, notices.purge, roster.purge)
    for purge in (*tables, announcements.purge, moderation.purge, pictures.sweep):
        await purge(now)


CLOCKWORK = (every(timedelta(hours=6), tidy, "tidy"), *skills_jobs.CLOCKWORK)
