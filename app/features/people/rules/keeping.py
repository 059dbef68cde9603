"""What is kept about people, what for, and how long."""

from datetime import datetime, timedelta

from app.features.people.rules import passed
from app.features.people.tables import Capability, Role
from app.kit.keeping import Keeping
from app.kit.words import say

ENDED_ROLES = timedelta(days=2 * 365)


async def purge(now: datetime) -> None:
    """Roles and capabilities that ended long ago."""
    await Role.delete().where(Role.ended_at < now - ENDED_ROLES)
    await Capability.delete().where(Capability.until_on < (now - ENDED_ROLES).date())


KEPT = (
    Keeping(
        say("Your name, phone, e-mail, language and the look you chose"),
        say("So that neighbours know who you are, and those you said yes to can reach you"),
        ("people",),
        stays=say("A number without a name, so that what you did with others does not fall apart for them"),
    ),
    Keeping(
        say("Where you live or lived here, and whether you may answer for the others there"),
        say("So that your building and your steward know who belongs to it"),
        ("memberships",),
        stays=say("That somebody lived there, from one day to another, without a name"),
    ),
    Keeping(
        say("Roles you hold or held, and what you were shown or tested in"),
        say("So that it is clear who may do what, and who could at the time"),
        ("roles", "capabilities"),
        ENDED_ROLES,
        purge,
        since=say("after they ended"),
    ),
    Keeping(
        say("What you agreed to, in which version, and when you took it back"),
        say("To be able to show it"),
        ("consents",),
    ),
    Keeping(
        say("That you are leaving or moved away, and what you wrote about it"),
        say("So that you can come back for thirty days; who moved away is erased after a year"),
        ("departures",),
    ),
    Keeping(
        say("The doors of the community"),
        say("They are places, and stay when people move"),
        ("households",),
        personal=False,
    ),
    *passed.KEPT,
)
