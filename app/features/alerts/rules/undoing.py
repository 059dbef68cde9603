"""A slip is taken back within eight seconds, and what counted before counts again."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.rules.called import counting, held_called, let_count, see_to_needs
from app.features.alerts.rules.knocking import silent_again
from app.features.alerts.rules.telling import told_key
from app.features.alerts.rules.words import channel_of
from app.features.alerts.tables import Recipient
from app.features.notices import rules as notices
from app.kit import changes
from app.kit.refusals import Taken
from app.kit.words import say

UNDO = timedelta(seconds=8)
ON_ITS_WAY = timedelta(seconds=4)  # what the button's road may take, there and back
TOO_LATE = say("That can no longer be undone. You can answer anew at any time.")


class Lately(Struct):
    recipient: int
    person: int
    at: datetime
    undone_at: datetime | None


class _Id(Struct):
    id: int


_lately = prepared_sql(
    "SELECT alert_answers.recipient, alert_recipients.person, alert_answers.at, alert_answers.undone_at "
    "FROM alert_answers JOIN alert_recipients ON alert_recipients.id = alert_answers.recipient "
    "WHERE alert_recipients.alert = {0} "
    'AND alert_answers."by" = {1} AND alert_answers.at > {2} '
    "ORDER BY alert_answers.id DESC",
    Lately,
)
_undo = prepared_sql(
    'UPDATE alert_answers SET undone_at = {0} WHERE recipient = {1} AND "by" = {2} AND at = {3} '
    "AND undone_at IS NULL RETURNING id",
    _Id,
)


async def undo(alert: int, *, by: int, now: datetime) -> None:
    """The last deed of `by` in this alert, for all whom it answered for. A link that was spent by it is whole again.

    Pressed twice, it does not go on to the deed before.
    """
    lately = await _lately(alert, by, now - UNDO - ON_ITS_WAY)
    if not lately or lately[0].undone_at:
        raise Taken(TOO_LATE)
    deed_at = lately[0].at
    async with writing():
        called = await held_called(alert, {each.person for each in lately if each.at == deed_at}, now)
        for each in called:
            if not await _undo(now, each.id, by, deed_at):
                raise Taken(TOO_LATE)
            before = await counting(each)
            if before is None or (before.answer, before.at) != (each.answer, each.answered_at):
                await let_count(each, before)
                if before is None or before.answer != each.answer:
                    await see_to_needs(each, before, now)
            if each.link_used_at == deed_at:
                await Recipient.update({Recipient.link_used_at: None}).where(Recipient.id == each.id)
        await silent_again(alert, {each.household for each in called}, now)
        await notices.withdraw(told_key(alert, by, deed_at))
        await changes.announce(
            *(channel_of(each.area) for each in called), *(f"person:{each.person}" for each in called)
        )
