"""Lists of residents: what they say, who is who, and what they bring."""

from app.features.roster.rules.claimed import (
    Behind,
    Claimed,
    behind_the_door,
    claimed_of,
    confirm,
    erase,
    on_home,
    put_right,
)
from app.features.roster.rules.importing import import_residents
from app.features.roster.rules.keeping import forget, mine, purge
from app.features.roster.rules.report import Outcome, Report, What

__all__ = [
    "Behind",
    "Claimed",
    "Outcome",
    "Report",
    "What",
    "behind_the_door",
    "claimed_of",
    "confirm",
    "erase",
    "forget",
    "import_residents",
    "mine",
    "on_home",
    "purge",
    "put_right",
]
