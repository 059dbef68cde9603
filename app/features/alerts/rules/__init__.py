"""Alerts: one person decides, every household is reached, every household answers."""

from app.features.alerts.rules.acting import Act, proof_is_stale, second_factor_lacks
from app.features.alerts.rules.advising import left_out
from app.features.alerts.rules.answer_links import Opened, answer_by_link, link_path, open_link, undo_by_link
from app.features.alerts.rules.answering import SAID, answer, answer_for_household
from app.features.alerts.rules.at_hand import (
    Doors,
    News,
    RollCall,
    concerning,
    doors_of,
    lifelines_of,
    news_of,
    roll_call_of,
    where,
)
from app.features.alerts.rules.audience import Count, Whom, count
from app.features.alerts.rules.composing import BODY, HEADLINE, Plan, Steps
from app.features.alerts.rules.declaring import change, draft, drop, plan_of
from app.features.alerts.rules.escalating import remind, step
from app.features.alerts.rules.keeping import forget, mine
from app.features.alerts.rules.kept import KEPT
from app.features.alerts.rules.knocking import may_be_knocked
from app.features.alerts.rules.knocks import waiting as doors_waiting
from app.features.alerts.rules.listing import alerts_for, on_home
from app.features.alerts.rules.measures import tell_of_measure
from app.features.alerts.rules.pocket import in_pocket
from app.features.alerts.rules.reach import LEADS, leads, may_see, recipient_of, seen
from app.features.alerts.rules.sending import (
    APPROVE_WITHIN,
    TYPED,
    approve,
    break_glass,
    lapse,
    may_approve,
    needs_second,
    refuse,
    send,
)
from app.features.alerts.rules.showing import Shown, nested, places_of, whole
from app.features.alerts.rules.speaking import all_clear, expire, false_alarm, ready_words, update
from app.features.alerts.rules.tallying import keep_figures
from app.features.alerts.rules.telling import headline_of, sentence_of, tell
from app.features.alerts.rules.templates import TEMPLATES, Template, template_words
from app.features.alerts.rules.undoing import undo
from app.features.alerts.rules.whose_answer import Mate, mate, may_see_photo, rights
from app.features.alerts.rules.words import CATEGORIES, ICONS, KINDS, LEVELS, MARKS, TYPES

__all__ = [
    "APPROVE_WITHIN",
    "BODY",
    "CATEGORIES",
    "HEADLINE",
    "ICONS",
    "KEPT",
    "KINDS",
    "LEADS",
    "LEVELS",
    "MARKS",
    "SAID",
    "TEMPLATES",
    "TYPED",
    "TYPES",
    "Act",
    "Count",
    "Doors",
    "Mate",
    "News",
    "Opened",
    "Plan",
    "RollCall",
    "Shown",
    "Steps",
    "Template",
    "Whom",
    "alerts_for",
    "all_clear",
    "answer",
    "answer_by_link",
    "answer_for_household",
    "approve",
    "break_glass",
    "change",
    "concerning",
    "count",
    "doors_of",
    "doors_waiting",
    "draft",
    "drop",
    "expire",
    "false_alarm",
    "forget",
    "headline_of",
    "in_pocket",
    "keep_figures",
    "lapse",
    "leads",
    "left_out",
    "lifelines_of",
    "link_path",
    "mate",
    "may_approve",
    "may_be_knocked",
    "may_see",
    "may_see_photo",
    "mine",
    "needs_second",
    "nested",
    "news_of",
    "on_home",
    "open_link",
    "places_of",
    "plan_of",
    "proof_is_stale",
    "ready_words",
    "recipient_of",
    "refuse",
    "remind",
    "rights",
    "roll_call_of",
    "second_factor_lacks",
    "seen",
    "send",
    "sentence_of",
    "step",
    "tell",
    "tell_of_measure",
    "template_words",
    "undo",
    "undo_by_link",
    "update",
    "where",
    "whole",
]
