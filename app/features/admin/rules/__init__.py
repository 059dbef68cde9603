"""The committee's desk: what an administrator looks at and does, and whom it is told to; and what goes with a role."""

from app.features.admin.rules.arranging import Arranged, Mine, Question, arranged, my_roles, question
from app.features.admin.rules.away import come_back, find_cover, go_away, leaves, returns, step_down
from app.features.admin.rules.deputies import end_deputy
from app.features.admin.rules.finding import Found, find
from app.features.admin.rules.holders import Holder, holders, who_looks_after
from app.features.admin.rules.joined import Picture, Share, joined, picture, together
from app.features.admin.rules.looking import Dossier, dossier
from app.features.admin.rules.moving import add_neighbour
from app.features.admin.rules.naming import Which, named, near_at_hand
from app.features.admin.rules.overview import Overview, overview
from app.features.admin.rules.passing import accept, ask_deputy, decline, hand_over, tick, unanswered, withdraw
from app.features.admin.rules.powers import CHECKS, POWERS, Power, Powers
from app.features.admin.rules.reached import GOAL, Reach, Reached, all_of, reach, reached
from app.features.admin.rules.records import Asked, Entry, Records, deeds_known, records, records_of
from app.features.admin.rules.standing import STATES, bring_back, depart, let_in, lift, make_wait, suspend
from app.features.admin.rules.trust import end_role, give_role, give_role_again, lay_down
from app.features.admin.rules.waiting import on_home, what_waits

__all__ = [
    "CHECKS",
    "GOAL",
    "POWERS",
    "STATES",
    "Arranged",
    "Asked",
    "Dossier",
    "Entry",
    "Found",
    "Holder",
    "Mine",
    "Overview",
    "Picture",
    "Power",
    "Powers",
    "Question",
    "Reach",
    "Reached",
    "Records",
    "Share",
    "Which",
    "accept",
    "add_neighbour",
    "all_of",
    "arranged",
    "ask_deputy",
    "bring_back",
    "come_back",
    "decline",
    "deeds_known",
    "depart",
    "dossier",
    "end_deputy",
    "end_role",
    "find",
    "find_cover",
    "give_role",
    "give_role_again",
    "go_away",
    "hand_over",
    "holders",
    "joined",
    "lay_down",
    "leaves",
    "let_in",
    "lift",
    "make_wait",
    "my_roles",
    "named",
    "near_at_hand",
    "on_home",
    "overview",
    "picture",
    "question",
    "reach",
    "reached",
    "records",
    "records_of",
    "returns",
    "step_down",
    "suspend",
    "tick",
    "together",
    "unanswered",
    "what_waits",
    "who_looks_after",
    "withdraw",
]
