"""What the pages of the sharing board share: today, and the words they all know."""

from datetime import date
from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.sharing.rules import AUDIENCES, CATEGORIES, CONDITIONS, ICONS, KINDS, POLICIES, STAGES, STATES, Lent
from app.kit.clock import now
from app.kit.languages import speaking

KNOWN: dict[str, Any] = {
    "audiences": AUDIENCES,
    "categories": CATEGORIES,
    "conditions": CONDITIONS,
    "icons": ICONS,
    "kinds": KINDS,
    "policies": POLICIES,
    "stages": STAGES,
    "states": STATES,
}


def today_of(request: HTMXRequest) -> date:
    return now().astimezone(request.state.here.clock).date()


def list_choices(lent: Lent) -> dict[str, Any]:
    """For a form on which its parts are ticked off, and how it is."""
    tongue = speaking.get()
    return {
        "parts": [(name, name) for name in lent.part_names],
        "how_it_is": [(condition.value, words.spoken(tongue)) for condition, words in CONDITIONS.items()],
    }
