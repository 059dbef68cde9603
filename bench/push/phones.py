"""Ten thousand subscriptions of browsers, most of them alive, over four services; kept in a file for every sender."""

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from app.kit.web_push.keys import point
from tests.web_push_peers import b64

# How a service answers a subscription, and how many of 10,000 are so. `sick` and `busy` recover at the second try.
MIX = {"live": 9680, "gone": 80, "lost": 60, "busy": 10, "sick": 60, "hang": 50, "moved": 60}
AT_ONCE = ("live", "gone", "lost", "moved")  # of these nobody is waited for
SHARES = (60, 25, 10, 5)  # of the services, in percent
PAYLOAD = json.dumps(
    {
        "web_push": 8030,
        "notification": {
            "title": "停水通知 · Water is off",
            "body": "3 号楼今天 14:00 至 18:00 停水，请提前备水。Building 3, 14:00 to 18:00 today.",
            "navigate": "https://kith.example.org/announcements/12",
            "tag": "a12",
            "lang": "zh-Hans",
        },
    },
    ensure_ascii=False,
)


@dataclass(frozen=True)
class Phone:
    service: int
    kind: str
    number: int
    p256dh: str
    auth: str

    def endpoint(self, ports: list[int], who: str) -> str:
        return f"https://localhost:{ports[self.service]}/{who}/{self.kind}/{self.number}"


def written(file: Path, phones: int) -> list[Phone]:
    chance = random.Random(20261128)
    kinds = [kind for kind, many in MIX.items() for _ in range(round(many * phones / 10_000))]
    kinds += ["live"] * (phones - len(kinds))
    chance.shuffle(kinds)
    services = chance.choices(range(len(SHARES)), SHARES, k=phones)
    made = [
        Phone(service, kind, n, *_keys(chance)) for n, (service, kind) in enumerate(zip(services, kinds, strict=True))
    ]
    file.write_text(json.dumps([asdict(phone) for phone in made]))
    return made


def read(file: Path) -> list[Phone]:
    return [Phone(**each) for each in json.loads(file.read_text())]


def _keys(chance: random.Random) -> tuple[str, str]:
    key = ec.derive_private_key(chance.getrandbits(255) + 1, ec.SECP256R1())
    return b64(point(key.public_key())), b64(chance.randbytes(16))
