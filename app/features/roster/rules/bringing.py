"""What a worker does with an upload: decides row by row, and brings it in. Each may run twice, and does it once."""

import asyncio
import json
from datetime import datetime
from typing import Any

from app.features.notices import rules as notices
from app.features.roster.rules import papers
from app.features.roster.rules.importing import Way, import_residents
from app.features.roster.rules.report import Gone, Report
from app.features.roster.rules.uploads import GONE, reading_of
from app.features.roster.tables import Stage, Upload
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say


async def decide(upload: int, *, now: datetime) -> None:
    row = await _at(upload, Stage.reading)
    if row is None:
        return
    way = Way(reading_of(row), row.whole, told=papers.Progress(row.token))
    try:
        content = await asyncio.to_thread(papers.content_of, row.token)
        report = await import_residents(content, basis=row.basis, by=row.by, now=now, dry_run=True, way=way)
        await asyncio.to_thread(papers.keep_report, row.token, report)
    except (Refusal, FileNotFoundError) as refusal:
        await _fail(row, refusal.sentence if isinstance(refusal, Refusal) else GONE, now)
    else:
        await _advance(row, Stage.decided, now, counts=_counts(report))


async def bring(upload: int, *, now: datetime) -> None:
    """The list and the upload's stage are written together: a worker that dies has done all of it or nothing."""
    row = await _at(upload, Stage.bringing)
    if row is None:
        return
    ends = set(json.loads(row.ends))

    def let_go(gone: Gone) -> bool:
        return gone.person in ends

    async def kept(report: Report) -> None:
        await _advance(row, Stage.done, now, counts=_counts(report), roster_import=report.import_id)
        told = say("The list is in: %(made)s new, %(moved)s moved.", made=report.counts["made"], moved=report.moved)
        path = f"/admin/roster/{row.id}"
        await notices.tell(row.by, told, path=path, now=now, topic="people", key=f"roster:{row.id}")

    way = Way(reading_of(row), row.whole, let_go, papers.Progress(row.token), kept)
    try:
        content = await asyncio.to_thread(papers.content_of, row.token)
        await import_residents(content, basis=row.basis, by=row.by, now=now, way=way)
    except (Refusal, FileNotFoundError) as refusal:
        await _fail(row, refusal.sentence if isinstance(refusal, Refusal) else GONE, now)
    else:
        await asyncio.to_thread(papers.drop, row.token)


async def _at(upload: int, stage: Stage) -> Upload | None:
    return await Upload.objects().where((Upload.id == upload) & (Upload.stage == stage)).first()


async def _advance(row: Upload, stage: Stage, now: datetime, **values: Any) -> None:
    """Not where somebody cancelled it meanwhile."""
    same = (Upload.id == row.id) & (Upload.stage == row.stage)
    await Upload.update(stage=stage, touched_at=now, **values).where(same)


async def _fail(row: Upload, why: Sentence, now: datetime) -> None:
    await _advance(row, Stage.failed, now, trouble=why.as_json())


def _counts(report: Report) -> str:
    return json.dumps({key: count for key, count in report.as_json().items() if key != "refusals"})
