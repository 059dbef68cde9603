"""Gatherings: who comes, where there is a place, who does what, and who was there."""

from app.features.events.rules.another_clock import keep_the_hours
from app.features.events.rules.answering import NEEDS_LAST, Needs, Saying, answer
from app.features.events.rules.answers import Came, answer_of
from app.features.events.rules.calendar import in_calendar
from app.features.events.rules.changing import cancel, change, look_at_rooms
from app.features.events.rules.door import check_in, check_out, is_open, stand_at_the_door, walk_in
from app.features.events.rules.drafts import EVERY, Draft, PartDraft, also_on, grants, may_grant
from app.features.events.rules.home import on_home, soon_in
from app.features.events.rules.hosting import (
    Heard,
    Needed,
    add_host,
    at_the_door,
    has_said_how,
    heard,
    may_say_how,
    my_needs,
    needs_of,
    say_how,
)
from app.features.events.rules.keeping import KEPT, forget, give_back, mine, part_ways, reportable, step_back, take_away
from app.features.events.rules.listing import Face, hosting, my_events, others_of, what_was, whats_on, who_comes
from app.features.events.rules.making import DatesTaken, make
from app.features.events.rules.parts import Shared, add_part, drop_part, parts_of, return_part, take_part
from app.features.events.rules.places import Full
from app.features.events.rules.reach import Gathering, event_for, may_see, public_event
from app.features.events.rules.ticking import tick
from app.features.events.rules.waiting import guests_wanted, lapse, leave_line, number_in_line, place_in_line, wait_for
from app.features.events.rules.words import AGAIN, ICONS, KINDS, SAID, STAGES

__all__ = [
    "AGAIN",
    "EVERY",
    "ICONS",
    "KEPT",
    "KINDS",
    "NEEDS_LAST",
    "SAID",
    "STAGES",
    "Came",
    "DatesTaken",
    "Draft",
    "Face",
    "Full",
    "Gathering",
    "Heard",
    "Needed",
    "Needs",
    "PartDraft",
    "Saying",
    "Shared",
    "add_host",
    "add_part",
    "also_on",
    "answer",
    "answer_of",
    "at_the_door",
    "cancel",
    "change",
    "check_in",
    "check_out",
    "drop_part",
    "event_for",
    "forget",
    "give_back",
    "grants",
    "guests_wanted",
    "has_said_how",
    "heard",
    "hosting",
    "in_calendar",
    "is_open",
    "keep_the_hours",
    "lapse",
    "leave_line",
    "look_at_rooms",
    "make",
    "may_grant",
    "may_say_how",
    "may_see",
    "mine",
    "my_events",
    "my_needs",
    "needs_of",
    "number_in_line",
    "on_home",
    "others_of",
    "part_ways",
    "parts_of",
    "place_in_line",
    "public_event",
    "reportable",
    "return_part",
    "say_how",
    "soon_in",
    "stand_at_the_door",
    "step_back",
    "take_away",
    "take_part",
    "tick",
    "wait_for",
    "walk_in",
    "what_was",
    "whats_on",
    "who_comes",
]
