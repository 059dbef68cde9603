from typing import Any

from app.features.roster.pages.claimed import ClaimedPages, ToldPages

PAGES: tuple[Any, ...] = (ClaimedPages, ToldPages)
