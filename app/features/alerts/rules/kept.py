"""How long what is kept of an emergency: one list, from which /privacy is written."""

from app.features.alerts.rules.destroying import DESTROYED_AFTER, purge
from app.features.alerts.rules.lifelines import purge_gone
from app.kit.keeping import Keeping
from app.kit.words import say

__all__ = ["DESTROYED_AFTER", "KEPT", "purge"]

KEPT = (
    Keeping(
        say("Alerts that went to you, and what you or others answered for you"),
        say("So that nobody is missed, and everybody hears the all-clear"),
        ("alert_recipients", "alert_answers", "alert_needs", "alert_things"),
        DESTROYED_AFTER,
        purge,
        since=say("after it ended; longer only where the page of the alert says why and until when"),
    ),
    Keeping(
        say("Measures of an alert, and what you took on to mend"),
        say("So that whoever uses power answers for it"),
        ("alert_measures", "alert_mends"),
    ),
    Keeping(
        say("What you objected to a measure; it goes with the alert, once it was answered"),
        say("So that somebody must answer you"),
        ("alert_objections",),
        purge=purge,
    ),
    Keeping(
        say("Alerts and what was said in them, meeting points and emergency numbers"),
        say("So that the community learns from what happened"),
        ("alerts", "alert_areas", "alert_messages", "lifelines"),
        purge=purge_gone,
        personal=False,
    ),
)
