"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

from datetime import datetime
from typing import Any

from app.features.accounts import pages as accounts_pages
from app.features.accounts import rules as accounts
from app.features.home import pages as home_pages
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.kit import audit, deeds, limits
from app.kit.words import say

TABS = (("/", say("Home"), "house"),)
PAGES = (*home_pages.PAGES, *accounts_pages.PAGES)
MINE = {"people": people.mine, "accounts": accounts.mine, "notices": notices.mine, "audit": audit.mine}
ON_HOME: tuple[Any, ...] = ()


async def tidy(now: datetime) -> None:
    """What has had its time goes, as /privacy promises."""
    for purge in (deeds.purge, limits.purge, accounts.purge, notices.purge):
        await purge(now)
