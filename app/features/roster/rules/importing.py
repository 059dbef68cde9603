"""A list of residents comes in: decided row by row, written in one transaction; the same list again changes nothing."""

import asyncio
import hashlib
import json
from datetime import datetime

from app.config import settings
from app.db import held, writing
from app.features.community import rules as community
from app.features.community.tables import Community
from app.features.roster.rules.reading import Row, read_residents
from app.features.roster.rules.register import Register
from app.features.roster.rules.report import Report
from app.features.roster.rules.settling import known_people, known_seals, settle
from app.features.roster.tables import RosterImport
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.secret import secret
from app.kit.words import say

LONGEST_BASIS = 400
# An operator may bring the list in first and open the set-up link afterwards: the estate's usual words hold till then.
BEFORE_THE_FIRST_DAY = community.Here("", "Asia/Shanghai", "CN", ("zh-Hans", "en"), ("building", "entrance", "floor"))


async def import_residents(
    content: bytes, *, basis: str, by: int | None, now: datetime, dry_run: bool = False
) -> Report:
    """`basis` says in words by which right we keep these data. A dry run decides the same and writes nothing."""
    basis = " ".join(basis.split())
    if not basis:
        raise Refusal(say("Say in words on which legal basis the list comes in."), beside="basis")
    if len(basis) > LONGEST_BASIS:
        raise Refusal(say("Please say it in %(n)s characters.", n=LONGEST_BASIS), beside="basis")
    here = await community.here() or BEFORE_THE_FIRST_DAY
    rows = await asyncio.to_thread(lambda: list(read_residents(content, region=here.region, estate=here.name)))
    if dry_run:
        return _decided(await _register(), rows, dry_run=True)
    async with writing():
        # Two lists at once: the second waits here, then finds what the first brought.
        await held(Community.select(Community.id).where(Community.id == 1))
        register = await _register()
        report = _decided(register, rows)
        came = RosterImport(
            at=now,
            by=by,
            basis=basis,
            file_fingerprint=hashlib.sha256(content).hexdigest(),
            counts=json.dumps({**report.counts, "phone_notes": report.phone_notes}),
        )
        await came.save()
        await settle(register, here, came.id, by=by, now=now)
        await audit.note("roster imported", who=by, about=f"roster_import:{came.id}", now=now)
    return report


async def _register() -> Register:
    return Register(secret(settings().secret_file), await known_people(), await known_seals())


def _decided(register: Register, rows: list[Row], *, dry_run: bool = False) -> Report:
    return Report([register.take(row) for row in rows], dry_run)
