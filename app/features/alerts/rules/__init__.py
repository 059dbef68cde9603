"""Alerts: one person decides, every household is reached, every household answers."""

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
    places_of,
    roll_call_of,
)
from app.features.alerts.rules.audience import Count, Whom, count
from app.features.alerts.rules.composing import BODY, HEADLINE, Plan, Steps
from app.features.alerts.rules.declaring import change, draft, drop, plan_of
from app.features.alerts.rules.escalating import remind, step
from app.features.alerts.rules.keeping import forget, mine
from app.features.alerts.rules.kept import KEPT
from app.features.alerts.rules.measures import tell_of_measure
from app.features.alerts.rules.reach import leads, may_see, recipient_of, seen
from app.features.alerts.rules.sending import (
    TYPED,
    approve,
    break_glass,
    lapse,
    may_approve,
    needs_second,
    refuse,
    send,
)
from app.features.alerts.rules.speaking import all_clear, expire, false_alarm, ready_words, update
from app.features.alerts.rules.telling import headline_of, sentence_of, tell
from app.features.alerts.rules.undoing import undo
from app.features.alerts.rules.whose_answer import Mate, mate, may_see_photo, rights

__all__ = [
    "BODY",
    "HEADLINE",
    "KEPT",
    "SAID",
    "TYPED",
    "Count",
    "Doors",
    "Mate",
    "News",
    "Opened",
    "Plan",
    "RollCall",
    "Steps",
    "Whom",
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
    "draft",
    "drop",
    "expire",
    "false_alarm",
    "forget",
    "headline_of",
    "lapse",
    "leads",
    "lifelines_of",
    "link_path",
    "mate",
    "may_approve",
    "may_see",
    "may_see_photo",
    "mine",
    "needs_second",
    "news_of",
    "open_link",
    "places_of",
    "plan_of",
    "ready_words",
    "recipient_of",
    "refuse",
    "remind",
    "rights",
    "roll_call_of",
    "seen",
    "send",
    "sentence_of",
    "step",
    "tell",
    "tell_of_measure",
    "undo",
    "undo_by_link",
    "update",
]
