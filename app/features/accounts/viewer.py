"""Who is looking: turns the cookie into request.user on every request, and keeps strangers outside."""

from contextlib import suppress
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app.features.accounts import rules
from app.features.accounts.entrance import cookie
from app.features.community import rules as community
from app.features.people.tables import Kind, State
from app.kit.clock import now
from app.kit.languages import language, preferred, speaking, zone
from app.kit.refusals import NotYours
from app.kit.words import say


class WhoIsLooking(ASGIMiddleware):
    """Sets `user` (None for strangers), the community, the reader's language and the clock's zone."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, https: bool) -> None:
        self.key = cookie("key", https)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        if not scope["path"].startswith("/static/"):
            await self._look(scope, connection)
        await next_app(scope, receive, send)

    async def at_no_page(self, error: Exception, scope: Scope) -> None:
        """What no route takes is refused before any middleware; who asks is known all the same."""
        if isinstance(error, HTTPException) and scope["type"] == ScopeType.HTTP and "user" not in scope:
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            speaking.set(language(preferred(connection.headers.get("accept-language", ""))))
            with suppress(Exception):  # then it is the page for strangers
                await self._look(scope, connection)

    async def _look(self, scope: Scope, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        token = scope["state"]["token"] = connection.cookies.get(self.key)
        known = await rules.whose(token, now()) if token else None
        viewer, here = known or (None, await community.here())
        scope["user"], scope["state"]["here"] = viewer, here
        community.stand(here)
        if here:
            zone.set(here.clock)
        if viewer and viewer.language:
            speaking.set(language(viewer.language))
        elif here:
            speaking.set(language(preferred(connection.headers.get("accept-language", ""), here.languages)))


async def still_in(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """For answers that go on and on: is the one who asked still signed in, and in the same state?"""
    known = await rules.whose(connection.scope["state"]["token"] or "", now())
    return known is not None and known[0].state == connection.user.state


async def may_enter(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Every page needs a sign-in and an active neighbour, unless its handler says otherwise.

    `public=True` opens it to strangers, `also=(State.suspended, …)` to people in that state, `only=(Kind.…, …)` keeps
    it for those roles, `strong=True` for sign-ins that have shown a second factor. Async, though nothing is awaited:
    Litestar would send it to another thread and wait.
    """
    if handler.opt.get("public"):
        return
    viewer = connection.scope.get("user")
    if viewer is None:
        raise NotAuthorizedException(extra=say("Please sign in first."))  # type: ignore[arg-type]
    if viewer.state != State.active and viewer.state not in handler.opt.get("also", ()):
        raise NotYours(WAITS[State(viewer.state)])
    only: tuple[Kind, ...] = handler.opt.get("only", ())
    if only and not viewer.is_a(*only):
        rules.must_not_be_overdue(viewer, *only)
        raise NotYours(say("This is for those who look after the community."))
    if handler.opt.get("strong"):
        rules.must_be_strong(viewer, path=connection.url.path if connection.scope.get("method") == "GET" else "")


WAITS = {
    State.pending: say("A neighbour has to let you in first. We tell you as soon as it happened."),
    State.suspended: say(
        "Your account is suspended. You still reach your own data; ask the committee if you disagree."
    ),
    State.leaving: say("You are leaving. Under Account you can take your data with you, or stay after all."),
    State.gone: say("This account is closed."),
}
