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
from app.features.roster.rules.desk import FILTERS, STAGE_WORDS, lists_on_home
from app.features.roster.rules.headings import WORDS as FIELD_WORDS
from app.features.roster.rules.importing import Way, import_residents
from app.features.roster.rules.keeping import KEPT, forget, mine, purge
from app.features.roster.rules.papers import GONE, MOVED, Entry, entries, progress
from app.features.roster.rules.report import Outcome, Report, What
from app.features.roster.rules.sheets import ENCODINGS, SEPARATORS, Reading
from app.features.roster.rules.uploads import (
    BUSY,
    MOST_BYTES,
    bring,
    cancel,
    choose_anew,
    imports,
    look_again,
    one_upload,
    read,
    reading_of,
    refused_rows,
    sheet_of,
    upload,
    uploads,
)
from app.features.roster.rules.uploads import purge as purge_uploads

__all__ = [
    "BUSY",
    "ENCODINGS",
    "FIELD_WORDS",
    "FILTERS",
    "GONE",
    "KEPT",
    "MOST_BYTES",
    "MOVED",
    "SEPARATORS",
    "STAGE_WORDS",
    "Behind",
    "Claimed",
    "Entry",
    "Outcome",
    "Reading",
    "Report",
    "Way",
    "What",
    "behind_the_door",
    "bring",
    "cancel",
    "choose_anew",
    "claimed_of",
    "confirm",
    "entries",
    "erase",
    "forget",
    "import_residents",
    "imports",
    "lists_on_home",
    "look_again",
    "mine",
    "on_home",
    "one_upload",
    "progress",
    "purge",
    "purge_uploads",
    "put_right",
    "read",
    "reading_of",
    "refused_rows",
    "sheet_of",
    "upload",
    "uploads",
]
