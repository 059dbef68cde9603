"""Printed labels: the token of each item, the short code that is typed, and where a label leads."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts.rules.codes import LETTERS, plain
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.sharing.rules.reach import COLUMNS, KEPT_BY, Thing, item_for, keeps, kept_item
from app.features.sharing.tables import Item
from app.features.skills.rules.standing import only_active
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import Sentence, say

TOKEN, CODE = 26, 8  # letters of 31: 128 bits on the label, and what somebody types who stands before the thing
ON_A_SHEET = 120
TYPED = re.compile(r"[A-Za-z0-9_ -]{1,60}")
LABEL = re.compile(r"(?:^|/)q/([\w-]{1,43})/?$")
HANDOVER = re.compile(r"/loans/(\d{1,9})/handover\?code=([\w-]{1,40})$")
GONE = say("This label leads nowhere any more, or not for you. The thing may have a new one.")


class _Labelled(Struct):
    id: int
    label: str


_labelled = prepared_sql("SELECT id, label FROM items WHERE label = {} OR substr(label, 1, 8) = {}", _Labelled)


async def new_label() -> str:
    """Nobody else's, nor are the letters it begins with, by which it is typed: an index keeps that."""
    while True:
        made = "".join(secrets.choice(LETTERS) for _ in range(TOKEN))
        if not await _labelled(made, made[:CODE]):
            return made


def code_of(label: str) -> str:
    """As it stands under the picture, and is read out: 7K3M 9QXT."""
    return f"{label[:4]} {label[4:CODE]}".upper()


def label_path(label: str) -> str:
    return f"/q/{label}"


async def labelled(typed: str, *, by: Neighbour) -> Thing:
    """By the whole token or by its code. Raises Missing, for a label that was renewed as for a thing that is not yours
    to see."""
    letters = plain(typed) if TYPED.fullmatch(typed) else ""
    for found in await _labelled(typed, letters[:CODE]) if letters else []:
        if typed == found.label or letters in (found.label, found.label[:CODE]):
            try:
                return await item_for(found.id, by=by)
            except Missing:
                break
    raise Missing(GONE)


async def scanned(text: str, *, by: Neighbour) -> str:
    """The page for what a camera read or somebody typed, of ours alone. Raises Refusal beside `code`."""
    text = text.strip()
    if handover := HANDOVER.search(text):
        return f"/loans/{handover[1]}/handover?code={handover[2]}"
    label = LABEL.search(text)
    try:
        return label_path((await labelled(label[1] if label else text, by=by)).label)
    except Missing:
        raise Refusal(_not_ours(text, bool(label)), beside="code") from None


def _not_ours(text: str, is_label: bool) -> Sentence:
    if is_label:
        return GONE
    if "//" in text:
        return say("That is no label of this community.")
    return say("No label here has that code. It has eight letters and digits; please look again.")


_OURS = "({1} = 1 AND items.person IS NULL AND items.household IS NULL)"
_ALL = (
    f"{COLUMNS} WHERE ({KEPT_BY} OR {_OURS}) AND items.state IN ('offered', 'paused') chosen "
    "ORDER BY lower(items.name), items.id LIMIT {2} OFFSET {3}"
)
_CHOSEN = {
    "sqlite": "AND items.id IN (SELECT value FROM json_each({4}))",
    "postgres": "AND items.id = ANY(CAST({4} AS bigint[]))",
}
_kept = prepared_sql(_ALL.replace("chosen", ""), Thing)
_some = prepared_sql({engine: _ALL.replace("chosen", chosen) for engine, chosen in _CHOSEN.items()}, Thing)


async def kept_things(*, by: Neighbour, limit: int, offset: int = 0) -> list[Thing]:
    """What somebody answers for and nobody took away, by name: their own, their household's, what they keep of ours."""
    return list(await _kept(by.id, int(by.is_a(RoleKind.administrator)), limit, offset))


async def chosen_things(ids: Collection[int], *, by: Neighbour) -> list[Thing]:
    """Of these, those that somebody answers for: as many as a few sheets of paper take."""
    return list(await _some(by.id, int(by.is_a(RoleKind.administrator)), ON_A_SHEET, 0, list(ids)))


async def own_label(item_id: int, *, by: Neighbour) -> Thing:
    """For whoever prints it. Raises Missing, or NotYours."""
    found = await item_for(item_id, by=by)
    if not keeps(found, by):
        raise NotYours(say("Whoever it belongs to prints its label."))
    return found


async def renew_label(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """The one that was lost leads nowhere from now on."""
    only_active(by, now)
    async with writing():
        await kept_item(item_id, by=by)
        await Item.update({Item.label: await new_label()}).where(Item.id == item_id)
        await audit.note("label renewed", who=by.id, about=f"item:{item_id}", now=now)
