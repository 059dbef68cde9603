"""What this feature keeps about a person: shown to them, forgotten with them."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.alerts.tables import Mend, Objection, Recipient, Said

ANSWERS = (Said.answer, Said.words, Said.how, Said.at, Said.undone_at)


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: what went to them, what was answered, what they objected and took on."""
    told = Recipient.select(Recipient.alert, Recipient.answer, Recipient.answered_at, Recipient.how)
    answers = Said.select(*ANSWERS).where((Said.recipient.person == person_id) | (Said.by == person_id))
    objected = Objection.select(Objection.measure, Objection.words, Objection.at, Objection.answer)
    took_on = Mend.select(Mend.words, Mend.due_on, Mend.done_at).where(Mend.owner == person_id)
    return {
        "alert_recipients": await told.where(Recipient.person == person_id),
        "alert_answers": await answers,
        "alert_objections": await objected.where(Objection.person == person_id),
        "alert_mends": await took_on,
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """They were told, and answered, as nobody any more."""
    async with writing():
        await Objection.delete().where(Objection.person == person_id)
        await Recipient.delete().where(Recipient.person == person_id)
        await Said.update({Said.by: None, Said.words: ""}).where(Said.by == person_id)
        await Mend.update({Mend.owner: None}).where(Mend.owner == person_id)
