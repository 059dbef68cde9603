"""公告: what the committee and the stewards tell an area, and how far it went."""

from app.features.announcements.rules.board import (
    ReadBy,
    Shown,
    announcement,
    board,
    note_reading,
    pinned,
    read_by,
)
from app.features.announcements.rules.keeping import KEPT, forget, mine, on_home, purge, reportable
from app.features.announcements.rules.pocket import in_pocket
from app.features.announcements.rules.reach import areas_kept, may_write, writes
from app.features.announcements.rules.writing import (
    Draft,
    announce,
    edit,
    give_back,
    put_up_again,
    take_away,
    withdraw,
)

__all__ = [
    "KEPT",
    "Draft",
    "ReadBy",
    "Shown",
    "announce",
    "announcement",
    "areas_kept",
    "board",
    "edit",
    "forget",
    "give_back",
    "in_pocket",
    "may_write",
    "mine",
    "note_reading",
    "on_home",
    "pinned",
    "purge",
    "put_up_again",
    "read_by",
    "reportable",
    "take_away",
    "withdraw",
    "writes",
]
