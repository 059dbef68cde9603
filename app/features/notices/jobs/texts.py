"""By SMS: a signed POST to whoever carries text messages for this installation. docs/sms-webhook.md says what it is."""

import asyncio
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.addresses import Webhook
from app.features.notices.rules.roads import Message, Outcome, Verdict
from app.features.notices.tables import By
from app.kit.webhooks import Answer, post
from app.kit.words import say

FEW_LETTERS, MANY_LETTERS = 70, 160  # one message in Chinese, one in GSM's own alphabet (3GPP TS 23.038)
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
LEAST = 8  # letters of the words that are worth sending
PAUSE, LONGEST = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class BySms:
    by = By.sms
    at_once = 8
    patience = 20.0
    webhook: Webhook
    threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.threads = ThreadPoolExecutor(self.at_once, "texts")

    async def carry(self, message: Message, now: datetime) -> Outcome:
        body = _payload(message)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{message.tag}/{message.delivery}",
            **signed(self.webhook.secret, body, now),
        }
        loop = asyncio.get_running_loop()
        return _outcome(await loop.run_in_executor(self.threads, post, self.webhook.url, body, headers))


def signed(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The time is signed too, so that nobody sends it again tomorrow."""
    stamp = str(int(now.timestamp()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Kith-Timestamp": stamp, "Kith-Signature": f"v1={signature}"}


def text_of(message: Message) -> str:
    """One message where that can be: the place goes first, then the end of the words; the link never."""
    body, url = message.body, message.url
    whole = say("%(place)s: %(told)s", place=message.place, told=body).spoken(message.tongue)
    short = [f"{words} {url}" for words in (whole, body, *_cut(body))]
    return next((text for text in short if _is_one(text)), f"{body} {url}")


def _cut(words: str) -> list[str]:
    dots = "..." if set(words) <= GSM else "…"
    return [words[:length].rstrip() + dots for length in range(len(words) - 1, LEAST - 1, -1)]


def _is_one(text: str) -> bool:
    if set(text) <= GSM:
        return len(text) <= MANY_LETTERS
    return len(text.encode("utf-16-le")) // 2 <= FEW_LETTERS


def _payload(message: Message) -> bytes:
    said = {
        "to": message.to,
        "text": text_of(message),
        "language": message.tongue.tag,
        "urgency": message.urgency,
        "until": message.until.isoformat() if message.until else None,
        "stop": message.stop or None,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _outcome(answer: Answer) -> Outcome:
    """What is wrong with one message is said with 400 or 422; any other refusal is meant for all of them."""
    status = answer.status
    if 200 <= status < 300:
        return Outcome(Verdict.accepted, status)
    if status in (400, 422):
        return Outcome(Verdict.failed, status)
    if status in (429, 503):
        return Outcome(Verdict.wait, status, pause=min(answer.pause or PAUSE, LONGEST))
    if status in (0, 408, 425) or status >= 500:
        return Outcome(Verdict.again, status, trouble=answer.trouble)
    return Outcome(Verdict.refused, status, trouble="webhook")
