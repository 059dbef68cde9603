"""Needs that came of an emergency go with its data: what somebody needed then was for the response only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, one_of, prepared_sql, writing
from app.features.help.rules.kinds import LABELS
from app.features.help.rules.reach import path_of
from app.features.help.rules.stages import LIVE
from app.features.help.tables import Need, NeedStep, Stage, What, Word
from app.features.notices import rules as notices
from app.kit import later
from app.kit.languages import SOURCE, language

AT_ONCE = 200


class _Emptied(Struct):
    id: int
    stage: str
    kind: str
    lang: str
    photo: str
    receipt: str
    owes: bool


# ruff: noqa: S608 (all of these words are ours)
_some = prepared_sql(
    {
        engine: "SELECT id, stage, kind, lang, photo, receipt, (COALESCE(spent_cents, 0) > 0 "
        f"AND (paid_at IS NULL OR got_at IS NULL)) AS owes FROM needs WHERE id {among} ORDER BY id"
        for engine, among in {
            "sqlite": "IN (SELECT value FROM json_each({}))",
            "postgres": "= ANY(CAST({} AS integer[]))",
        }.items()
    },
    _Emptied,
)


async def empty(needs: Sequence[int], *, now: datetime) -> list[str]:
    """Those that are over go whole. Where somebody is still expected, or money is not settled, the need stays, and says
    what kind of help it is and nothing else. Gives back the pictures to drop after the caller's transaction.
    """
    pictures: list[str] = []
    for some in (needs[start : start + AT_ONCE] for start in range(0, len(needs), AT_ONCE)):
        async with writing():
            await held(Need.select(Need.id).where(one_of(Need.id, list(some))).order_by(Need.id))
            rows = await _some(list(some))
            await notices.forget_about(path_of(each.id) for each in rows)
            gone = [each for each in rows if not _goes_on(each)]
            for each in gone:
                await later.cancel(f"need:{each.id}:tick")
            await Need.delete().where(one_of(Need.id, [each.id for each in gone]))
            for each in rows:
                if _goes_on(each):
                    await _say_the_kind_only(each)
        pictures += [each.photo for each in rows if each.photo]
        pictures += [each.receipt for each in gone if each.receipt]
    return pictures


def _goes_on(each: _Emptied) -> bool:
    return each.owes or each.stage in (*LIVE, Stage.done)


async def _say_the_kind_only(each: _Emptied) -> None:
    words = LABELS[What(each.kind)].spoken(language(each.lang or SOURCE))
    plain: dict[Any, Any] = {Need.words: words, Need.details: "", Need.photo: "", Need.photo_words: ""}
    await Need.update(plain).where(Need.id == each.id)
    await NeedStep.update({NeedStep.words: ""}).where(NeedStep.need == each.id)
    await Word.delete().where(Word.need == each.id)
