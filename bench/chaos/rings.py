"""Kills worker and web processes 20 times in the middle of ringing: afterwards every delivery has its end, what went
out twice is no more than what was under way when somebody was killed, and bears the same Topic. On both engines.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.kit.houses import ENGINES, House, empty_house
from tests.command_line import until
from tests.push_service import PushService, a_push_service

ROUNDS = int(os.environ.get("ROUNDS", "20"))
EACH = int(os.environ.get("EACH", "500"))  # phones that are rung between two kills
ENDS = timedelta(seconds=150)  # of each notice, after which nothing is tried any more
PATIENCE = 30.0  # seconds from the last start until what can arrive has arrived
# Of a thousand, as `facts-push.md` found them; the others are live.
MIXED = {"gone": 8, "lost": 8, "busy": 4, "sick": 4, "broken": 3, "hang": 2, "moved": 3}
EXPECTED = {"live": "accepted", "busy": "accepted", "sick": "accepted", "gone": "gone", "lost": "gone"}
NEVER = ("failed", "over")  # what cannot arrive: given up, or its notice ended first
ONCE = ("live", "gone", "lost", "moved")


def kinds(number: int) -> list[str]:
    some = [kind for kind, times in MIXED.items() for _ in range(times * number // 1000)]
    mixed = some + ["live"] * (number - len(some))
    random.Random(5).shuffle(mixed)
    return mixed


def main() -> int:
    return int(sum(rung(engine) for engine in ENGINES) > 0)


def rung(engine: str) -> int:
    mixed = kinds(ROUNDS * EACH)
    with tempfile.TemporaryDirectory() as folder, a_push_service(Path(folder), origins=4) as service:
        origins = [f"https://localhost:{port}" for port in service.ports]
        settings = {"KITH_PUSH_ORIGINS": ",".join(origins), "SSL_CERT_FILE": str(service.certificate)}
        with empty_house(engine, KITH_WORKERS="1", **settings) as here:
            here.kith("vapid")  # before the phones: a house whose key is gone does not open
            command = [sys.executable, "-m", "bench.kit.phones", *origins]
            subprocess.run(command, env=here.env, input="\n".join(mixed), text=True, check=True)
            under_way = set[tuple[int, str]]()
            for turn in range(ROUNDS):
                under_way |= kill_while_it_rings(here, turn)
            began = time.monotonic()
            here.open()
            recovered = until_it_is_quiet(here, mixed) - began
            return judged(engine, here, service, mixed, len(under_way), recovered)


def kill_while_it_rings(here: House, turn: int) -> set[tuple[int, str]]:
    """The leases of deliveries that somebody held when everybody was killed."""
    here.open()
    before = accepted(here)
    tell(here, turn * EACH + 1, (turn + 1) * EACH)
    some = random.randint(1, EACH * 3 // 4)
    until(lambda: accepted(here) >= before + some, seconds=60)
    here.kill()
    held = "SELECT id, leased_until FROM deliveries WHERE done_at IS NULL AND leased_until IS NOT NULL"
    return {(int(id), str(leased_until)) for id, leased_until in here.rows(held)}


def accepted(here: House) -> int:
    return int(here.rows("SELECT count(*) FROM deliveries WHERE fate = 'accepted'")[0][0])


def tell(here: House, first: int, last: int) -> None:
    """As a rule would: a row for each, and nothing else."""
    at = datetime.now(UTC)
    here.rows(
        "INSERT INTO notices (person, sentence, path, topic, urgency, made_at, until_at) SELECT id, "
        """'{"say": "Water is off", "with": {}}', '/announcements', 'announcements', 'urgent', """
        f"'{at.isoformat(sep=' ')}', '{(at + ENDS).isoformat(sep=' ')}' FROM people WHERE id BETWEEN {first} AND {last}"
    )


def until_it_is_quiet(here: House, mixed: list[str]) -> float:
    """When everything that can arrive had arrived."""
    endless = "', '".join(kind for kind in MIXED if kind not in EXPECTED)
    waiting = (
        "SELECT (SELECT count(*) FROM notices WHERE spread_at IS NULL) + (SELECT count(*) FROM deliveries "
        "JOIN notices ON notices.id = deliveries.notice JOIN devices ON devices.id = deliveries.device "
        "WHERE deliveries.done_at IS NULL AND NOT ("
        + " OR ".join(f"devices.endpoint LIKE '%/{kind}/%'" for kind in endless.split("', '"))
        + "))"
    )
    end = time.monotonic() + PATIENCE * 4
    while here.rows(waiting)[0][0] and time.monotonic() < end:
        time.sleep(0.25)
    quiet = time.monotonic()
    end = quiet + ENDS.total_seconds() + 60
    while here.rows("SELECT count(*) FROM deliveries WHERE done_at IS NULL")[0][0] and time.monotonic() < end:
        time.sleep(0.5)
    return quiet


def judged(engine: str, here: House, service: PushService, mixed: list[str], under_way: int, recovered: float) -> int:
    rows = here.rows("SELECT notices.person, deliveries.fate FROM deliveries JOIN notices ON notices.id = notice")
    fates = dict(rows)
    faults = len(mixed) - len(fates) + len(rows) - len(fates)
    wrong = Counter(
        (kind, fates.get(n)) for n, kind in enumerate(mixed, 1) if fates.get(n) not in (EXPECTED.get(kind), *NEVER)
    )
    wrong += Counter(
        (kind, fates.get(n)) for n, kind in enumerate(mixed, 1) if kind in EXPECTED and fates.get(n) in NEVER
    )
    told = service.told()
    came = {int(path.rpartition("/")[2]): times for path, times in told["came"].items()}
    repeats = sum(came.get(n, 0) - 1 for n, kind in enumerate(mixed, 1) if kind in ONCE and came.get(n, 0) > 1)
    never = sum(came.get(n, 0) == 0 for n, kind in enumerate(mixed, 1))
    topics = sum(len(each) != 1 for each in told["topics"].values())
    faults += sum(wrong.values()) + never + topics + max(0, repeats - under_way) + (recovered > PATIENCE)
    print(
        f"{engine:<9} {ROUNDS} kills while {len(mixed)} phones rang: {Counter(fates.values())}; {repeats} rang twice, "
        f"{under_way} were under way at a kill; {topics} with two Topics; never rung {never}; "
        f"all that can arrive had arrived {recovered:.1f} s after the last start; wrong ends {dict(wrong)}; "
        f"{faults} faults"
    )
    return int(faults)


if __name__ == "__main__":
    raise SystemExit(main())
