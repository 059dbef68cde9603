"""What somebody's sign-in is good for: whether it has shown a second factor, and whether their role waits for one."""

from datetime import datetime
from urllib.parse import quote

from app.features.accounts.rules.factors import NEED_ONE
from app.features.accounts.rules.sign_ins import Viewer
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.lines import Line, OnHome
from app.kit.refusals import NotYours
from app.kit.words import say, say_n

SECURITY = "/account/security"
ADD = (SECURITY, say("Add a second factor"))
NONE_YET = say("This needs a second factor: a passkey, or an authenticator app. Add one first.")
NOT_SHOWN = say("Please show your second factor first: a password alone does not open this.")
OVERDUE = say("Your role has waited a week for a second factor. Add one, and this opens again.")


def is_strong(viewer: Viewer) -> bool:
    """This very sign-in has shown a second factor. A demo's sign-in opens on this machine only and needs none."""
    return viewer.demo or (viewer.has_second and viewer.second_at is not None)


def must_be_strong(viewer: Viewer, *, path: str = "") -> None:
    """Raises NotYours with the way on: to add a second factor, or to show it and come back to `path`."""
    if is_strong(viewer):
        return
    if not viewer.has_second:
        raise NotYours(NONE_YET, way=ADD)
    back = f"?next={quote(path)}" if path else ""
    raise NotYours(NOT_SHOWN, way=(f"/account/proof{back}", say("Show the second factor")))


def must_not_be_overdue(by: Neighbour, *kinds: Kind) -> None:
    """Before somebody hears that this is for others: raises NotYours where a role that waits would be the one."""
    if isinstance(by, Viewer) and set(kinds) & set(by.overdue):
        raise NotYours(OVERDUE, way=ADD)


def must_be_strong_for(kind: Kind, by: Neighbour, *, path: str = "") -> None:
    """Before a role that needs a second factor goes to somebody: whoever has one shows it, a new officer has a week."""
    must_not_be_overdue(by, kind)
    if isinstance(by, Viewer) and kind in NEED_ONE and by.has_second:
        must_be_strong(by, path=path)


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """A line until it is done, for those whose role asks for it."""
    days = by.second_days if isinstance(by, Viewer) else None
    if days is None:
        return OnHome()
    chip = say_n("one day left", "%(n)s days left", days) if days else say("overdue")
    below = say("Your role can do much: a password alone is too little for it.")
    return OnHome(waits=[Line("shield-check", say("Add a second factor"), SECURITY, below=below, chip=chip, due=True)])
