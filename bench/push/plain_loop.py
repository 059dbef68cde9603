"""The loop of pywebpush's README over some of the phones; prints what it cost as JSON.

python -m bench.push.plain_loop FOLDER WHO NUMBER. Those that hang are left out: it would wait for ever.
"""

import json
import sys
import time
from pathlib import Path

from pywebpush import WebPushException, webpush

from bench.push.phones import PAYLOAD, read


def main() -> None:
    folder, who, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    ports = json.loads((folder / "ports.json").read_text())
    phones = [phone for phone in read(folder / "phones.json") if phone.kind != "hang"][:number]
    infos = [
        {"endpoint": phone.endpoint(ports, who), "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
        for phone in phones
    ]
    cpu, began = time.process_time(), time.monotonic()
    for info in infos:
        try:
            webpush(
                subscription_info=info,
                data=PAYLOAD,
                vapid_private_key=str(folder / "vapid.pem"),
                vapid_claims={"sub": "mailto:admin@example.org"},
                ttl=3600,
            )
        except WebPushException as refused:
            if refused.response is None:
                raise
    told = {"messages": len(infos), "cpu": time.process_time() - cpu, "seconds": time.monotonic() - began}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
