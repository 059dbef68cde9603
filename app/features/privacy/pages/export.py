"""The ZIP: data.json for programs, index.html for people, photos as files. Written to a file aside, sent in pieces."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import msgspec
from litestar import Controller, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Stream

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.privacy import rules
from app.features.privacy.pages.notice import ANYONE
from app.kit.clock import now

PIECE = 64 * 1024
HEADERS = {"Content-Disposition": 'attachment; filename="kith.zip"', "Cache-Control": "no-store"}


class ExportPages(Controller):
    path = "/"

    @get("/account/export", also=ANYONE)
    async def export(self, request: HTMXRequest) -> Stream:
        return await _taken(request, request.user.id, at=now())

    @get("/household/children/{child:int}/export")
    async def export_child(self, request: HTMXRequest, child: FromPath[int]) -> Stream:
        at = now()
        await people.child_of(request.user.id, child, await community.today(at))
        return await _taken(request, child, at=at)


async def _taken(request: HTMXRequest, person_id: int, *, at: datetime) -> Stream:
    await rules.may_export(person_id, by=request.user.id, now=at)
    everything = await rules.everything(person_id, request.app.state.mine)
    if person_id != request.user.id:
        everything = rules.for_a_guardian(everything)
    photos = await rules.photos_of(person_id)
    engine: Any = request.app.template_engine
    html, css = (engine.get_template(f"privacy/export.{kind}") for kind in ("html", "css"))
    shown = {
        "sections": rules.sections(everything),
        "photos": len(photos),
        "here": request.state.here,
        "at": at,
        "name": (await people.neighbour(person_id)).name,
    }
    file = await asyncio.to_thread(_packed, everything, photos, html.generate(**shown), css.render())
    return Stream(_pieces(file), media_type="application/zip", headers=HEADERS)


def _packed(everything: Any, photos: list[bytes], html: Iterable[str], css: str) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 (closed by _pieces)
    with ZipFile(file, "w", ZIP_DEFLATED) as out:
        with out.open("data.json", "w") as part:
            part.write(msgspec.json.format(msgspec.json.encode(everything, enc_hook=_plain), indent=2))
        with out.open("index.html", "w") as part:
            for piece in html:
                part.write(piece.encode())
        out.writestr("style.css", css)
        for number, photo in enumerate(photos, 1):
            out.writestr(f"photos/{number}.webp", photo, ZIP_STORED)
    file.seek(0)
    return file


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
