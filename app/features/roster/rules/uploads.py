"""A list comes in through the browser: looked at, read, decided, and brought in when somebody says so."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.roster.rules import papers
from app.features.roster.rules.headings import are_enough
from app.features.roster.rules.importing import fitting_basis
from app.features.roster.rules.report import What
from app.features.roster.rules.sheets import Reading, Sheet, opened
from app.features.roster.tables import Stage, Upload
from app.kit import audit, later
from app.kit.keeping import Keeping
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say

MOST_BYTES = 10 * 1024 * 1024
LASTS, KEPT_FOR = timedelta(hours=24), timedelta(days=365)
MOST_REFUSED = 100_000
BUSY = (Stage.reading, Stage.bringing)
OPEN = [Stage.mapping, *BUSY, Stage.decided, Stage.failed]  # the file still lies here
GONE = say("This upload is over: its file is deleted after a day. Please send it again.")


async def upload(content: bytes, *, name: str, basis: str, whole: bool, by: int, now: datetime) -> int:
    """Gives back its number. Raises Refusal beside "file" or "basis", and then nothing was stored."""
    basis = fitting_basis(basis)
    if len(content) > MOST_BYTES:
        raise Refusal(say("That file is larger than 10 MB. Send it in parts."), beside="file")
    sheet = await asyncio.to_thread(opened, content)
    token = await asyncio.to_thread(papers.put, content)
    try:
        async with writing():
            reading = msgspec.json.encode(sheet.reading).decode()
            row = Upload(by=by, at=now, name=name[:120], basis=basis, whole=whole, token=token, touched_at=now)
            row.reading, row.stage = reading, Stage.mapping
            await row.save()
            await audit.note("list uploaded", who=by, about=f"roster_upload:{row.id}", now=now)
    except BaseException:
        papers.drop(token)
        raise
    return int(row.id)


async def uploads() -> list[Upload]:
    """Those on their way in, newest first."""
    return await Upload.objects().where(Upload.stage.is_in(OPEN)).order_by(Upload.id, ascending=False)


class Came(Struct):
    """A list that is in, by whichever door it came."""

    at: datetime
    basis: str
    counts: str

    @property
    def told(self) -> dict[str, int]:
        return dict(json.loads(self.counts))


async def imports() -> list[Came]:
    """The newest first."""
    return list(await _imports(20))


_imports = prepared_sql("SELECT at, basis, counts FROM roster_imports ORDER BY id DESC LIMIT {}", Came)


async def one_upload(upload_id: int) -> Upload:
    row = await Upload.objects().where(Upload.id == upload_id).first()
    if row is None:
        raise Missing
    return row


def reading_of(row: Upload) -> Reading:
    return msgspec.json.decode(row.reading, type=Reading)


async def sheet_of(row: Upload, reading: Reading | None = None) -> Sheet:
    """Raises Missing when its day is over, Unreadable for a reading that does not fit."""
    try:
        return await asyncio.to_thread(lambda: opened(papers.content_of(row.token), reading or reading_of(row)))
    except FileNotFoundError:
        raise Missing(GONE) from None


async def look_again(upload_id: int, reading: Reading, *, by: int, now: datetime) -> Sheet:
    """Another encoding or separator: the headings are found anew."""
    row = await one_upload(upload_id)
    sheet = await sheet_of(row, Reading(reading.encoding, reading.separator))
    await _move(upload_id, (Stage.mapping,), Stage.mapping, now, reading=msgspec.json.encode(sheet.reading).decode())
    return sheet


async def read(upload_id: int, reading: Reading, *, by: int, now: datetime) -> None:
    """A worker reads it by this reading, and decides row by row. Raises Refusal beside "columns"."""
    if not are_enough(reading.columns):
        raise Refusal(say("Say which column is the address and which is the name."), beside="columns")
    async with writing():
        kept = msgspec.json.encode(reading).decode()
        await _move(upload_id, (Stage.mapping,), Stage.reading, now, reading=kept)
        await later.at(now, "roster.decide", key=f"roster:{upload_id}:decide", again=True, upload=upload_id)


async def bring(upload_id: int, ends: list[int], *, by: int, now: datetime) -> None:
    """Of those whom the list lacks, `ends` are let go."""
    async with writing():
        await _move(upload_id, (Stage.decided,), Stage.bringing, now, ends=json.dumps(sorted(set(ends))))
        await later.at(now, "roster.bring", key=f"roster:{upload_id}:bring", upload=upload_id)


async def choose_anew(upload_id: int, *, by: int, now: datetime) -> None:
    """Back to the columns: something was read wrongly."""
    await _move(upload_id, (Stage.decided, Stage.failed), Stage.mapping, now, trouble=None)


async def cancel(upload_id: int, *, by: int, now: datetime) -> None:
    """While it is being brought in it is too late."""
    row = await _move(upload_id, (Stage.mapping, Stage.reading, Stage.decided, Stage.failed), Stage.cancelled, now)
    await asyncio.to_thread(papers.drop, row.token)


async def refused_rows(row: Upload) -> list[tuple[int, Sentence, list[str]]]:
    """(row, why, its cells as the list had them), headings first."""
    sheet = await sheet_of(row)
    refused = await asyncio.to_thread(papers.entries, row.token, What.refused, limit=MOST_REFUSED)
    why = {entry.number: entry.because[0] for entry in refused if entry.because}
    why |= {sheet.reading.headings: say("Why it was refused")}
    return [(number, why[number], cells) for number, cells in sheet.rows() if number in why]


async def _move(upload_id: int, before: tuple[Stage, ...], after: Stage, now: datetime, **values: Any) -> Upload:
    """From one stage to the next, once: of two who press, one does it."""
    async with writing():
        row = await held(Upload.objects().where(Upload.id == upload_id)).first()
        if row is None:
            raise Missing
        if row.stage not in before:
            raise Taken(say("That has gone further meanwhile. Please look again."))
        await Upload.update(stage=after, touched_at=now, **values).where(Upload.id == upload_id)
        return row


async def purge(now: datetime) -> None:
    """The file goes after a day; the line about it after the year in which somebody may ask."""
    too_old = Upload.stage.is_in(OPEN) & (Upload.touched_at < now - LASTS)
    await Upload.update({Upload.stage: Stage.cancelled}).where(too_old)
    await Upload.delete().where(Upload.touched_at < now - KEPT_FOR)
    alive = await Upload.select(Upload.token).where(Upload.stage.is_in(OPEN))
    await asyncio.to_thread(papers.drop_others, [row["token"] for row in alive], (now - LASTS).timestamp())


KEPT = Keeping(
    say("A list of residents on its way in: its file, and who sent it"),
    say("So that nothing is written before somebody has looked; the file goes after a day"),
    ("roster_uploads",),
    KEPT_FOR,
    purge,
)
