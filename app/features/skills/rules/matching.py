"""Who can…? The neighbours whose skills fit a question, the best first, never more than a handful."""

import re
from collections.abc import Collection, Sequence

from app.db import prepared_sql
from app.features.skills.rules.categories import category_of
from app.features.skills.rules.directory import CARD, JOINED, Found
from app.features.skills.rules.listing import WORDS
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


class _Hit(Found):
    near: int
    score: float


_by_words = prepared_sql(
    f"SELECT {CARD}, hits.score, CASE WHEN listings.building = {{1}} THEN 1 ELSE 0 END AS near "  # noqa: S608
    f"FROM {WORDS.hits.replace('{}', '{0}')} AS hits JOIN listings ON listings.person = hits.id {JOINED} "
    "WHERE listings.under = {2} ORDER BY hits.score, hits.id LIMIT {3}",
    _Hit,
)
_by_category = prepared_sql(
    f"SELECT {CARD}, 0.0 AS score, CASE WHEN listings.building = {{0}} THEN 1 ELSE 0 END AS near "  # noqa: S608
    f"FROM listings {JOINED} WHERE listings.under = {{1}} ORDER BY near DESC, listings.newest_at DESC LIMIT {{2}}",
    _Hit,
)


async def who_can(
    words: str,
    *,
    category: Category | None = None,
    near: int | None = None,
    emergency: bool = False,
    but: Collection[int] = (),
    at_most: int = CALLED_AT_ONCE,
) -> Sequence[Found]:
    """`near` is a building whose people come first among equals; `emergency` asks only those who help in one."""
    category = category or category_of(words)
    mark, building = "!" if emergency else "", near or 0
    telling = NOISE.sub(" ", words)
    hits = {hit.id: hit for hit in await _by_words(asked(telling, any_of_it=True), building, mark, CONSIDERED)}
    same_kind = {}
    if category != Category.other:
        same_kind = {hit.id: hit for hit in await _by_category(building, mark + category, CONSIDERED)}
    best_score = min((hit.score for hit in hits.values()), default=0.0)

    def rank(person: int) -> tuple[int, int, float]:
        """Who matches in kind and in words; then neighbours of the same building; then how well."""
        hit = hits.get(person)
        fits = (person in same_kind) + (hit is not None and hit.score <= best_score / 2)
        return -fits, -(hit or same_kind[person]).near, hit.score if hit else 0.0

    people = [person for person in {**hits, **same_kind} if person not in but]
    return [hits.get(person) or same_kind[person] for person in sorted(people, key=rank)][:at_most]
