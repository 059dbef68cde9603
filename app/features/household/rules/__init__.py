"""A household and its card: filled once, read by whom its members choose, and every look at it noted."""

from app.features.household.rules.answering import Answering, let_answer, living_there, may_change_answering
from app.features.household.rules.cards import Card, ChangedMeanwhile, Written, card_of, save
from app.features.household.rules.holdings import candidates, holding, holding_of, holdings_of
from app.features.household.rules.home import on_home
from app.features.household.rules.keeping import KEPT, forget, mine, purge
from app.features.household.rules.keys import agree, ask_to_hold, decline, end
from app.features.household.rules.looked_after import households
from app.features.household.rules.looks import looks, note_looks
from app.features.household.rules.members import acting, first_of_ours, ours
from app.features.household.rules.needs import add_needs, own_needs, readable_needs, say_needs, withdraw_needs
from app.features.household.rules.parting import part_ways
from app.features.household.rules.pocket import in_pocket
from app.features.household.rules.privacy import agreements, choices, settle, take_back
from app.features.household.rules.reading import facts_of, household, looked_after, shown_to

__all__ = [
    "KEPT",
    "Answering",
    "Card",
    "ChangedMeanwhile",
    "Written",
    "acting",
    "add_needs",
    "agree",
    "agreements",
    "ask_to_hold",
    "candidates",
    "card_of",
    "choices",
    "decline",
    "end",
    "facts_of",
    "first_of_ours",
    "forget",
    "holding",
    "holding_of",
    "holdings_of",
    "household",
    "households",
    "in_pocket",
    "let_answer",
    "living_there",
    "looked_after",
    "looks",
    "may_change_answering",
    "mine",
    "note_looks",
    "on_home",
    "ours",
    "own_needs",
    "part_ways",
    "purge",
    "readable_needs",
    "save",
    "say_needs",
    "settle",
    "shown_to",
    "take_back",
    "withdraw_needs",
]
