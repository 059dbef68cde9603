"""Makes people with a phone each: `python -m bench.kit.phones ORIGIN… < kinds`, one a line. The n-th person's phone
answers as the n-th line says (`bench/sink.mjs`), at one of the origins.
"""

import asyncio
import sys

from app.db import close_database, open_database, writing
from app.features.notices.tables import Device
from app.features.people.tables import Person
from app.kit.clock import now
from app.migrating import migrate
from tests.makers import a_community
from tests.web_push_peers import Browser, b64

AT_ONCE = 500


async def main() -> None:
    origins, kinds = sys.argv[1:], sys.stdin.read().split()
    await migrate()
    await open_database()
    await a_community()
    browser, at = Browser(), now()
    keys = {"p256dh": b64(browser.p256dh), "auth": b64(browser.auth)}
    for start in range(0, len(kinds), AT_ONCE):
        some = range(start, min(start + AT_ONCE, len(kinds)))
        async with writing():
            people = [Person(id=n + 1, name=f"N {n}", language="en", made_at=at) for n in some]
            await Person.insert(*people)
            devices = []
            for n in some:
                origin = origins[n % len(origins)]
                known = {"person": n + 1, "sign_in": 0, "endpoint": f"{origin}/c/{kinds[n]}/{n + 1}", "origin": origin}
                devices.append(Device(**known, **keys, name="A phone", made_at=at, seen_at=at))
            await Device.insert(*devices)
    await close_database()


if __name__ == "__main__":
    asyncio.run(main())
