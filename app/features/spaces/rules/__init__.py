"""Shared rooms: found, asked for, allowed, and nobody's twice."""

from app.db import writing as together
from app.features.spaces.rules.another_clock import keep_the_hours
from app.features.spaces.rules.blocking import (
    Block,
    TakenOver,
    block_out,
    block_outs_of,
    end_block_out,
    give_back_all,
    in_the_way,
    put_out_of_use,
    take_over,
    taken_over,
)
from app.features.spaces.rules.booking import TimeTaken, book
from app.features.spaces.rules.calendar import entries_of_series, entry_of, in_calendar, of_space
from app.features.spaces.rules.days import Bar, DayOfRoom, days_of
from app.features.spaces.rules.deciding import approve, approve_all, cancel, come, is_at_the_door, refuse
from app.features.spaces.rules.door_codes import has_code, is_time, look_at_code, set_code
from app.features.spaces.rules.equipment import (
    Asked,
    Piece,
    add_equipment,
    equipment_of,
    equipment_with,
    take_equipment_away,
    things,
)
from app.features.spaces.rules.finding import Found, Free, find, find_with
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.helping import STANDS as HELP_STANDS
from app.features.spaces.rules.helping import ask_to_help, helps_of, offers, why_not
from app.features.spaces.rules.history import Beside, Record, beside, others_waiting, records_of
from app.features.spaces.rules.home import on_home
from app.features.spaces.rules.house_rules import house_rules, keep_house_rules, write_house_rules
from app.features.spaces.rules.instead import instead_of
from app.features.spaces.rules.keeping import KEPT, forget, mine, step_back
from app.features.spaces.rules.listing import (
    Line,
    from_to,
    line_of,
    my_bookings,
    steps_of,
    to_decide,
)
from app.features.spaces.rules.managers import manages, may_add, may_see, who_manages
from app.features.spaces.rules.managing import Facts, add_space, change_space, close_space, open_again
from app.features.spaces.rules.opening import (
    Hours,
    Stretch,
    hours_of,
    hours_of_all,
    like_its_weekday,
    open_on_day,
    open_on_weekdays,
)
from app.features.spaces.rules.photos import Photo, add_photo, may_see_photo, photos_of, remove_photo
from app.features.spaces.rules.planning import DatesTaken, Plan, Turn
from app.features.spaces.rules.pocket import in_pocket
from app.features.spaces.rules.pressing import press
from app.features.spaces.rules.questions import answer_manager, ask_booker, open_question
from app.features.spaces.rules.reach import Booked, Room, booking_of, space_at, space_of, spaces
from app.features.spaces.rules.repeat_agenda import released_at
from app.features.spaces.rules.repeat_changing import Change, Reach, change, look_over_change
from app.features.spaces.rules.repeat_deciding import approve_series, refuse_series, sees_series
from app.features.spaces.rules.repeat_ending import cancel_series, confirm, return_series
from app.features.spaces.rules.repeat_listing import RepeatLine, left_out, repeat_line, repeats_to_decide, to_confirm
from app.features.spaces.rules.repeat_ticking import tick_series
from app.features.spaces.rules.repeat_wish import wish_like
from app.features.spaces.rules.repeat_words import WEEKDAYS, rule_said
from app.features.spaces.rules.repeating import Every, Repeat
from app.features.spaces.rules.repeats import look_over, repeat
from app.features.spaces.rules.series import Repeated, dates_of, series_of, series_steps
from app.features.spaces.rules.ticking import tick
from app.features.spaces.rules.undoing import undo_decision
from app.features.spaces.rules.waiting import MyWaiting, accept, lapse, leave, my_waiting, wait_for, wish_of
from app.features.spaces.rules.words import HAPPENED, LOOKS, POLICIES, STANDS, STEPS, WAYS_IN

__all__ = [
    "HAPPENED",
    "HELP_STANDS",
    "KEPT",
    "LOOKS",
    "POLICIES",
    "STANDS",
    "STEPS",
    "WAYS_IN",
    "WEEKDAYS",
    "Asked",
    "Bar",
    "Beside",
    "Block",
    "Booked",
    "Change",
    "DatesTaken",
    "DayOfRoom",
    "Every",
    "Facts",
    "Found",
    "Free",
    "Hours",
    "Line",
    "MyWaiting",
    "Photo",
    "Piece",
    "Plan",
    "Reach",
    "Record",
    "Repeat",
    "RepeatLine",
    "Repeated",
    "Room",
    "Stretch",
    "TakenOver",
    "TimeTaken",
    "Turn",
    "Wish",
    "accept",
    "add_equipment",
    "add_photo",
    "add_space",
    "answer_manager",
    "approve",
    "approve_all",
    "approve_series",
    "ask_booker",
    "ask_to_help",
    "beside",
    "block_out",
    "block_outs_of",
    "book",
    "booking_of",
    "cancel",
    "cancel_series",
    "change",
    "change_space",
    "close_space",
    "come",
    "confirm",
    "dates_of",
    "days_of",
    "end_block_out",
    "entries_of_series",
    "entry_of",
    "equipment_of",
    "equipment_with",
    "find",
    "find_with",
    "forget",
    "from_to",
    "give_back_all",
    "has_code",
    "helps_of",
    "hours_of",
    "hours_of_all",
    "house_rules",
    "in_calendar",
    "in_pocket",
    "in_the_way",
    "instead_of",
    "is_at_the_door",
    "is_time",
    "keep_house_rules",
    "keep_the_hours",
    "lapse",
    "leave",
    "left_out",
    "like_its_weekday",
    "line_of",
    "look_at_code",
    "look_over",
    "look_over_change",
    "manages",
    "may_add",
    "may_see",
    "may_see_photo",
    "mine",
    "my_bookings",
    "my_waiting",
    "of_space",
    "offers",
    "on_home",
    "open_again",
    "open_on_day",
    "open_on_weekdays",
    "open_question",
    "others_waiting",
    "photos_of",
    "press",
    "put_out_of_use",
    "records_of",
    "refuse",
    "refuse_series",
    "released_at",
    "remove_photo",
    "repeat",
    "repeat_line",
    "repeats_to_decide",
    "return_series",
    "rule_said",
    "sees_series",
    "series_of",
    "series_steps",
    "set_code",
    "space_at",
    "space_of",
    "spaces",
    "step_back",
    "steps_of",
    "take_equipment_away",
    "take_over",
    "taken_over",
    "things",
    "tick",
    "tick_series",
    "to_confirm",
    "to_decide",
    "together",
    "undo_decision",
    "wait_for",
    "who_manages",
    "why_not",
    "wish_like",
    "wish_of",
    "write_house_rules",
]
