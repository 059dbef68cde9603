"""Forged requests are turned away by the browser's own word, so cached pages and replayed forms carry no token."""

from collections.abc import Mapping

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app.kit.words import say

SAFE = {"GET", "HEAD", "OPTIONS"}


class SameSiteOnly(ASGIMiddleware):
    """A request that changes something must say that it comes from our own pages.

    A handler with `from_anywhere=True` in its `opt` takes others too: what its address holds is the proof, no cookie.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = ASGIConnection(scope).headers
        if scope["method"] not in SAFE and not _from_anywhere(scope) and not is_ours(headers, self.base_url):
            raise PermissionDeniedException(extra=say("This request came from another site, so nothing was done."))  # type: ignore[arg-type]
        await next_app(scope, receive, send)


def is_ours(headers: Mapping[str, str], base_url: str) -> bool:
    """`Sec-Fetch-Site: same-origin`; where a browser sends none, an `Origin` equal to our own. Neither: no."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin") == base_url


def _from_anywhere(scope: Scope) -> bool:
    return bool(scope["route_handler"].opt.get("from_anywhere"))
