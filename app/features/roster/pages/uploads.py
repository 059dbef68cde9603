import json
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people.tables import Kind
from app.features.roster import rules
from app.features.roster.tables import Stage, Upload
from app.kit.cells import as_csv
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.languages import speaking
from app.kit.pages import Page, page, to
from app.kit.paging import paged, which, window
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import kept, say

PREVIEW = 6
LOWEST_HEADINGS = 100  # rows of a title and notes above them
FEW = 20  # so many may be gone without a question


class ReadingForm(Struct):
    encoding: str = ""
    separator: str = ""
    headings: int = 0
    column: list[str] = msgspec.field(default_factory=list)
    again: bool = False


class EndsForm(Struct):
    end: list[int] = msgspec.field(default_factory=list)


class UploadPages(Controller):
    path = "/admin/roster/{upload_id:int}"
    opt = {"only": (Kind.administrator,)}

    @get()
    async def show(
        self,
        request: HTMXRequest,
        upload_id: FromPath[int],
        what: FromQuery[str] = "",
        number: Annotated[int | None, QueryParameter(name="page")] = None,
    ) -> Page:
        row = await rules.one_upload(upload_id)
        if row.stage == Stage.mapping:
            return await _mapping(request, row)
        return await _standing(request, row, what if what in rules.FILTERS else "", which(number))

    @post("/reading", strong=True)
    async def read(self, request: HTMXRequest, upload_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReadingForm)
        row, at, by = await rules.one_upload(upload_id), now(), request.user.id
        if not form:
            return await _mapping(request, row, form, 422)
        reading = _reading(form.meant)
        try:
            if form.meant.again:
                await rules.look_again(upload_id, reading, by=by, now=at)
            else:
                await rules.read(upload_id, reading, by=by, now=at)
        except (Missing, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _mapping(request, row, form, refusal.status)
        return to(f"/admin/roster/{upload_id}")

    @post("/import", strong=True)
    async def bring(self, request: HTMXRequest, upload_id: FromPath[int]) -> Redirect:
        form = await filled(request, EndsForm)
        await rules.bring(upload_id, form.meant.end if form else [], by=request.user.id, now=now())
        return to(f"/admin/roster/{upload_id}")

    @post("/mapping", strong=True)
    async def choose_anew(self, request: HTMXRequest, upload_id: FromPath[int]) -> Redirect:
        await rules.choose_anew(upload_id, by=request.user.id, now=now())
        return to(f"/admin/roster/{upload_id}")

    @post("/cancellation", strong=True)
    async def cancel(self, request: HTMXRequest, upload_id: FromPath[int]) -> Redirect:
        await rules.cancel(upload_id, by=request.user.id, now=now())
        return to("/admin/roster", say("Cancelled. The file is deleted."))

    @get("/refused.csv", strong=True)
    async def refused(self, request: HTMXRequest, upload_id: FromPath[int]) -> Response[bytes]:
        """The rows to mend, with their reasons."""
        row, tongue = await rules.one_upload(upload_id), speaking.get()
        refused = [(number, why.spoken(tongue), *cells) for number, why, cells in await rules.refused_rows(row)]
        headers = {"Content-Disposition": 'attachment; filename="refused.csv"', "Cache-Control": "no-store"}
        return Response(as_csv(refused), media_type="text/csv; charset=utf-8", headers=headers)


def _reading(meant: ReadingForm) -> rules.Reading:
    """An unknown encoding is none, and a column that nobody needs is called "-"."""
    columns = tuple(each if each in rules.FIELD_WORDS else "" for each in meant.column)
    encoding = meant.encoding if meant.encoding in rules.ENCODINGS else ""
    separator = {"tab": "\t"}.get(meant.separator, meant.separator)
    headings = min(max(meant.headings, 0), LOWEST_HEADINGS)
    return rules.Reading(encoding, separator if separator in rules.SEPARATORS else "", headings, columns)


async def _mapping(request: HTMXRequest, row: Upload, form: Form | None = None, status: int = 200) -> Page:
    kept_reading = rules.reading_of(row)
    sheet = await rules.sheet_of(row, kept_reading)
    typed = (
        form
        if form is not None
        else blank(
            encoding=kept_reading.encoding,
            separator={"\t": "tab"}.get(kept_reading.separator, kept_reading.separator),
            headings=kept_reading.headings,
            column=list(kept_reading.columns),
        )
    )
    first = sheet.first(kept_reading.headings + PREVIEW)
    return page(
        request,
        "roster/mapping.html",
        status=status,
        upload=row,
        form=typed,
        columns=_columns(first, kept_reading, typed),
        fields=rules.FIELD_WORDS,
        encodings=rules.ENCODINGS,
        separators=rules.SEPARATORS,
        is_workbook=not kept_reading.encoding,
    )


def _columns(first: list[list[str]], reading: rules.Reading, form: Form) -> list[dict[str, Any]]:
    """Each column with its heading, a few of its cells, and the field that was chosen for it."""
    chosen = form.values.get("column") or list(reading.columns)
    wide = min(max(map(len, first), default=0), 60)
    headings = first[reading.headings - 1] if 0 < reading.headings <= len(first) else []
    below = first[reading.headings :]
    return [
        {
            "heading": headings[place] if place < len(headings) else "",
            "cells": [row[place] for row in below if place < len(row) and row[place].strip()][:3],
            "field": chosen[place] if place < len(chosen) else "",
        }
        for place in range(wide)
    ]


async def _standing(request: HTMXRequest, row: Upload, what: str, number: int) -> Page:
    limit, offset = window(number)
    counts = json.loads(row.counts)
    return page(
        request,
        "roster/upload.html",
        upload=row,
        counts=counts,
        many_gone=counts.get("gone", 0) > max(FEW, counts.get("rows", 0) // 10),
        busy=row.stage in rules.BUSY,
        part=rules.progress(row.token),
        trouble=kept(row.trouble) if row.trouble else None,
        entries=paged(rules.entries(row.token, what, limit=limit, offset=offset), number),
        gone=rules.entries(row.token, rules.GONE, limit=1000) if row.stage == Stage.decided else [],
        what=what,
        filters=rules.FILTERS,
        stages=rules.STAGE_WORDS,
    )
