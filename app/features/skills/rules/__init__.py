"""What neighbours can do for one another: skills, asks and thanks."""

from app.features.skills.rules.about import person
from app.features.skills.rules.answering import accept, decline, propose
from app.features.skills.rules.asking import AlreadyAsked, Request, ask, ask_anybody
from app.features.skills.rules.asks import asks, whole
from app.features.skills.rules.categories import ICONS, LABELS, REACHES, category_of
from app.features.skills.rules.directory import Wanted, building_of, neighbours
from app.features.skills.rules.emergency import Helps, help_in_an_emergency
from app.features.skills.rules.ending import complete, prolong, thank, withdraw
from app.features.skills.rules.home import on_home
from app.features.skills.rules.keeping import forget, mine, part_ways, step_back
from app.features.skills.rules.kept import KEPT
from app.features.skills.rules.listing import index_people, refresh, refresh_all
from app.features.skills.rules.matching import who_can
from app.features.skills.rules.offering import Offer, Shown, edit, offer, put, skill
from app.features.skills.rules.reporting import give_back, reportable, take_away
from app.features.skills.rules.stages import Act, Side
from app.features.skills.rules.timeline import timeline
from app.features.skills.rules.timers import close, expire, remind

__all__ = [
    "ICONS",
    "KEPT",
    "LABELS",
    "REACHES",
    "Act",
    "AlreadyAsked",
    "Helps",
    "Offer",
    "Request",
    "Shown",
    "Side",
    "Wanted",
    "accept",
    "ask",
    "ask_anybody",
    "asks",
    "building_of",
    "category_of",
    "close",
    "complete",
    "decline",
    "edit",
    "expire",
    "forget",
    "give_back",
    "help_in_an_emergency",
    "index_people",
    "mine",
    "neighbours",
    "offer",
    "on_home",
    "part_ways",
    "person",
    "prolong",
    "propose",
    "put",
    "refresh",
    "refresh_all",
    "remind",
    "reportable",
    "skill",
    "step_back",
    "take_away",
    "thank",
    "timeline",
    "who_can",
    "whole",
    "withdraw",
]
