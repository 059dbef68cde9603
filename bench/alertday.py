"""The day of an alert: 10,000 households on two cores, on each engine, the house as it serves by itself (two web
processes and the worker). The alert goes out; every phone is rung; from the first that rings, all answer within a
minute through HTTP, half of them twice, each followed to the page it leads to; 50 boards stand open (a stream each, and
what a browser fetches when the stream says so); and 50 ordinary pages a second are looked at.

Whether each answer is there, and the later one counts, is asked of the database itself. The crowd is one process on the
same two cores; it prints what it took of them, as do the push service and the house. HOUSEHOLDS, SECONDS, BOARDS, PAGES
and ENGINE make it smaller.
"""

import asyncio
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bench.kit.day import BOARDS, HOUSEHOLDS, PATIENCE, Day, costs
from bench.kit.houses import ENGINES, House, empty_house, estate
from tests.command_line import until
from tests.push_service import PushService, a_push_service

ONLY = os.environ.get("ENGINE", "")
WEB = 2  # processes
AT_REST, LULL = 0.25, 5.0  # seconds of a processor in so many: pairs are made with pauses of two
GOALS = {"answers": 1000.0, "pages": 500.0, "boards": 2.0}


def main() -> int:
    return int(sum(day(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def day(engine: str) -> int:
    with tempfile.TemporaryDirectory() as folder, a_push_service(Path(folder), origins=4) as service:
        origins = [f"https://localhost:{port}" for port in service.ports]
        settings = {"KITH_PUSH_ORIGINS": ",".join(origins), "SSL_CERT_FILE": str(service.certificate)}
        with empty_house(engine, KITH_WORKERS=str(WEB), **settings) as here:
            here.kith("vapid")
            here.people = estate(here, "furnish", HOUSEHOLDS, BOARDS, 0, *origins)
            here.open()
            until(lambda: listening(here.port) >= WEB)  # else all lines would lead to whoever was up first
            at_rest(here)
            told = asyncio.run(Day(here).run())
            quiet(here)
            return judged(engine, here, service, told)


def listening(port: int) -> int:
    """How many sockets wait for lines at that port: each web process has its own."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def at_rest(here: House) -> None:
    """An alert comes to a house that has stood for days: what it makes ready in idle time (a key pair for each phone)
    is ready, and nobody wants a processor.
    """

    def rests() -> bool:
        before = sum(costs(here))
        time.sleep(LULL)
        return sum(costs(here)) - before <= AT_REST

    until(rests, PATIENCE)


def quiet(here: House) -> None:
    """What can still be handed to the push service has been."""
    end = time.monotonic() + PATIENCE
    while here.rows("SELECT count(*) FROM deliveries WHERE done_at IS NULL")[0][0] and time.monotonic() < end:
        time.sleep(0.25)


def judged(engine: str, here: House, service: PushService, told: Day) -> int:
    confirmed = sum(len(each.confirmed) for each in told.people)
    lost, not_latest = wrong_in_the_books(here, told)
    rung, before, seconds = handed(here, service)
    boards = max((board.right_at for board in told.boards), default=told.last_at) - told.last_at
    everything = (told.answers, told.pages, told.followed, told.boards_took)
    broken = [status for took in everything for status in took.wrong]
    print(
        f"\n{engine}: {HOUSEHOLDS} households; {rung} phones rung within {seconds:.1f} s, {before} had answered "
        f"before; {confirmed} answers confirmed in {told.took:.1f} s ({confirmed / told.took:.0f}/s), "
        f"{len(told.boards)} boards open, {len(told.pages.ms)} pages browsed"
    )
    for name, took in zip(("answers", "pages", "pages after answers", "fetches of boards"), everything, strict=True):
        aim = f"   (asked: p99 < {GOALS[name]:.0f})" if name in GOALS else ""
        times = f"p50 {took.percentile(50):>6.0f} ms  p99 {took.percentile(99):>6.0f} ms"
        print(f"  {name:<22}{len(took.ms):>7}  {times}  most {max(took.ms, default=0):>6.0f} ms{aim}")
    print(f"  lost {lost}, not the latest {not_latest}, broken {len(broken)} {sorted(set(broken))} (asked: none)")
    print(f"  every board right {max(0, boards):.2f} s after the last answer (asked: at most {GOALS['boards']:g})")
    house = " + ".join(f"{each:.1f}" for each in told.costs)
    print(f"  processor in these {told.took:.0f} s: the house {house} s, the crowd {told.mine:.1f} s", flush=True)
    slow = any(took.percentile(99) > GOALS[name] for name, took in (("answers", told.answers), ("pages", told.pages)))
    late = boards > GOALS["boards"] or rung + before < HOUSEHOLDS
    return int(bool(lost or not_latest or broken or slow or late))


def wrong_in_the_books(here: House, told: Day) -> tuple[int, int]:
    """Asked without any of our code: confirmed and not there (or there, and never confirmed); another than the last."""
    kept = dict(here.rows(f"SELECT person, answer FROM alert_recipients WHERE alert = {told.alert}"))
    counts = dict(
        here.rows(
            "SELECT alert_recipients.person, count(*) FROM alert_answers JOIN alert_recipients "
            "ON alert_recipients.id = alert_answers.recipient GROUP BY alert_recipients.person"
        )
    )
    lost = sum(abs(counts.get(each.person, 0) - len(each.confirmed)) for each in told.people)
    return lost, sum(kept.get(each.person) != each.confirmed[-1] for each in told.people if each.confirmed)


def handed(here: House, service: PushService) -> tuple[int, int, float]:
    """How many phones the push service heard of, how many had answered before, seconds until the last was handed."""
    rung = len({path.rpartition("/")[2] for path in service.told()["came"]})
    before = here.rows(
        "SELECT count(*) FROM notices WHERE key LIKE 'alert:message:%' AND read_at IS NOT NULL "
        "AND id NOT IN (SELECT notice FROM deliveries WHERE fate = 'accepted')"
    )[0][0]
    last, first = here.rows(
        "SELECT CAST(max(deliveries.done_at) AS text), CAST(min(alerts.sent_at) AS text) FROM deliveries "
        "JOIN notices ON notices.id = deliveries.notice, alerts WHERE fate = 'accepted' AND notices.key LIKE 'alert:%'"
    )[0]
    return rung, before, (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


if __name__ == "__main__":
    raise SystemExit(main())
