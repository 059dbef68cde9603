from app.features.people.rules import Neighbour
from app.kit.refusals import NotYours
from app.kit.words import say


def only_active(by: Neighbour) -> None:
    """Deeds among neighbours are for those who have been let in and are not suspended."""
    if not by.is_active:
        raise NotYours(say("Only neighbours who have been let in can do this."))
