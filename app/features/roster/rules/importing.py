"""A list of residents comes in: decided row by row, written in one transaction; the same list again changes nothing."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from app.config import settings
from app.db import held, writing
from app.features.community import rules as community
from app.features.community.tables import Community
from app.features.roster.rules.leaving import let_go
from app.features.roster.rules.moving import moves_and_gone
from app.features.roster.rules.reading import Row, read_residents
from app.features.roster.rules.register import Register
from app.features.roster.rules.report import Gone, Report
from app.features.roster.rules.settling import known_people, known_seals, settle, who_sign_in
from app.features.roster.rules.sheets import Reading
from app.features.roster.tables import RosterImport
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.secret import secret
from app.kit.words import say

LONGEST_BASIS = 400
# An operator may bring the list in first and open the set-up link afterwards: the estate's usual words hold till then.
BEFORE_THE_FIRST_DAY = community.Here("", "Asia/Shanghai", "CN", ("zh-Hans", "en"), ("building", "entrance", "floor"))

Told = Callable[[float], None]  # which part of the whole is done, 0 to 1


@dataclass(frozen=True)
class Way:
    """How a list comes in. `whole`: whoever it no longer has is gone; of those, `let_go` says who is ended.

    `kept` is called within the import's transaction, when all is written.
    """

    reading: Reading | None = None
    whole: bool = False
    let_go: Callable[[Gone], bool] = lambda gone: False
    told: Told = lambda part: None
    kept: Callable[[Report], Awaitable[None]] | None = None


async def import_residents(
    content: bytes, *, basis: str, by: int | None, now: datetime, dry_run: bool = False, way: Way | None = None
) -> Report:
    """`basis` says in words by which right we keep these data. A dry run decides the same and writes nothing."""
    basis, way = fitting_basis(basis), way or Way()
    here = await community.here() or BEFORE_THE_FIRST_DAY
    share = 1.0 if dry_run else 0.5  # of the whole work: writing takes as long as reading and deciding
    rows = await asyncio.to_thread(_read, content, here, way, share)
    if dry_run:
        return (await _decided(rows, way, share, dry_run=True))[1]
    async with writing():
        # Two lists at once: the second waits here, then finds what the first brought.
        await held(Community.select(Community.id).where(Community.id == 1))
        register, report = await _decided(rows, way, share)
        came = RosterImport(
            at=now,
            by=by,
            basis=basis,
            file_fingerprint=hashlib.sha256(content).hexdigest(),
            counts=json.dumps({key: count for key, count in report.as_json().items() if key != "refusals"}),
        )
        await came.save()
        await settle(register, here, came.id, by=by, now=now, done=lambda part: way.told((1 + part) / 2))
        await let_go([gone for gone in report.gone if way.let_go(gone)], by=by, now=now)
        await audit.note("roster imported", who=by, about=f"roster_import:{came.id}", now=now)
        report.import_id = came.id
        if way.kept:
            await way.kept(report)
    return report


def fitting_basis(basis: str) -> str:
    """Raises Refusal beside "basis"."""
    basis = " ".join(basis.split())
    if not basis:
        raise Refusal(say("Say in words on which legal basis the list comes in."), beside="basis")
    if len(basis) > LONGEST_BASIS:
        raise Refusal(say("Please say it in %(n)s characters.", n=LONGEST_BASIS), beside="basis")
    return basis


def _read(content: bytes, here: community.Here, way: Way, share: float) -> list[Row]:
    """How many there are is guessed from the line ends, before they are read."""
    rows: list[Row] = []
    guess = max(content.count(b"\n"), 1)
    for row in read_residents(content, region=here.region, estate=here.name, reading=way.reading):
        rows.append(row)
        if len(rows) % 500 == 0:
            way.told(share * 0.7 * min(len(rows) / guess, 1))
    return rows


async def _decided(rows: list[Row], way: Way, share: float, *, dry_run: bool = False) -> tuple[Register, Report]:
    register = Register(secret(settings().secret_file), await known_people(), await known_seals())
    outcomes, gone = [], list[Gone]()
    for place, row in enumerate(rows, 1):
        outcomes.append(register.take(row))
        if place % 500 == 0:
            way.told(share * (0.7 + 0.3 * place / len(rows)))
    if way.whole:
        outcomes, gone = moves_and_gone(register, outcomes, await who_sign_in())
    return register, Report(outcomes, dry_run, gone, way.whole)
