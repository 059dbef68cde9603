"""The directory's own rows, made from the skills, so that a page of 20,000 neighbours is one query.

Somebody who offers something has a card (their skills as chips), a listing for each thing they are found under, and a
document of words. All three are written with the deed that changes a skill, and anew for whoever was edited or moved.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from piccolo.querystring import QueryString

from app.db import DB, held, one_of, prepared_sql, writing
from app.features.people.tables import Person
from app.features.skills.rules.categories import in_every_language
from app.features.skills.tables import Card, Category, Listing, Offered, Skill
from app.kit.search import Index
from app.kit.tables import AuditRow

WORDS = Index("neighbour_words")
AT_ONCE = 1000
LOOK_BACK = timedelta(minutes=15)

SQLITE = DB.engine_type == "sqlite"
AMONG = "IN (SELECT value FROM json_each({}))" if SQLITE else "= ANY(CAST({} AS integer[]))"
CHIP = "(id, words, lang, category, CASE WHEN emergency THEN 1 ELSE 0 END)"
CHIPS = f"json_group_array(json_array{CHIP})" if SQLITE else f"json_agg(json_build_array{CHIP} ORDER BY id)"
OFFERED = f"SELECT * FROM skills WHERE state = 'offered' AND person {AMONG} ORDER BY id"  # noqa: S608

CARDS = (
    f"INSERT INTO cards (person, skills) SELECT person, {CHIPS} FROM ({OFFERED}) AS offered "  # noqa: S608
    "WHERE true GROUP BY person ON CONFLICT (person) DO UPDATE SET skills = excluded.skills"
)
LISTINGS = (
    "INSERT INTO listings (person, under, building, area, newest_at) "  # noqa: S608
    f"WITH RECURSIVE offered AS ({OFFERED}), "
    "tops (id, top) AS (SELECT id, id FROM areas WHERE parent IS NULL UNION ALL "
    "SELECT areas.id, tops.top FROM areas JOIN tops ON areas.parent = tops.id), "
    "first_home (id) AS (SELECT min(id) FROM memberships "
    "WHERE until_on IS NULL AND person IN (SELECT person FROM offered) GROUP BY person), "
    "homes (person, building, area) AS (SELECT memberships.person, tops.top, tops.id FROM first_home "
    "JOIN memberships ON memberships.id = first_home.id "
    "JOIN households ON households.id = memberships.household JOIN tops ON tops.id = households.area), "
    "found (person, under, newest_at) AS ("
    "SELECT person, '', max(made_at) FROM offered GROUP BY person UNION ALL "
    "SELECT person, category, max(made_at) FROM offered GROUP BY person, category UNION ALL "
    "SELECT person, '!', max(made_at) FROM offered WHERE emergency GROUP BY person UNION ALL "
    "SELECT person, '!' || category, max(made_at) FROM offered WHERE emergency GROUP BY person, category) "
    "SELECT found.person, found.under, homes.building, homes.area, found.newest_at "
    "FROM found LEFT JOIN homes ON homes.person = found.person WHERE true "
    "ON CONFLICT (person, under) DO UPDATE "
    "SET building = excluded.building, area = excluded.area, newest_at = excluded.newest_at"
)


class _Said(Struct):
    person: int
    name: str
    words: str
    details: str
    times: str
    category: Category


_said = prepared_sql(
    "SELECT skills.person, people.name, skills.words, skills.details, skills.times, skills.category FROM skills "  # noqa: S608
    f"JOIN people ON people.id = skills.person WHERE skills.state = 'offered' AND skills.person {AMONG}",
    _Said,
)


async def index_people(person_ids: Iterable[int]) -> None:
    """Makes the directory's rows of these neighbours anew; joins the transaction it is called in."""
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), AT_ONCE):
        await _index(ids[start : start + AT_ONCE])


async def _index(ids: list[int]) -> None:
    async with writing():
        # First of all the people, in order, as whoever offers something does: or each waits for the other (deadlock).
        await held(Person.select(Person.id).where(one_of(Person.id, ids)).order_by(Person.id))
        await Card.delete().where(one_of(Card.person, ids))
        await Listing.delete().where(one_of(Listing.person, ids))
        await WORDS.drop(ids)
        await DB.run_querystring(QueryString(CARDS, ids))
        await DB.run_querystring(QueryString(LISTINGS, ids))
        await WORDS.put((await _documents(ids)).items())


async def _documents(ids: list[int]) -> dict[int, str]:
    """What somebody can do is said twice, so that it counts for more than a word in the details."""
    words: dict[int, list[str]] = defaultdict(list)
    for said in await _said(ids):
        if not words[said.person]:
            words[said.person] = [said.name]
        words[said.person] += [said.words, said.words, in_every_language(said.category), said.details, said.times]
    return {person: " ".join(each) for person, each in words.items()}


async def refresh(now: datetime) -> None:
    """For whoever was renamed or moved a moment ago: the audit knows whom a change concerned."""
    recent = AuditRow.select(AuditRow.concerns).where((AuditRow.at > now - LOOK_BACK) & AuditRow.concerns.is_not_null())
    concerned = [row["concerns"] for row in await recent]
    shown = await Card.select(Card.person).where(one_of(Card.person, concerned))
    await index_people(row["person"] for row in shown)


async def refresh_all() -> None:
    """Everybody, a thousand at a time, so that nobody's deed waits long."""
    listed = await Skill.select(Skill.person).where(Skill.state == Offered.offered).distinct()
    shown = await Card.select(Card.person)
    await index_people(row["person"] for row in [*listed, *shown])
