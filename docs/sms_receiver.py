#!/usr/bin/env python3
"""A receiver for Kith's text messages, to begin from: put your gateway's call into `carry` and run it behind TLS.

    SMS_SECRET=… python3 sms_receiver.py [port]

It believes nothing that is not signed, nothing older than five minutes, and carries each message once.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["SMS_SECRET"].encode()
SEEN = os.environ.get("SMS_SEEN", "sms-seen.db")
MINUTES_5, WEEK, LARGEST = 300, 7 * 86400, 16 * 1024


def carry(to: str, text: str) -> None:
    """Your gateway's call comes here. What it raises makes Kith try again later; ValueError, never again."""
    if not to.startswith("+"):
        raise ValueError(to)
    print(json.dumps({"to": to, "text": text}, ensure_ascii=False), flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        if not is_from_kith(self.headers.get("Kith-Timestamp", ""), self.headers.get("Kith-Signature", ""), body):
            return self.say(401)
        key, message = self.headers.get("Idempotency-Key", ""), json.loads(body)
        if not remember(key):
            return self.say(200)  # it was carried already
        try:
            carry(message["to"], message["text"])
        except ValueError:
            return self.say(422)
        except Exception:
            forget(key)
            return self.say(502)
        self.say(202)

    def say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Numbers and words stay out of logs."""


def is_from_kith(stamp: str, signature: str, body: bytes) -> bool:
    must_be = "v1=" + hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(must_be.encode(), signature.encode()):
        return False
    return abs(time.time() - int(stamp)) <= MINUTES_5


def remember(key: str) -> bool:
    """False when it was there before; of two at once, one is first."""
    with sqlite3.connect(SEEN) as db:
        db.execute("CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL)")
        db.execute("DELETE FROM seen WHERE at < ?", (time.time() - WEEK,))
        return db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, time.time())).rowcount == 1


def forget(key: str) -> None:
    with sqlite3.connect(SEEN) as db:
        db.execute("DELETE FROM seen WHERE key = ?", (key,))


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8081
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
