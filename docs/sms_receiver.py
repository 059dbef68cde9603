#!/usr/bin/env python3
"""A receiver for Kith's text messages, to begin from: put your gateway's call into `carry` and run it behind TLS.

    SMS_SECRET=… python3 sms_receiver.py [port]

It believes nothing that is not signed, nothing older than five minutes, and carries each message once. While one is
under way, its repeat is told to come later; what was under way when this program died is carried when it comes again.
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
STARTED = time.time()


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
        if (known := began(key)) is not None:
            return self.say(200 if known else 425)
        try:
            carry(message["to"], message["text"])
        except ValueError:
            done(key)
            return self.say(422)
        except Exception:
            forget(key)
            return self.say(502)
        done(key)
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


def began(key: str) -> bool | None:
    """None: it is yours to carry, and of two at once only one hears that. Else whether it is done already."""
    now = time.time()
    with sqlite3.connect(SEEN) as db:
        db.execute("CREATE TABLE IF NOT EXISTS carried (key TEXT PRIMARY KEY, at REAL, done INTEGER DEFAULT 0)")
        db.execute("DELETE FROM carried WHERE at < ?", (now - WEEK,))
        taken = (
            "INSERT INTO carried (key, at) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE NOT done AND at < ?"
        )
        if db.execute(taken, (key, now, max(STARTED, now - MINUTES_5))).rowcount == 1:
            return None
        return bool(db.execute("SELECT done FROM carried WHERE key = ?", (key,)).fetchone()[0])


def done(key: str) -> None:
    with sqlite3.connect(SEEN) as db:
        db.execute("UPDATE carried SET done = 1 WHERE key = ?", (key,))


def forget(key: str) -> None:
    with sqlite3.connect(SEEN) as db:
        db.execute("DELETE FROM carried WHERE key = ?", (key,))


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8081
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
