"""Browsers that can be rung: what each would hand out, with true keys."""

import base64
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.features.notices import rules as notices
from app.features.notices.rules.devices import Keys
from app.features.notices.tables import Device
from tests.makers import NOON

nth = count(1)


def a_subscription(endpoint: str = "", **keys: str) -> notices.Subscription:
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    known = {"p256dh": text(point), "auth": text(bytes(range(16))), **keys}
    endpoint = endpoint or f"https://fcm.googleapis.com/fcm/send/browser-{next(nth)}"
    return notices.Subscription(endpoint, Keys(**known))


def as_json(subscription: notices.Subscription) -> dict[str, object]:
    """`PushSubscription.toJSON()` has one name more than we read."""
    keys = {"p256dh": subscription.keys.p256dh, "auth": subscription.keys.auth}
    return {"endpoint": subscription.endpoint, "expirationTime": None, "keys": keys}


def text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


async def a_device(person, *, sign_in: int = 1, name: str = "Chrome, Android", now=NOON, subscription=None) -> Device:
    """A phone that rings for that person."""
    subscription = subscription or a_subscription()
    await notices.subscribe(person.id, sign_in=sign_in, subscription=subscription, name=name, now=now)
    found = await Device.objects().where(Device.endpoint == subscription.endpoint).first()
    assert found
    return found
