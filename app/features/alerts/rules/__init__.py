"""Alerts: one person decides, every household is reached, every household answers."""

from app.features.alerts.rules.acting import Act, proof_is_stale, second_factor_lacks
from app.features.alerts.rules.advising import left_out
from app.features.alerts.rules.audience import Count, Whom, count
from app.features.alerts.rules.composing import BODY, HEADLINE, Plan, Steps
from app.features.alerts.rules.declaring import change, draft, drop, plan_of
from app.features.alerts.rules.keeping import forget, mine
from app.features.alerts.rules.kept import KEPT
from app.features.alerts.rules.listing import alerts_for, on_home
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
from app.features.alerts.rules.telling import sentence_of, tell
from app.features.alerts.rules.templates import TEMPLATES, Template, template_words
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
    "TEMPLATES",
    "TYPED",
    "TYPES",
    "Act",
    "Count",
    "Plan",
    "Shown",
    "Steps",
    "Template",
    "Whom",
    "alerts_for",
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
    "lapse",
    "leads",
    "left_out",
    "may_approve",
    "may_see",
    "mine",
    "needs_second",
    "nested",
    "on_home",
    "places_of",
    "plan_of",
    "proof_is_stale",
    "ready_words",
    "recipient_of",
    "refuse",
    "second_factor_lacks",
    "seen",
    "send",
    "sentence_of",
    "tell",
    "template_words",
    "update",
    "whole",
]
