"""The link in a letter about an alert: it bears one person and one alert, and answers once, without a sign-in.

Nothing of it is kept: it is signed. It ends with the alert, or 48 hours after what was told was told.
"""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from app.config import settings
from app.db import prepared_sql, writing
from app.features.alerts.rules.answering import answer_all, must_be_short, tried_again
from app.features.alerts.rules.called import Word
from app.features.alerts.rules.undoing import undo
from app.features.alerts.tables import Alert, Answer, How, Message, Stage
from app.features.help.tables import What
from app.features.people import rules as people
from app.kit.refusals import Missing, Taken
from app.kit.secret import secret
from app.kit.words import say

LASTS = timedelta(hours=48)
SIGNED = 10  # bytes, 80 bits: nobody tries so many
NUMBERS = (3, 4, 3)  # bytes of the alert, of the person, and of the minute since there were such links
FRONT = sum(NUMBERS)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GONE = say("This link does not lead anywhere, or not any more. Your neighbours and the steward can answer for you.")
SPENT = say("You have answered by this link already. To change it, sign in or ask somebody of your household.")


class Opened(Struct):
    """What a link is about, for whoever holds it: the alert with what was said last, and how its person answered."""

    alert: Alert
    last: Message
    person: int
    name: str
    answer: str
    spent: bool
    over: bool

    @property
    def takes_answer(self) -> bool:
        return self.alert.roll_call and not (self.spent or self.over)


class _Id(Struct):
    id: int


class _Row(Struct):
    name: str
    answer: str
    link_used_at: datetime | None


_row = prepared_sql(
    "SELECT people.name, alert_recipients.answer, alert_recipients.link_used_at FROM alert_recipients "
    "JOIN people ON people.id = alert_recipients.person WHERE alert_recipients.alert = {} AND people.id = {}",
    _Row,
)


def link_path(alert: int, person: int, made_at: datetime) -> str:
    """Always the same for the same notice. Short enough for a text message, and letters that can be typed."""
    numbers = (alert, person, (made_at - SINCE) // MINUTE)
    plain = b"".join(number.to_bytes(size, "big") for number, size in zip(numbers, NUMBERS, strict=True))
    return f"/answer/{base64.b32encode(plain + _signature(plain)).decode().lower()}"


async def open_link(token: str, *, now: datetime) -> Opened:
    """Looking spends nothing. Raises Missing for what was not signed here, and for what is too old."""
    number, person, made_at = _read(token)
    if now - made_at > LASTS:
        raise Missing(GONE)
    alert: Alert | None = await Alert.objects().where(Alert.id == number).first()
    row = await _row.first(number, person)
    last = await Message.objects().where(Message.alert == number).order_by(Message.id, ascending=False).first()
    if alert is None or row is None or last is None:
        raise Missing(GONE)
    over = alert.stage != Stage.active or alert.until_at <= now
    spent = row.link_used_at is not None and row.link_used_at >= made_at
    return Opened(alert, last, person, first_name(row.name), row.answer, spent, over)


async def answer_by_link(
    token: str, answer: Answer, *, words: str = "", what: What = What.other, now: datetime
) -> None:
    """Spends it. A newer letter of the same alert brings a new one."""
    number, person, made_at = _read(token)
    await open_link(token, now=now)
    must_be_short(words)
    by = await people.neighbour(person)

    async def deed() -> None:
        async with writing():
            if not await _spend(number, person, made_at, now):
                raise Taken(SPENT)
            said = Word(answer, person, now, words.strip())
            await answer_all(number, {person: How.link}, said, what=what, by=by, now=now)

    await tried_again(deed)


async def undo_by_link(token: str, *, now: datetime) -> None:
    number, person, _ = _read(token)
    await open_link(token, now=now)
    await undo(number, by=person, now=now)


_spent_now = prepared_sql(
    "UPDATE alert_recipients SET link_used_at = {3} WHERE alert = {0} AND person = {1} "
    "AND (link_used_at IS NULL OR link_used_at < {2}) RETURNING id",
    _Id,
)


async def _spend(alert: int, person: int, made_at: datetime, now: datetime) -> bool:
    return bool(await _spent_now(alert, person, made_at, now))


def _read(token: str) -> tuple[int, int, datetime]:
    typed = "".join(token.split()).upper()
    try:
        raw = base64.b32decode(typed)
    except ValueError:
        raise Missing(GONE) from None
    plain, signature = raw[:FRONT], raw[FRONT:]
    if not hmac.compare_digest(signature, _signature(plain)):
        raise Missing(GONE)
    alert, person, minute = (int.from_bytes(plain[start:end]) for start, end in ((0, 3), (3, 7), (7, FRONT)))
    return alert, person, SINCE + minute * MINUTE


def _signature(plain: bytes) -> bytes:
    key = hmac.new(secret(settings().secret_file), b"kith answer link", sha256).digest()
    return hmac.new(key, plain, sha256).digest()[:SIGNED]


def first_name(name: str) -> str:
    """So that of two letters on one phone each is known; the family's name stays here."""
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        return name[1:] if len(name) < 4 else name[2:]
    return name.split()[0] if name.split() else ""
