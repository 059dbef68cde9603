"""A push to 10,000 phones: what one message costs in seal and HTTP, beside pywebpush's own loop and npm's web-push.

All in turn against one push service on loopback (TLS, HTTP/2, four origins); each sender in a process of its own, whose
CPU alone counts. The other two leave out who hangs, try once and never rest; Kith waits twenty seconds for who hangs,
is busy or sick, and on some machines whatever has rested runs many times slower for a while: `rested` says how it is
here, and Kith is looked at without that waiting too. PHONES, ROUNDS and SAMPLE make it shorter.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.kit.web_push import keys
from app.kit.web_push.sealing import prepare
from bench.push import phones
from tests.push_service import PushService, a_push_service

PHONES = int(os.environ.get("PHONES", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SAMPLE = int(os.environ.get("SAMPLE", "300"))  # messages of the plain loop in a round; ten times as many of web-push
PYTHON = (sys.executable, "-m")


@dataclass
class Sender:
    name: str
    command: tuple[str, ...]
    how: tuple[str, ...]
    floor: float = 0.0  # how many times less than the plain loop it must cost
    target: float = 0.0
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def costs(self) -> list[float]:
        return [1e6 * each["cpu"] / each["messages"] for each in self.rounds]


OURS = (*PYTHON, "bench.push.ours")
LOOP = Sender("pywebpush, webpush() in a loop", (*PYTHON, "bench.push.plain_loop"), (str(SAMPLE),))
SENDERS = (
    LOOP,
    Sender("npm web-push, 100 at once", ("node", "bench/push/web_push.mjs"), (str(SAMPLE * 10),)),
    Sender("Kith, no pair prepared", OURS, ("plain", "all"), floor=15, target=15),
    Sender("Kith, pairs prepared", OURS, ("prepared", "all"), floor=30, target=60),
    Sender("… nobody waited for, no pair", OURS, ("plain", "at-once"), floor=15, target=15),
    Sender("… nobody waited for, pairs", OURS, ("prepared", "at-once"), floor=30, target=60),
)
RESTS = (0, 0.02, 0.5)  # seconds


def main() -> int:
    with tempfile.TemporaryDirectory() as place, a_push_service(Path(place), len(phones.SHARES)) as service:
        folder = Path(place)
        (folder / "ports.json").write_text(json.dumps(service.ports))
        (folder / "payload.json").write_text(phones.PAYLOAD)
        keys.key(folder / "vapid.pem")
        made = phones.written(folder / "phones.json", PHONES)
        wrong = [
            each for nth in range(ROUNDS) for sender in SENDERS for each in one(sender, nth, folder, service, made)
        ]
    table()
    missed = [sender.name for sender in SENDERS if ratio(sender) < sender.floor]
    for words in (*wrong, *(f"{name}: dearer than it may be" for name in missed)):
        print(f"WRONG: {words}")
    return int(bool(wrong or missed))


def one(sender: Sender, nth: int, folder: Path, service: PushService, made: list[phones.Phone]) -> list[str]:
    """What went wrong in this round."""
    who = f"s{SENDERS.index(sender)}r{nth}"
    trust = {"REQUESTS_CA_BUNDLE": str(service.certificate), "NODE_EXTRA_CA_CERTS": str(service.certificate)}
    told = subprocess.run(
        [*sender.command, str(folder), who, *sender.how],
        env=os.environ | trust, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if told.returncode:
        raise SystemExit(f"{sender.name}: {told.stderr[-2000:]}")
    sender.rounds.append(json.loads(told.stdout.splitlines()[-1]))
    print(f"  round {nth + 1}: {sender.name:<32}{sender.costs()[-1]:>8.0f} µs", flush=True)
    return amiss(service, made, who, sender) if "became" in sender.rounds[-1] else []


def amiss(service: PushService, made: list[phones.Phone], who: str, sender: Sender) -> list[str]:
    """As the service saw it: every live phone rung once, no dead one twice, nobody too early, no redirect followed."""
    told, wrong = service.told(), []
    came = {path.split("/", 2)[2]: times for path, times in told["came"].items() if path.startswith(f"/{who}/")}
    must_be = {"live": {1}, "gone": {1}, "lost": {1}, "moved": {1}, "busy": {2}, "sick": {2}, "hang": {2}}
    for phone in made:
        if "at-once" in sender.how and phone.kind not in phones.AT_ONCE:
            continue
        if (times := came.pop(f"{phone.kind}/{phone.number}", 0)) not in must_be[phone.kind]:
            wrong.append(f"{sender.name}: a phone that is {phone.kind} was rung {times} times")
    if came:
        wrong.append(f"{sender.name}: {len(came)} came where nobody was sent, {next(iter(came))}")
    if told["early"]:
        wrong.append(f"{sender.name}: {told['early']} came before Retry-After")
    return sorted(set(wrong))


def ratio(sender: Sender) -> float:
    """Of rounds that ran side by side."""
    return statistics.median(loop / cost for loop, cost in zip(LOOP.costs(), sender.costs(), strict=True))


def table() -> None:
    kinds = ", ".join(f"{round(many * PHONES / 10_000)} {kind}" for kind, many in phones.MIX.items())
    print(f"\n{PHONES} phones ({kinds}), {len(phones.PAYLOAD.encode())} bytes, {ROUNDS} rounds in turn; medians")
    print(f"{'':<34}{'CPU µs a message':>18}{'(from–to)':>16}{'× the loop':>12}{'messages':>10}{'last accepted':>15}")
    for sender in SENDERS:
        costs, last = sorted(sender.costs()), sender.rounds[-1]
        seconds = statistics.median(each["seconds"] for each in sender.rounds)
        aim = f" (target {sender.target:g}, floor {sender.floor:g})" if sender.floor else ""
        print(
            f"{sender.name:<34}{statistics.median(costs):>18.0f}{f'({costs[0]:.0f}–{costs[-1]:.0f})':>16}"
            f"{ratio(sender):>12.1f}{last['messages']:>10}{seconds:>13.1f} s{aim}"
        )
    prepared = SENDERS[3].rounds
    print(f"a pair, prepared in idle time: {1e6 * statistics.median(each['preparing'] for each in prepared):.0f} µs")
    print(f"what became of them: {prepared[-1]['became']}")
    print("rested: a pair right after" + ", ".join(f" {rest:g} s: {after(rest):.0f} µs" for rest in RESTS))


def after(rest: float) -> float:
    """What the same little work costs once a process has slept for so many seconds: CPU, in microseconds."""
    phone, costs = keys.point(ec.generate_private_key(ec.SECP256R1()).public_key()), []
    for _ in range(20):
        time.sleep(rest)
        began = time.process_time()
        prepare(phone)
        costs.append(time.process_time() - began)
    return 1e6 * statistics.median(costs)


if __name__ == "__main__":
    raise SystemExit(main())
