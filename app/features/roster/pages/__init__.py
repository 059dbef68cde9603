from typing import Any

from app.features.roster.pages.claimed import ClaimedPages, ToldPages
from app.features.roster.pages.uploading import RosterPages
from app.features.roster.pages.uploads import UploadPages

PAGES: tuple[Any, ...] = (ClaimedPages, ToldPages, RosterPages, UploadPages)
