"""What the house is made of: its features' pages, jobs and hooks. The front door and the worker read it."""

from typing import Any

from app.features.accounts import pages as accounts_pages
from app.features.accounts import rules as accounts
from app.features.people import rules as people

TABS: tuple[Any, ...] = ()
PAGES = (*accounts_pages.PAGES,)
MINE = {"people": people.mine, "accounts": accounts.mine}
