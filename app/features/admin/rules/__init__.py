"""The committee's desk: what an administrator looks at and does, and whom it is told to."""

from app.features.admin.rules.finding import Found, find
from app.features.admin.rules.looking import Dossier, dossier
from app.features.admin.rules.moving import add_neighbour
from app.features.admin.rules.overview import Holder, Overview, holders, overview
from app.features.admin.rules.records import Asked, Entry, Records, deeds_known, records, records_of
from app.features.admin.rules.standing import STATES, bring_back, depart, let_in, lift, make_wait, suspend
from app.features.admin.rules.trust import end_role, give_role, give_role_again

__all__ = [
    "STATES",
    "Asked",
    "Dossier",
    "Entry",
    "Found",
    "Holder",
    "Overview",
    "Records",
    "add_neighbour",
    "bring_back",
    "deeds_known",
    "depart",
    "dossier",
    "end_role",
    "find",
    "give_role",
    "give_role_again",
    "holders",
    "let_in",
    "lift",
    "make_wait",
    "overview",
    "records",
    "records_of",
    "suspend",
]
