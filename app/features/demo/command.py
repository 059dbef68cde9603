"""`kith seed demo`: a furnished place in an empty database, and four sign-ins to walk around in it."""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from app.config import settings
from app.db import writing
from app.features.demo.estate import ESTATE
from app.features.demo.furnishing import SignIns, furnish
from app.features.demo.places import listed
from app.features.demo.village import VILLAGE
from app.kit.clock import now

PLACES = {"estate": ESTATE, "village": VILLAGE}
WORDS = listed(
    "amber apple autumn basil beacon birch bridge brook candle cedar clover copper cotton crane daisy ember fern "
    "fiddle garden ginger hazel heron honey island ivory jasmine kettle ladder lantern lemon linen maple meadow mint "
    "morning needle north oak olive orchard paper pebble pepper pine plum quilt rain reed river robin saffron sage "
    "silver spruce stone sugar summer swallow thyme tulip velvet violet walnut willow winter wren"
)


async def run(place: str = "estate", *, people: int = 0, at: datetime | None = None) -> int:
    """Fills only an empty database; again, it keeps what is there and says the sign-ins anew."""
    file = settings().data / "demo-sign-ins.json"
    async with writing():
        made = await furnish(PLACES[place], more=people, password=_password, now=at or now())
        if made is not None:
            _keep(made, file)  # before the commit: nobody lives here whose password nobody knows
    _say(made, file)
    return 0


def _password() -> str:
    """Easily typed on a phone; made anew for each data folder, and good on loopback only."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(1000):03}"])


def _keep(made: SignIns, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(made, out, indent=2)
    new.replace(file)


def _say(made: SignIns | None, file: Path) -> None:
    known: SignIns | None = made or (json.loads(file.read_text()) if file.exists() else None)
    if made is None:
        print("Somebody lives here already: everything is kept as it is.")
    if known:
        print(f"Sign-ins for this machine only, also in {file}:")
        for role, way_in in known.items():
            print(f"  {role:<15} {way_in['login']:<28} {way_in['password']}")
