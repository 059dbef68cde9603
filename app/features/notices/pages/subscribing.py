"""What a browser says of its own subscription. It reads no HTML, so a refusal is its plain sentence."""

from typing import Any

import msgspec
from litestar import Controller, MediaType, Response, delete, get, post, put
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.notices import rules
from app.features.notices.pages.reading import WAITING
from app.kit.browsers import named
from app.kit.clock import now
from app.kit.languages import speaking
from app.kit.pages import HEADERS
from app.kit.refusals import Refusal
from app.kit.web_push.keys import public_key
from app.kit.words import say


class Compared(Struct):
    """`before` is the endpoint that this subscription took the place of."""

    subscription: rules.Subscription
    before: str = ""


class Ended(Struct):
    endpoint: str


class Subscriptions(Controller):
    path = "/push/subscriptions"
    opt = {"also": WAITING}

    @post()
    async def subscribe(self, request: HTMXRequest) -> Response[str]:
        """Sent after a press only: it is the consent."""
        try:
            subscription = await _said(request, rules.Subscription)
            new = await rules.subscribe(request.user.id, subscription=subscription, **_this_browser(request), now=now())
        except Refusal as refusal:
            return _plain(refusal)
        return Response("", status_code=201 if new else 200, media_type=MediaType.TEXT, headers=dict(HEADERS))

    @put()
    async def compare(self, request: HTMXRequest) -> Response[Any]:
        """At every opening, and when the browser was given another subscription."""
        try:
            said = msgspec.structs.asdict(await _said(request, Compared))
            await rules.compare(request.user.id, **said, **_this_browser(request), now=now())
        except Refusal as refusal:
            return _plain(refusal)
        return Response(None, status_code=204, headers=dict(HEADERS))

    @delete(status_code=200)
    async def unsubscribe(self, request: HTMXRequest) -> Response[Any]:
        try:
            ended = await _said(request, Ended)
        except Refusal as refusal:
            return _plain(refusal)
        await rules.unsubscribe(ended.endpoint, person_id=request.user.id, now=now())
        return Response(None, status_code=204, headers=dict(HEADERS))


@get("/push/key", public=True, media_type=MediaType.TEXT)
async def push_key() -> Response[str]:
    return Response(public_key(), media_type=MediaType.TEXT, headers={"Cache-Control": "no-cache"})


async def _said(request: HTMXRequest, shape: Any) -> Any:
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(say("That is no subscription of a browser.")) from None


def _this_browser(request: HTMXRequest) -> dict[str, Any]:
    return {"sign_in": request.user.sign_in, "name": named(request.headers.get("user-agent", ""))}


def _plain(refusal: Refusal) -> Response[str]:
    words = refusal.sentence.spoken(speaking.get())
    return Response(words, status_code=refusal.status, media_type=MediaType.TEXT, headers=dict(HEADERS))
