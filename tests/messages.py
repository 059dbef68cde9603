"""What the doorbell hands a road to carry."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from app.features.notices.rules.roads import Message
from app.features.notices.tables import By, Urgency
from app.kit.languages import language

nth = count(1)
TO = {By.email: "quorra@zzyzx.example", By.sms: "+8613899990042", By.wecom: "QuorraZzyzx", By.push: "https://push"}
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def a_message(by: By, tag: str = "en", **said: Any) -> Message:
    """To Quorra, whose every word is unmistakable, from 百川里."""
    n = next(nth)
    known: dict[str, Any] = {
        "delivery": n,
        "by": by,
        "to": TO[by],
        "tongue": language(tag),
        "place": "百川里",
        "title": "百川里",
        "body": "You have an answer." if tag == "en" else "您收到一个答复。",
        "words": "Lin Zzyzx comes at nine and brings a ladder.",
        "url": f"https://kith.example.org/asks/{n}",
        "stop": "https://kith.example.org/stop/" + "t0ken" * 30,
        "topic": "asks",
        "tag": f"ask{n}",
        "urgency": Urgency.everyday,
        "until": None,
    }
    return Message(**known | said)
