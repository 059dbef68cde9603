"""Reports, blocks, decisions and appeals: how neighbours and officers keep the place kind."""

from app.features.moderation.rules.appealing import answer, appeal
from app.features.moderation.rules.blocks import NOT_BLOCKED, Blocked, block, blocks_between, blocks_of, unblock
from app.features.moderation.rules.deciding import Ruling, decide
from app.features.moderation.rules.home import on_home
from app.features.moderation.rules.keeping import KEPT, Reported, forget, mine, purge, reports_by
from app.features.moderation.rules.queue import (
    Decided,
    Disagreed,
    ReportPage,
    Waiting,
    appeal_page,
    appeals_for,
    decision,
    decisions_about,
    report_page,
    reports_for,
)
from app.features.moderation.rules.reporting import report, reported, which
from app.features.moderation.rules.suspending import end, lift, suspend
from app.features.moderation.rules.words import DECIDED, MEASURES, RULES, SPANS, VERDICTS

__all__ = [
    "DECIDED",
    "KEPT",
    "MEASURES",
    "NOT_BLOCKED",
    "RULES",
    "SPANS",
    "VERDICTS",
    "Blocked",
    "Decided",
    "Disagreed",
    "ReportPage",
    "Reported",
    "Ruling",
    "Waiting",
    "answer",
    "appeal",
    "appeal_page",
    "appeals_for",
    "block",
    "blocks_between",
    "blocks_of",
    "decide",
    "decision",
    "decisions_about",
    "end",
    "forget",
    "lift",
    "mine",
    "on_home",
    "purge",
    "report",
    "report_page",
    "reported",
    "reports_by",
    "reports_for",
    "suspend",
    "unblock",
    "which",
]
