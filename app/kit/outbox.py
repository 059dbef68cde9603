"""Forms that waited on a phone (static/js/outbox.js) say whose they are, and are told where their deed led.

A script cannot read where a 303 leads, and must not follow it: the page there is shown once, with what was said.
Whatever answers in our stead (a café's own sign-in page, a proxy) is no answer: ours say that they are.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from litestar import Response
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

PERSON, WHERE, OURS, AGE = b"kith-person", b"kith-location", b"kith-answer", "kith-age"


class ForThisPersonOnly(ASGIMiddleware):
    """Stands behind the viewer and before the deeds, so that what is kept of a deed is its own answer."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        meant = dict(scope["headers"]).get(PERSON)
        if meant is None or scope["method"] != "POST":
            return await next_app(scope, receive, send)
        viewer = scope.get("user")
        if viewer is None or str(viewer.id).encode() != meant:
            answer = Response("", status_code=401, headers={"Cache-Control": "no-store"})
            return await answer.to_asgi_response(app=None, request=scope["litestar_app"].request_class(scope))(
                scope, receive, send
            )

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                headers = [(WHERE if name.lower() == b"location" else name, said) for name, said in message["headers"]]
                message = {**message, "status": 200, "headers": headers}
            await send(message)

        await next_app(scope, receive, telling)


async def say_that_it_is_ours(message: Message, scope: Scope) -> None:
    """For `before_send`: also where no page was reached, a form was too large, or it came from another site."""
    if message["type"] == "http.response.start" and scope["method"] == "POST" and PERSON in dict(scope["headers"]):
        message["headers"] = [*message["headers"], (OURS, dict(scope["headers"])[PERSON])]


def pressed_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """When the form was sent off by its person: seconds ago by the phone's clock, which may be wrong."""
    age = headers.get(AGE, "")
    return now - timedelta(seconds=int(age) if age.isascii() and age.isdigit() and len(age) < 8 else 0)
