"""What a household puts on Home: a neighbour who asks, and one first step."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.household.rules.cards import STANDS
from app.features.people.rules import Neighbour
from app.kit.lines import Line, OnHome
from app.kit.words import say


class _Asked(Struct):
    id: int
    name: str | None


class _Found(Struct):
    found: bool


_asked = prepared_sql(
    "SELECT key_holdings.id, people.name FROM key_holdings LEFT JOIN people ON people.id = key_holdings.asked_by "  # noqa: S608
    "WHERE key_holdings.holder = {} AND key_holdings.agreed_at IS NULL AND key_holdings.ended_at IS NULL AND "
    + STANDS.format("key_holdings")
    + " ORDER BY key_holdings.id",
    _Asked,
)
# Somebody who lives somewhere, and none of whose households has filled in its card.
_without_card = prepared_sql(
    "SELECT EXISTS (SELECT 1 FROM memberships WHERE person = {0} AND until_on IS NULL) AND NOT EXISTS "  # noqa: S608
    "(SELECT 1 FROM memberships JOIN household_cards ON household_cards.household = memberships.household "
    "WHERE memberships.person = {0} AND memberships.until_on IS NULL AND "
    + STANDS.format("household_cards")
    + ") AS found",
    _Found,
)


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    [without] = await _without_card(by.id)
    return OnHome(
        waits=[_waits(each) for each in await _asked(by.id)], first_step=FIRST_STEP if without.found else None
    )


def _waits(asked: _Asked) -> Line:
    title = say("%(name)s asks you to hold a key to their home", name=asked.name or say("A former neighbour"))
    return Line("key-round", title, f"/household/keys/{asked.id}", chip=say("Answer"), due=True)


FIRST_STEP = Line(
    icon="house",
    title=say("Fill in your household's card"),
    below=say("Whom to call, who holds a key, what helpers should know. Once, and you say who reads it."),
    path="/household",
    chip=say("To the card"),
)
