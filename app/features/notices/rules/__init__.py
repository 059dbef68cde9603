"""The doorbell: tell a person a sentence. It knows people and sentences, and no other feature."""

from app.features.notices.rules.bell import Address, Addresses, Bell, Press
from app.features.notices.rules.choosing import choose, heard_by, minute_of, wishes
from app.features.notices.rules.devices import (
    Phone,
    Subscription,
    compare,
    device,
    devices,
    end_of_sign_ins,
    remove,
    silence,
    subscribe,
    unsubscribe,
    withdraw_push,
)
from app.features.notices.rules.keeping import KEPT, forget, forget_about, forget_under, hand_over, mine
from app.features.notices.rules.posting import post_to_groups, take_back
from app.features.notices.rules.readers import Wish
from app.features.notices.rules.services import phones, services
from app.features.notices.rules.stopping import Stop, bring_back, stop, stop_of, stop_path
from app.features.notices.rules.telling import (
    Told,
    end_thread,
    page_of,
    read,
    read_about,
    read_all,
    read_thread,
    tell,
    tell_all,
    unread,
    withdraw,
)
from app.features.notices.rules.testing import hear, ring, way_of
from app.features.notices.rules.topics import TOPICS, Topic, Topics, together
from app.features.notices.tables import By, Urgency

__all__ = [
    "KEPT",
    "TOPICS",
    "Address",
    "Addresses",
    "Bell",
    "By",
    "Phone",
    "Press",
    "Stop",
    "Subscription",
    "Told",
    "Topic",
    "Topics",
    "Urgency",
    "Wish",
    "bring_back",
    "choose",
    "compare",
    "device",
    "devices",
    "end_of_sign_ins",
    "end_thread",
    "forget",
    "forget_about",
    "forget_under",
    "hand_over",
    "hear",
    "heard_by",
    "mine",
    "minute_of",
    "page_of",
    "phones",
    "post_to_groups",
    "read",
    "read_about",
    "read_all",
    "read_thread",
    "remove",
    "ring",
    "services",
    "silence",
    "stop",
    "stop_of",
    "stop_path",
    "subscribe",
    "take_back",
    "tell",
    "tell_all",
    "together",
    "unread",
    "unsubscribe",
    "way_of",
    "wishes",
    "withdraw",
    "withdraw_push",
]
