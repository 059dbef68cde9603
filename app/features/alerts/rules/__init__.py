"""Alerts: one person decides, every household is reached, every household answers."""

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

__all__ = [
    "BODY",
    "HEADLINE",
    "KEPT",
    "TYPED",
    "Count",
    "Plan",
    "Steps",
    "Whom",
    "all_clear",
    "approve",
    "break_glass",
    "change",
    "count",
    "draft",
    "drop",
    "expire",
    "false_alarm",
    "forget",
    "headline_of",
    "lapse",
    "leads",
    "may_approve",
    "may_see",
    "mine",
    "needs_second",
    "plan_of",
    "ready_words",
    "recipient_of",
    "refuse",
    "remind",
    "seen",
    "send",
    "sentence_of",
    "step",
    "tell",
    "tell_of_measure",
    "update",
]
