"""Who can…? The neighbours whose skills fit a question, the best first, never more than a handful."""

import re
from collections.abc import Collection

from msgspec import Struct

from app.db import prepared_sql
from app.features.skills.rules.categories import category_of
from app.features.skills.rules.directory import Found, best, own_building_first
from app.features.skills.rules.listing import AMONG
from app.features.skills.tables import Category
from app.kit.search import asked

CALLED_AT_ONCE = 12
CONSIDERED = 60

# What every question has, and what therefore tells nothing.
NOISE = re.compile(
    r"谁会|谁能|谁有|谁可以|哪位|邻居|大家|请问|有没有|有人|能不能|可以|会不会|帮我|帮忙|帮个忙|我家|我想|一下|需要|谢谢|吗|呢|的|了|我"
    r"|\b(who|can|could|would|somebody|someone|anybody|anyone|any|please|help|me|my|us|our|with|need|want|know|how|to|the"
    r"|a|an|and|or|for|of|in|on|at|is|are|i|we|you|your|it|this|that|there|have|has|do|does|be|some|today|tomorrow)\b",
    re.IGNORECASE,
)


class _Id(Struct):
    id: int


_signs_in = prepared_sql(f"SELECT person AS id FROM logins WHERE person {AMONG}", _Id)  # noqa: S608


async def who_can(
    words: str,
    *,
    category: Category | None = None,
    near: int | None = None,
    emergency: bool = False,
    but: Collection[int] = (),
    reader: int = 0,
    at_most: int = CALLED_AT_ONCE,
) -> list[Found]:
    """`near` is a building whose people come first among equals; `emergency` asks only those who help in one.

    `reader` is who asks: blocks between them and others hold.
    """
    category = category or category_of(words)
    mark = "!" if emergency else ""
    hits = {
        hit.id: hit for hit in await best(asked(NOISE.sub(" ", words), any_of_it=True), mark, CONSIDERED, reader=reader)
    }
    same_kind: dict[int, Found] = {}
    if category != Category.other:
        same_kind = {
            each.id: each for each in await own_building_first(mark + category, near, CONSIDERED, reader=reader)
        }
    found = {**same_kind, **hits}
    signs_in = {each.id for each in await _signs_in(list(found))}
    best_score = min((hit.score for hit in hits.values()), default=0.0)

    def rank(each: Found) -> tuple[int, bool, bool, float]:
        """Who matches in kind and in words; then who can answer here; then the same building; then how well."""
        hit = hits.get(each.id)
        fits = (each.id in same_kind) + (hit is not None and hit.score <= best_score / 2)
        return -fits, each.id not in signs_in, each.building != near, hit.score if hit else 0.0

    return sorted((each for each in found.values() if each.id not in but), key=rank)[:at_most]
