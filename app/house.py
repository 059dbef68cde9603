"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from app.config import Settings
from app.doorbell import TOPICS as TOPICS
from app.doorbell import bell as bell
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
from app.features.calendars import pages as calendars_pages
from app.features.calendars import rules as calendars
from app.features.community import rules as community
from app.features.events import jobs as events_jobs
from app.features.events import pages as events_pages
from app.features.events import rules as events
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
from app.features.sharing import jobs as sharing_jobs
from app.features.sharing import pages as sharing_pages
from app.features.sharing import rules as sharing
from app.features.skills import jobs as skills_jobs
from app.features.skills import pages as skills_pages
from app.features.skills import rules as skills
from app.features.spaces import jobs as spaces_jobs
from app.features.spaces import pages as spaces_pages
from app.features.spaces import rules as spaces
from app.kit import audit, deeds, kept, later, pictures, queue
from app.kit.clockwork import every
from app.kit.keeping import Keeping, Purge
from app.kit.words import say

TABS = (  # path, label, icon, and the first word of what else is under it
    ("/", say("Home"), "house", ()),
    ("/neighbours", say("Neighbours"), "users", ("asks", "households", "skills")),
    ("/share", say("Share"), "handshake", ("loans",)),
    ("/spaces", say("Spaces"), "door-open", ("bookings",)),
    ("/help", say("Help"), "hand-heart", ()),
)
PAGES = (
    *home_pages.PAGES,
    *privacy_pages.PAGES,
    *roster_pages.PAGES,
    *skills_pages.PAGES,
    *help_pages.PAGES,
    *spaces_pages.PAGES,
    *calendars_pages.PAGES,
    *events_pages.PAGES,
    *sharing_pages.PAGES,
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
    spaces.on_home,
    sharing.on_home,
    sharing.wanted_on_home,
    events.on_home,
    skills.on_home,
)
SOON_IN: tuple[Any, ...] = (events.soon_in,)  # what is on in a space: its page shows it, and knows no events
# What somebody can read without a network, the most pressing first.
IN_POCKET: tuple[Any, ...] = (
    alerts.in_pocket,
    needs.in_pocket,
    spaces.in_pocket,
    sharing.in_pocket,
    announcements.in_pocket,
    household.in_pocket,
)
IN_CALENDAR: tuple[Any, ...] = (spaces.in_calendar, events.in_calendar, sharing.in_calendar)


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
    **spaces_jobs.JOBS,
    **events_jobs.JOBS,
    **sharing_jobs.JOBS,
    **alerts_jobs.JOBS,
}
MINE = {
    "people": people.mine,
    "accounts": accounts.mine,
    "joining": joining.mine,
    "notices": notices.mine,
    "calendars": calendars.mine,
    "household": household.mine,
    "announcements": announcements.mine,
    "moderation": moderation.mine,
    "skills": skills.mine,
    "roster": roster.mine,
    "help": needs.mine,
    "spaces": spaces.mine,
    "events": events.mine,
    "sharing": sharing.mine,
    "alerts": alerts.mine,
    "pictures": pictures.mine,
    "waiting": queue.mine,
    "audit": audit.mine,
}
# In the order in which an erasure goes: those above first, the person's own row last, since notices look for the name.
FORGET = {
    "alerts": alerts.forget,
    "sharing": sharing.forget,
    "events": events.forget,
    "spaces": spaces.forget,
    "help": needs.forget,
    "roster": roster.forget,
    "skills": skills.forget,
    "household": household.forget,
    "joining": joining.forget,
    "moderation": moderation.forget,
    "announcements": announcements.forget,
    "calendars": calendars.forget,
    "notices": notices.forget,
    "accounts": accounts.forget,
    "pictures": pictures.forget,
    "waiting": queue.forget,
    "deeds": deeds.forget,
    "people": people.forget,
}
# How each feature ends what somebody who leaves has open with others.
STEP_BACK = (skills.step_back, needs.step_back, sharing.step_back, events.step_back, spaces.step_back)
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
    *spaces.KEPT,
    *events.KEPT,
    *sharing.KEPT,
    *alerts.KEPT,
    *calendars.KEPT,
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
    "spaces": spaces.may_see_photo,
    "share": sharing.may_see_photo,
    "loans": sharing.may_see_loan_photo,
}
# What stays at its hour when the clock of the community is set to another zone: rooms first, then what is on in them.
KEEP_THE_HOURS: tuple[Any, ...] = (spaces.keep_the_hours, events.keep_the_hours)
# What two have open with each other ends when one blocks the other.
PART_WAYS = (skills.part_ways, household.part_ways, needs.part_ways, events.part_ways, sharing.part_ways)
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
    *events_jobs.CLOCKWORK,
    *sharing_jobs.CLOCKWORK,
)
