"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

from datetime import datetime, timedelta
from typing import Any

from app.features.accounts import jobs as accounts_jobs
from app.features.accounts import pages as accounts_pages
from app.features.accounts import rules as accounts
from app.features.admin import pages as admin_pages
from app.features.home import pages as home_pages
from app.features.joining import pages as joining_pages
from app.features.joining import rules as joining
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
from app.kit.words import say

TABS = (("/", say("Home"), "house"), ("/neighbours", say("Neighbours"), "users"))
PAGES = (
    *home_pages.PAGES,
    *roster_pages.PAGES,
    *skills_pages.PAGES,
    *admin_pages.PAGES,
    *joining_pages.PAGES,
    *accounts_pages.PAGES,
    *notices_pages.PAGES,
)
ON_HOME: tuple[Any, ...] = (accounts.on_home, joining.on_home, skills.on_home)
JOBS: dict[str, later.Job] = {**accounts_jobs.JOBS, **skills_jobs.JOBS}
MINE = {
    "people": people.mine,
    "accounts": accounts.mine,
    "joining": joining.mine,
    "notices": notices.mine,
    "skills": skills.mine,
    "roster": roster.mine,
    "pictures": pictures.mine,
    "audit": audit.mine,
}
FORGET = {
    "people": people.forget,
    "accounts": accounts.forget,
    "joining": joining.forget,
    "notices": notices.forget,
    "skills": skills.forget,
    "roster": roster.forget,
    "pictures": pictures.forget,
}
# Who may see a picture: by the first word of the page it belongs to.
MAY_SEE: dict[str, pictures.MaySee] = {"neighbours": people.may_see_photo}


async def tidy(now: datetime) -> None:
    """What has had its time goes."""
    tables = (deeds.purge, limits.purge, changes.purge, later.purge, accounts.purge, notices.purge, roster.purge)
    for purge in (*tables, joining.purge, pictures.sweep):
        await purge(now)


CLOCKWORK = (every(timedelta(hours=6), tidy, "tidy"), *skills_jobs.CLOCKWORK)
