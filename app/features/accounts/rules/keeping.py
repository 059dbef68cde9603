"""What is kept about sign-ins, what for, and how long."""

from app.features.accounts.rules.sign_ins import CODES_KEPT, KNOWN_FOR, LASTS, purge
from app.kit.keeping import Keeping
from app.kit.words import say

KEPT = (
    Keeping(
        say("What you sign in with; of your password only a seal that nobody can read"),
        say("So that nobody else comes in as you"),
        ("logins",),
    ),
    Keeping(
        say("In which browsers you are signed in, and when each was last seen"),
        say("So that you stay signed in, and can end what you do not know"),
        ("sign_ins",),
        LASTS,
        purge,
        since=say("after you last came by"),
    ),
    Keeping(
        say("A mark on the browsers you once signed in with"),
        say("So that others' wrong passwords do not lock you out"),
        ("known_devices",),
        KNOWN_FOR,
        purge,
        since=say("after you last signed in there"),
    ),
    Keeping(
        say("That you were given a code for a first password; of the code itself only a seal"),
        say("So that it opens once, and only for you"),
        ("first_codes",),
        CODES_KEPT,
        purge,
        since=say("after it ran out"),
    ),
)
