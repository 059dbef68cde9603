"""Needs: a neighbour asks, a neighbour comes."""

from app.features.help.rules.among_officers import officers_of
from app.features.help.rules.asking import AskedAlready, Asking, FromAbove, Twin, ask, ask_for_help, join
from app.features.help.rules.board import Board, Card, board
from app.features.help.rules.by_the_house import Opening, call_off, drop, open_all, resume
from app.features.help.rules.emptying import empty
from app.features.help.rules.ending import confirm, freshen, prolong, reopen, withdraw
from app.features.help.rules.guests import Who, admit, ask_by_link, grouped, link, plain, turn_away
from app.features.help.rules.home import STANDS, on_home
from app.features.help.rules.keeping import forget, mine, part_ways, step_back
from app.features.help.rules.kept import KEPT
from app.features.help.rules.kinds import ASKED_FOR, CARE, ICONS, LABELS, URGENCIES
from app.features.help.rules.limits import MOST, Limits, free_now, limits_of, set_limits
from app.features.help.rules.money import change_sum, hand_in, settle
from app.features.help.rules.pocket import in_pocket
from app.features.help.rules.reach import Link, where
from app.features.help.rules.reporting import give_back as give_back_reported
from app.features.help.rules.reporting import may_see_photo, reportable, take_away
from app.features.help.rules.stages import Act, Side
from app.features.help.rules.taking import COMES_WITHIN, TAKEN_A_DAY, complete, give_back, set_out, take, tried
from app.features.help.rules.talking import invite, show, speak
from app.features.help.rules.ticking import tick
from app.features.help.rules.timeline import timeline
from app.features.help.rules.whole import Whole, whole

__all__ = [
    "ASKED_FOR",
    "CARE",
    "COMES_WITHIN",
    "ICONS",
    "KEPT",
    "LABELS",
    "MOST",
    "STANDS",
    "TAKEN_A_DAY",
    "URGENCIES",
    "Act",
    "AskedAlready",
    "Asking",
    "Board",
    "Card",
    "FromAbove",
    "Limits",
    "Link",
    "Opening",
    "Side",
    "Twin",
    "Who",
    "Whole",
    "admit",
    "ask",
    "ask_by_link",
    "ask_for_help",
    "board",
    "call_off",
    "change_sum",
    "complete",
    "confirm",
    "drop",
    "empty",
    "forget",
    "free_now",
    "freshen",
    "give_back",
    "give_back_reported",
    "grouped",
    "hand_in",
    "in_pocket",
    "invite",
    "join",
    "limits_of",
    "link",
    "may_see_photo",
    "mine",
    "officers_of",
    "on_home",
    "open_all",
    "part_ways",
    "plain",
    "prolong",
    "reopen",
    "reportable",
    "resume",
    "set_limits",
    "set_out",
    "settle",
    "show",
    "speak",
    "step_back",
    "take",
    "take_away",
    "tick",
    "timeline",
    "tried",
    "turn_away",
    "where",
    "whole",
    "withdraw",
]
