"""People to write and read with: `python -m bench.kit.settling 300` moves them in and prints their ids and keys.

All of them sign in with PASSWORD too, as n1@example.org, n2@example.org…
"""

import asyncio
import json
import secrets
import sys

from app.db import close_database, open_database, writing
from app.features.accounts.rules.passwords import hashed
from app.features.accounts.rules.signing_in import fingerprint
from app.features.accounts.tables import Login, SignIn
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.people.tables import Household, Membership, Person
from app.kit.clock import now
from app.migrating import migrate

BUILDING = 50
AT_ONCE = 100
PASSWORD = "three plain words"
PLACE = {"name": "百川里", "languages": ["zh-Hans", "en"], "zone": "Asia/Shanghai", "region": "CN"}


async def settle(many: int) -> list[dict[str, object]]:
    """One neighbour a household, fifty a building, each signed in on one browser."""
    await migrate()
    await open_database()
    moment, keys = now(), [secrets.token_urlsafe(32) for _ in range(many)]
    kept = await hashed(PASSWORD)
    async with writing():
        await community.found(**PLACE, area_kinds=["building"], now=moment)
        for number in range(many // BUILDING + 1):
            await Area.insert(Area(parent=None, kind="building", name=str(number + 1), sort=number))
        for start in range(0, many, AT_ONCE):
            some = range(start, min(start + AT_ONCE, many))
            homes = [Household(area=n // BUILDING + 1, door=str(n), address=f"{n // BUILDING + 1}-{n}") for n in some]
            await Household.insert(*homes)
            await Person.insert(*[Person(name=f"Neighbour {n}", language="en", made_at=moment) for n in some])
            lives = [Membership(person=n + 1, household=n + 1, since_on=moment.date()) for n in some]
            await Membership.insert(*lives)
            seen = {"device": "bench", "began_at": moment, "seen_at": moment}
            await SignIn.insert(*[SignIn(person=n + 1, fingerprint=fingerprint(keys[n]), **seen) for n in some])
            logins = [Login(person=n + 1, email=f"n{n + 1}@example.org", password=kept, made_at=moment) for n in some]
            await Login.insert(*logins)
    await close_database()
    return [{"id": number + 1, "key": key} for number, key in enumerate(keys)]


if __name__ == "__main__":
    json.dump(asyncio.run(settle(int(sys.argv[1]))), sys.stdout)
