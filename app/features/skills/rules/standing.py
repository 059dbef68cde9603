from datetime import datetime

from app.features.people.rules import Neighbour
from app.kit.refusals import NotYours
from app.kit.words import say


def only_active(by: Neighbour, now: datetime) -> None:
    """Deeds among neighbours are for those who have been let in and are not suspended; a yes shows door and phone, and
    a child's are shown to nobody."""
    if not by.is_active:
        raise NotYours(say("Only neighbours who have been let in can do this."))
    if by.is_child(now.date()):
        raise NotYours(say("From 14 on you can do this yourself. Until then, ask somebody grown up at home."))
