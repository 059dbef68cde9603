"""Rings all phones once, as the house does it but without its database; prints what it cost as JSON.

python -m bench.push.ours FOLDER WHO prepared|plain all|at-once, the latter without those that are waited for. The
targets are in memory, and nothing else differs from a worker.
"""

import asyncio
import heapq
import json
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kit.clock import now
from app.kit.web_push import keys
from app.kit.web_push.answers import Verdict, meaning
from app.kit.web_push.carrier import Carrier
from app.kit.web_push.endpoints import Origins, origin_of
from app.kit.web_push.lanes import Roads
from app.kit.web_push.letters import UNSENT, Answer, Letter
from app.kit.web_push.sealing import Pair, checked_keys, prepare, seal
from app.kit.web_push.vapid import Vapid
from bench.push.phones import AT_ONCE, PAYLOAD, Phone, read

TRIES = 2  # then a phone has had its time; one that hangs takes ten seconds at each
AGAIN, LIMIT = 4.0, 150.0  # seconds until the second try, and for all of it
FINAL = (Verdict.accepted, Verdict.gone, Verdict.refused)
HEADERS = {
    "TTL": "3600",
    "Urgency": "high",
    "Topic": "a12",
    "Content-Encoding": "aes128gcm",
    "Content-Type": "application/octet-stream",
}


@dataclass
class Target:
    endpoint: str
    p256dh: bytes
    auth: bytes
    pair: Pair | None
    origin: str = ""
    letter: Letter | None = None  # sealed, and not yet gone
    tries: int = 0
    became: str = ""


class FanOut:
    def __init__(self, targets: list[Target], *, vapid: Vapid, allowed: Origins, roads: Roads) -> None:
        self.targets, self.vapid, self.allowed, self.roads = targets, vapid, allowed, roads
        self.waiting: dict[str, deque[int]] = {}
        self.later: list[tuple[float, int]] = []
        self.paused: dict[str, float] = {}
        self.headers: dict[str, tuple[str, dict[str, str]]] = {}
        self.open, self.sent, self.accepted_at = len(targets), 0, 0.0
        self.prepared = any(target.pair for target in targets)
        self.plain, self.heard = PAYLOAD.encode(), asyncio.Event()

    async def run(self) -> None:
        self.began = time.monotonic()
        self.carrier = Carrier(self.hear, roads=self.roads)
        for number, target in enumerate(self.targets):
            target.origin = origin_of(target.endpoint, self.allowed)
            self.waiting.setdefault(target.origin, deque()).append(number)
        while self.open:
            self.heard.clear()
            self.pump()
            at = min([*(at for at, _ in self.later[:1]), *self.paused.values(), time.monotonic() + 1])
            try:
                async with asyncio.timeout(max(0.001, at - time.monotonic())):
                    await self.heard.wait()
            except TimeoutError:
                continue
        self.carrier.close()

    def pump(self) -> None:
        clock = time.monotonic()
        while self.later and self.later[0][0] <= clock:
            number = heapq.heappop(self.later)[1]
            self.waiting[self.targets[number].origin].append(number)
        for origin, waiting in self.waiting.items():
            if self.paused.get(origin, 0) > clock:
                continue
            self.paused.pop(origin, None)
            for _ in range(min(len(waiting), self.carrier.room(origin))):
                self.send(waiting.popleft())

    def send(self, number: int) -> None:
        target = self.targets[number]
        if target.letter is None:
            pair, target.pair = target.pair, None
            body = seal(target.p256dh, target.auth, self.plain, pair=pair)
            headers, near = self.headers_for(target.origin), self.allowed.near(target.origin)
            target.letter = Letter(number, target.endpoint, headers, body, near)
        self.carrier.send(target.letter)

    def headers_for(self, origin: str) -> dict[str, str]:
        """The very same object while the token is the same: the carrier writes it once."""
        token = self.vapid.header(origin, now())
        known = self.headers.get(origin)
        if known is None or known[0] != token:
            known = self.headers[origin] = token, HEADERS | {"Authorization": token}
        return known[1]

    def hear(self, answers: list[Answer]) -> None:
        clock = time.monotonic()
        for answer in answers:
            target = self.targets[answer.id]
            verdict = meaning(answer.status, answer.trouble)
            if answer.trouble not in UNSENT:
                target.tries, target.letter, self.sent = target.tries + 1, None, self.sent + 1
            if verdict is Verdict.accepted:
                self.accepted_at = clock - self.began
            if verdict in FINAL:
                target.became = verdict
                self.open -= 1
                continue
            at = clock + (answer.retry_after or AGAIN)
            if verdict is Verdict.wait:
                self.paused[target.origin] = max(at, self.paused.get(target.origin, 0))
            if at > self.began + LIMIT or (verdict is Verdict.again and target.tries >= TRIES):
                target.became = "ended"
                self.open -= 1
            else:
                if target.letter is None and self.prepared:
                    target.pair = prepare(target.p256dh, target.auth)  # there is time until then
                heapq.heappush(self.later, (at, answer.id))
        self.heard.set()


def targets_of(phones: list[Phone], ports: list[int], who: str, *, prepared: bool) -> list[Target]:
    made = []
    for phone in phones:
        p256dh, auth = checked_keys(phone.p256dh, phone.auth)
        made.append(Target(phone.endpoint(ports, who), p256dh, auth, prepare(p256dh, auth) if prepared else None))
    return made


def main() -> None:
    folder, who, how, which = Path(sys.argv[1]), *sys.argv[2:5]
    ports = json.loads((folder / "ports.json").read_text())
    phones = [phone for phone in read(folder / "phones.json") if which == "all" or phone.kind in AT_ONCE]
    before = time.process_time()
    targets = targets_of(phones, ports, who, prepared=how == "prepared")
    preparing = time.process_time() - before
    seal(targets[0].p256dh, targets[0].auth, b"warm")
    allowed = Origins.from_setting(" ".join(f"https://localhost:{port}" for port in ports))
    vapid = Vapid(keys.key(folder / "vapid.pem"), "mailto:admin@example.org")

    before = time.process_time()
    fan_out = asyncio.run(_run(targets, vapid=vapid, allowed=allowed, roads=Roads(str(folder / "service.pem"))))
    cpu = time.process_time() - before
    told = {"messages": fan_out.sent, "cpu": cpu, "seconds": fan_out.accepted_at, "preparing": preparing / len(phones)}
    print(json.dumps(told | {"became": Counter(target.became for target in targets)}))


async def _run(targets: list[Target], **how: Any) -> FanOut:
    fan_out = FanOut(targets, **how)
    await fan_out.run()
    return fan_out


if __name__ == "__main__":
    main()
