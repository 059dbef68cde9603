"""What the kit itself keeps, and how long."""

from app.kit import changes, deeds, later, limits
from app.kit.keeping import Keeping
from app.kit.words import say

KEPT = (
    Keeping(
        say("Who did what, and when: never the words or numbers themselves"),
        say("So that everybody can see who looked at their data or changed it"),
        ("audit",),
        stays=say("Who did what stays readable for those who answer for it, with a number instead of your name"),
    ),
    Keeping(
        say("Photos you put here"),
        say("So that neighbours recognise you, or what you mean"),
        ("pictures",),
    ),
    Keeping(
        say("That a form was sent, not what stood in it"),
        say("So that sending it twice does it once"),
        ("deeds",),
        deeds.KEPT,
        deeds.purge,
    ),
    Keeping(
        say("What the house has to do at a moment"),
        say("Reminders, and the ends of things"),
        ("later",),
        later.KEPT,
        later.purge,
        personal=False,
        since=say("after it was done"),
    ),
    Keeping(
        say("How often something was tried, under a sealed number"),
        say("So that nobody guesses passwords without end"),
        ("tallies",),
        limits.KEPT,
        limits.purge,
        personal=False,
    ),
    Keeping(
        say("That something has changed"),
        say("So that open pages look again"),
        ("changes",),
        changes.KEPT,
        changes.purge,
        personal=False,
    ),
)
