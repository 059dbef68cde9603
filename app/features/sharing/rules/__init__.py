"""What neighbours lend, give away and look for."""

from app.features.sharing.rules.asking import Wish, ask, my_open_loans
from app.features.sharing.rules.beside import actor_of, instead_of
from app.features.sharing.rules.board import Card, Wanted, board
from app.features.sharing.rules.calendar import in_calendar
from app.features.sharing.rules.care import Care, ask_repair, broke, care_of, let_days_go, mended, repair_words
from app.features.sharing.rules.codes import show_code, type_code
from app.features.sharing.rules.contacts import contact_in, host_of
from app.features.sharing.rules.days import AHEAD, days_said, soonest, what
from app.features.sharing.rules.deciding import accept, agree_to, call_off, decline, propose, withdraw
from app.features.sharing.rules.drafts import (
    GIFT_STANDS,
    LONGEST_GAP,
    LONGEST_LOAN,
    LONGEST_PART,
    MOST_PARTS,
    Offer,
    last_day,
    parts_of,
)
from app.features.sharing.rules.free import free_from, free_now, next_free
from app.features.sharing.rules.handing import Goes, confirm, tick_off
from app.features.sharing.rules.hands import Hands, coming_back, handover, hands
from app.features.sharing.rules.history import DIDS, HAPPENED, Happened, history_of
from app.features.sharing.rules.home import on_home
from app.features.sharing.rules.keepers import Face, add_keeper, drop_keeper, keepers_named, might_keep
from app.features.sharing.rules.keeping import forget, mine
from app.features.sharing.rules.kept import KEPT
from app.features.sharing.rules.lent import lent, loan_for, steps_of
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.loan_photos import (
    add_photo as add_loan_photo,
)
from app.features.sharing.rules.loan_photos import (
    may_see_photo as may_see_loan_photo,
)
from app.features.sharing.rules.loan_photos import (
    remove_photo as remove_loan_photo,
)
from app.features.sharing.rules.month import LOOKS, MonthOfItem, month_of
from app.features.sharing.rules.my_loans import Loans, my_loans
from app.features.sharing.rules.offering import edit, offer, offer_again, pause, put_back, take_off
from app.features.sharing.rules.owners import MINE, Owner, may_offer_ours
from app.features.sharing.rules.parting import part_ways, step_back
from app.features.sharing.rules.photos import (
    MOST,
    Photo,
    add_photo,
    laid_aside,
    lay_aside,
    may_see_photo,
    must_say_what,
    photos_of,
    put_first,
    remove_photo,
    return_photo,
)
from app.features.sharing.rules.pocket import in_pocket
from app.features.sharing.rules.reach import Thing, item_for
from app.features.sharing.rules.reminding import look_in, remind
from app.features.sharing.rules.renewing import renew, undo_renewal
from app.features.sharing.rules.reporting import give_back, reportable, take_away
from app.features.sharing.rules.returning import Back, bring_back, confirm_back, count_back, deny_back
from app.features.sharing.rules.running_out import run_out
from app.features.sharing.rules.search_home import wanted_on_home
from app.features.sharing.rules.similar import Alike, similar
from app.features.sharing.rules.stages import Act, Lent, Side, acts
from app.features.sharing.rules.taking import ask_for_other_days, take_offer
from app.features.sharing.rules.thanking import prolong, thank, thanks_for
from app.features.sharing.rules.timeline import timeline
from app.features.sharing.rules.turns import Turn, turns_of
from app.features.sharing.rules.undoing import undo_answer
from app.features.sharing.rules.waiting import offer_next, somebody_waits
from app.features.sharing.rules.words import AUDIENCES, CATEGORIES, CONDITIONS, ICONS, KINDS, POLICIES, STAGES, STATES

__all__ = [
    "AHEAD",
    "AUDIENCES",
    "CATEGORIES",
    "CONDITIONS",
    "DIDS",
    "GIFT_STANDS",
    "HAPPENED",
    "ICONS",
    "KEPT",
    "KINDS",
    "LONGEST_GAP",
    "LONGEST_LOAN",
    "LONGEST_PART",
    "LOOKS",
    "MINE",
    "MOST",
    "MOST_PARTS",
    "POLICIES",
    "STAGES",
    "STATES",
    "Act",
    "Alike",
    "Back",
    "Card",
    "Care",
    "Face",
    "Goes",
    "Hands",
    "Happened",
    "Lent",
    "Loans",
    "MonthOfItem",
    "Offer",
    "Owner",
    "Photo",
    "Side",
    "Thing",
    "Turn",
    "Wanted",
    "Wish",
    "accept",
    "actor_of",
    "acts",
    "add_keeper",
    "add_loan_photo",
    "add_photo",
    "agree_to",
    "ask",
    "ask_for_other_days",
    "ask_repair",
    "board",
    "bring_back",
    "broke",
    "call_off",
    "care_of",
    "coming_back",
    "confirm",
    "confirm_back",
    "contact_in",
    "count_back",
    "days_said",
    "decline",
    "deny_back",
    "drop_keeper",
    "edit",
    "forget",
    "free_from",
    "free_now",
    "give_back",
    "handover",
    "hands",
    "history_of",
    "host_of",
    "in_calendar",
    "in_pocket",
    "index_items",
    "instead_of",
    "item_for",
    "keepers_named",
    "laid_aside",
    "last_day",
    "lay_aside",
    "lent",
    "let_days_go",
    "loan_for",
    "look_in",
    "may_offer_ours",
    "may_see_loan_photo",
    "may_see_photo",
    "mended",
    "might_keep",
    "mine",
    "month_of",
    "must_say_what",
    "my_loans",
    "my_open_loans",
    "next_free",
    "offer",
    "offer_again",
    "offer_next",
    "on_home",
    "part_ways",
    "parts_of",
    "pause",
    "photos_of",
    "prolong",
    "propose",
    "put_back",
    "put_first",
    "remind",
    "remove_loan_photo",
    "remove_photo",
    "renew",
    "repair_words",
    "reportable",
    "return_photo",
    "run_out",
    "show_code",
    "similar",
    "somebody_waits",
    "soonest",
    "step_back",
    "steps_of",
    "take_away",
    "take_off",
    "take_offer",
    "thank",
    "thanks_for",
    "tick_off",
    "timeline",
    "turns_of",
    "type_code",
    "undo_answer",
    "undo_renewal",
    "wanted_on_home",
    "what",
    "withdraw",
]
