"""Kills everybody 20 times on the day of an alert, while it is told and while all answer, on both engines: what one saw
confirmed is stored, and the newest word counts; everybody it was for is told once, and ends reached or listed as not
reached; an answer is taken again, and all that can be told is told, within 30 seconds. ROUNDS, HOUSEHOLDS and ENGINE
make it smaller.
"""

import os
import random
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, empty_house, estate
from tests.command_line import until
from tests.push_service import PushService, a_push_service

ROUNDS = int(os.environ.get("ROUNDS", "20"))
HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "3000"))
ONLY = os.environ.get("ENGINE", "")
PHONES = 6
GONE = 50  # every so many-th phone is there no more
PATIENCE = 30.0  # seconds until what can happen has happened
SAYS = ("safe",) * 8 + ("away", "help")  # whoever needs help rings others in turn
QUIET = (
    "SELECT (SELECT count(*) FROM alert_messages WHERE told_at IS NULL) "
    "+ (SELECT count(*) FROM notices WHERE spread_at IS NULL AND key LIKE 'alert:message:%') "
    "+ (SELECT count(*) FROM deliveries JOIN notices ON notices.id = deliveries.notice "
    "WHERE deliveries.done_at IS NULL AND notices.key LIKE 'alert:message:%')"
)


@dataclass
class Word:
    person: int
    answer: str
    deed: str = field(default_factory=lambda: str(uuid4()))
    tries: int = 0


@dataclass
class Phone:
    """Answers for one neighbour after the other, for some of them twice. What is in doubt is sent again first."""

    number: int
    confirmed: list[Word] = field(default_factory=list)
    doubtful: list[Word] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    made: int = 0
    first_at: float = 0.0

    def go_on(self, here: House, alert: int) -> None:
        """Ends when the house falls."""
        self.first_at = 0.0
        while True:
            if not self.doubtful:
                self.doubtful.append(self.next())
            if not self.send(here, alert):
                return

    def next(self) -> Word:
        """Each is answered for twice in a row, and again when all have had their turn."""
        nth = self.made // 2 * PHONES + self.number
        self.made += 1
        return Word(nth % HOUSEHOLDS, random.choice(SAYS))

    def send(self, here: House, alert: int) -> bool:
        """False when no answer came."""
        word = self.doubtful[0]
        word.tries += 1
        browser = Browser(here.port, here.people[word.person]["key"])
        try:
            status = browser.post(f"/alerts/{alert}/roll-call", word.deed, answer=word.answer, back="/").status
        except (OSError, HTTPException):
            return False
        self.doubtful.pop(0)
        if status == 303:
            self.confirmed.append(word)
            self.first_at = self.first_at or time.monotonic()
        else:
            self.wrong.append(status)
        return True


def main() -> int:
    return int(sum(day(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def day(engine: str) -> int:
    with tempfile.TemporaryDirectory() as folder, a_push_service(Path(folder), origins=4) as service:
        origins = [f"https://localhost:{port}" for port in service.ports]
        settings = {"KITH_PUSH_ORIGINS": ",".join(origins), "SSL_CERT_FILE": str(service.certificate)}
        with empty_house(engine, KITH_WORKERS="2", **settings) as here:
            here.kith("vapid")
            here.people = estate(here, "furnish", HOUSEHOLDS, 5, GONE, *origins)
            alert = estate(here, "send")
            return killed_again_and_again(here, alert, engine, service)


def killed_again_and_again(here: House, alert: int, engine: str, service: PushService) -> int:
    phones, faults, again = [Phone(number) for number in range(PHONES)], 0, []
    for _ in range(ROUNDS):
        began = time.monotonic()
        here.open()
        answering = [threading.Thread(target=each.go_on, args=(here, alert), daemon=True) for each in phones]
        for each in answering:
            each.start()
        until(lambda: any(phone.first_at for phone in phones), seconds=PATIENCE)
        again.append(min(phone.first_at for phone in phones if phone.first_at) - began)
        time.sleep(random.uniform(0.0, 1.2))
        here.kill()
        for each in answering:
            each.join()
        faults += lost(here, alert, phones)
    began = time.monotonic()
    here.open()
    for phone in phones:
        while phone.doubtful and phone.send(here, alert):
            pass
    end = began + PATIENCE * 2
    while here.rows(QUIET)[0][0] and time.monotonic() < end:
        time.sleep(0.25)
    quiet = time.monotonic() - began
    faults += lost(here, alert, phones) + sum(len(phone.wrong) + len(phone.doubtful) for phone in phones)
    faults += (quiet > PATIENCE) + (max(again) > PATIENCE)
    return faults + told(here, alert, engine, service, phones, again, quiet, faults)


def lost(here: House, alert: int, phones: list[Phone]) -> int:
    """Confirmed, but not stored, or stored twice; or another answer counts than the newest that is certain."""
    stored = Counter(
        here.rows(
            "SELECT alert_recipients.person - 1, alert_answers.answer FROM alert_answers JOIN alert_recipients "
            f"ON alert_recipients.id = alert_answers.recipient WHERE alert = {alert}"
        )
    )
    confirmed = Counter((word.person, word.answer) for phone in phones for word in phone.confirmed)
    doubtful = Counter((word.person, word.answer) for phone in phones for word in phone.doubtful)
    counts = dict(here.rows(f"SELECT person - 1, answer FROM alert_recipients WHERE alert = {alert}"))
    newest = {word.person: word.answer for phone in phones for word in phone.confirmed}
    certain = {person: answer for person, answer in newest.items() if not any(person == who for who, _ in doubtful)}
    missing, strange = confirmed - stored, stored - confirmed - doubtful
    return missing.total() + strange.total() + sum(counts[who] != answer for who, answer in certain.items())


def told(
    here: House,
    alert: int,
    engine: str,
    service: PushService,
    phones: list[Phone],
    again: list[float],
    quiet: float,
    faults: int,
) -> int:
    """Prints how it went; how many were told not once, or are neither reached nor listed."""
    key = f"alert:message:{here.rows(f'SELECT min(id) FROM alert_messages WHERE alert = {alert}')[0][0]}"
    times = Counter(person for (person,) in here.rows(f"SELECT person FROM notices WHERE key = '{key}'"))
    meant = [person for (person,) in here.rows(f"SELECT person FROM alert_recipients WHERE alert = {alert}")]
    fates = dict(
        here.rows(
            "SELECT notices.person, deliveries.fate FROM deliveries JOIN notices ON notices.id = deliveries.notice "
            f"WHERE notices.key = '{key}'"
        )
    )
    answered = {word.person + 1 for phone in phones for word in phone.confirmed}
    ends = Counter(fates.get(person) or ("answered before" if person in answered else "nothing") for person in meant)
    not_once = sum(times[person] != 1 for person in meant)
    left = sum(many for end, many in ends.items() if end in ("nothing", "waiting"))
    came = Counter(path.rpartition("/")[2] for path in service.told()["came"])
    confirmed = [word for phone in phones for word in phone.confirmed]
    twice = sum(word.tries > 1 for word in confirmed)
    print(
        f"{engine:<9} {ROUNDS} kills: {len(confirmed)} confirmed answers, each there once ({twice} were sent again); "
        f"{len(meant)} meant, told not exactly once {not_once}; ends {dict(ends)}, {len(came)} phones rung; an answer "
        f"was taken again within {max(again):.1f} s at most; everything told {quiet:.1f} s after the last start; "
        f"{faults + not_once + left} faults",
        flush=True,
    )
    return not_once + left


if __name__ == "__main__":
    raise SystemExit(main())
