"""An "I need help" is a need, filed with the answer; again it is joined, and safe again it is withdrawn."""

import json
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.words import marked
from app.features.alerts.tables import Alert, AlertNeed, Kind, Level, Recipient, Said
from app.features.community import rules as community
from app.features.help import rules as help
from app.features.help.rules.reach import need_of
from app.features.help.tables import Among, What
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit.languages import SOURCE, language
from app.kit.refusals import Missing
from app.kit.words import say, written

MOST = 600
URGENCY = {Level.critical: Urgency.critical}


class _Id(Struct):
    id: int


_open = prepared_sql(
    "SELECT alert_needs.need AS id FROM alert_needs JOIN needs ON needs.id = alert_needs.need "
    "WHERE alert_needs.recipient = {} AND NOT alert_needs.knock AND needs.stage IN ('open', 'taken', 'way') "
    "ORDER BY alert_needs.id DESC",
    _Id,
)


async def asked_for_help(recipient: Recipient, said: Said, now: datetime, *, what: What = What.other) -> None:
    """Within the answer's transaction, in which the recipient is held: so the same person never has two."""
    whom = await people.neighbour(recipient.person)
    by = said.by if said.by is not None else whom.id
    first = await _open.first(recipient.id)
    if first is not None:
        if said.words:
            await help.join(first.id, said.words, person=by, language=said.lang, now=now)
        return
    alert = await Alert.objects().get(Alert.id == recipient.alert)
    if alert is None:
        raise Missing
    asker = await _who_asks(whom, now)
    tag = whom.language or await _first_language()
    child = say("It is about %(name)s, a child who lives there.", name=whom.name) if asker.id != whom.id else None
    asking = help.Asking(
        what if what in help.ASKED_FOR else What.other,
        words_of(alert, said, tag),
        details=child.spoken(language(tag)) if child else "",
        urgency=URGENCY.get(Level(alert.level), Urgency.urgent),
        twin=help.Twin.another,
    )
    # Whoever is suspended stands on no board of neighbours; those who look after the area come all the same.
    seen = asker.is_active and not asker.is_child(await community.today(now))
    among = Among.everybody if seen else Among.officers
    same: dict[str, Any] = {"place": recipient.area, "language": said.lang or whom.language}
    same["above"] = help.FromAbove(among=among)
    need = await help.ask(asking, person=asker.id, acted_by=by, now=now, **same)
    filed = AlertNeed(alert=alert.id, recipient=recipient.id, household=recipient.household, need=need, made_at=now)
    await AlertNeed.insert(filed)


async def _who_asks(whom: Neighbour, now: datetime) -> Neighbour:
    """A child's door and phone are shown to nobody: its guardian asks."""
    if not whom.is_child(await community.today(now)):
        return whom
    guardian = await people.guardian_of(whom.id)
    return await people.neighbour(guardian) if guardian is not None else whom


async def _first_language() -> str:
    here = await community.here()
    return here.languages[0] if here else SOURCE


async def needs_no_help(recipient: Recipient, now: datetime, *, by: int | None) -> None:
    """They are safe, or it was a slip: whoever was on the way hears so."""
    for row in await _open(recipient.id):
        need = await need_of(row.id)
        hand = await people.neighbour(need.person or by or recipient.person)
        await help.withdraw(row.id, by=hand, now=now)


def words_of(alert: Alert, said: Said, tag: str) -> str:
    """What stands on the board of needs, the mark of an exercise first."""
    headline = written(json.loads(alert.headlines))
    words = written({"": said.words}) if said.words else say("Needs help: %(what)s", what=headline)
    return marked(Kind(alert.kind), words).spoken(language(tag))[:MOST]
