"""What notices are about, and what the doorbell needs to know of this installation and of the features above it."""

import re
from datetime import datetime

from app.config import Settings
from app.features.accounts import rules as accounts
from app.features.alerts import rules as alerts
from app.features.notices import jobs as notices_jobs
from app.features.notices import rules as notices
from app.features.spaces import rules as spaces
from app.kit.words import say

# What notices are about, and what a lock screen says of each (`safety.md` 10).
TOPICS = notices.together(
    notices.TOPICS,
    {
        "alerts": notices.Topic(
            say("Emergencies"), say("There is an alert for where you live."), personal=False, always=True
        ),
        "announcements": notices.Topic(say("Announcements"), say("There is a new announcement."), personal=False),
        "asks": notices.Topic(say("Asks and skills"), say("You have an answer.")),
        "bookings": notices.Topic(say("Rooms and bookings"), say("There is news about a booking.")),
        "sharing": notices.Topic(say("Lending and giving"), say("There is news about something that is shared.")),
        "events": notices.Topic(say("Events"), say("There is news about an event.")),
        "needs": notices.Topic(say("Needs"), say("There is news about a need."), personal=True),
        "household": notices.Topic(say("Your household"), say("There is news for your household.")),
        "people": notices.Topic(say("Neighbours who join"), say("A neighbour is at the door.")),
        "roles": notices.Topic(say("Roles"), say("Something about your role waits for you.")),
        "reports": notices.Topic(say("Reports"), say("Something waits for you.")),
        "account": notices.Topic(say("Your account"), say("Something about your account was changed."), always=True),
    },
)


def bell(known: Settings) -> notices.Bell:
    """What the doorbell needs to know of this installation and of the features above it."""

    def stop(person: int, topic: str, by: notices.By) -> str:
        """Nothing for what always comes; with the topic "" it stops a digest of several."""
        always = topic in TOPICS and TOPICS[topic].always
        return "" if always else known.base_url + notices.stop_path(person, topic, by)

    def way(path: str, person: int, topic: str, by: notices.By, made_at: datetime) -> str:
        """What somebody is told of an alert that went to them leads, in letters, to where one answers at once.

        A phone that rings is signed in, and what officers are told about an alert is for those who sign in.
        """
        alert = re.fullmatch(r"/alerts/(\d+)", path) if topic in ("alerts", "household") else None
        return alerts.link_path(int(alert[1]), person, made_at) if alert and by != notices.By.push else path

    roads = notices_jobs.open_roads(known)
    return notices.Bell(TOPICS, roads, accounts.addresses, known.base_url, stop, way, spaces.press)
