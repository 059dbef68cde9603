"""The doorbell: tell a person a sentence. It knows people and sentences, and no other feature."""

from app.features.notices.rules.keeping import KEPT, forget, forget_about, hand_over, mine
from app.features.notices.rules.posting import post_to_groups, take_back
from app.features.notices.rules.stopping import Stop, bring_back, stop, stop_of, stop_path
from app.features.notices.rules.telling import (
    Told,
    page_of,
    read,
    read_about,
    read_all,
    tell,
    tell_all,
    unread,
    withdraw,
)
from app.features.notices.rules.topics import TOPICS, Topic, Topics, together

__all__ = [
    "KEPT",
    "TOPICS",
    "Stop",
    "Told",
    "Topic",
    "Topics",
    "bring_back",
    "forget",
    "forget_about",
    "hand_over",
    "mine",
    "page_of",
    "post_to_groups",
    "read",
    "read_about",
    "read_all",
    "stop",
    "stop_of",
    "stop_path",
    "take_back",
    "tell",
    "tell_all",
    "together",
    "unread",
    "withdraw",
]
