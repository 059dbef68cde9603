"""The front door of every request: a number the log knows, the reader's language, safe headers, counts and times."""

import secrets
import time
from typing import Any

import structlog
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from app.kit.languages import language, preferred, speaking

log = structlog.get_logger("kith.request")

ANSWERS = Counter("kith_answers_total", "Answers by page and status", ["page", "status"])
SECONDS = Histogram("kith_answer_seconds", "Seconds until the answer began", buckets=(0.005, 0.02, 0.1, 0.5, 2, 10))
CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFE_HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
HSTS = (b"strict-transport-security", b"max-age=31536000")


class Door(ASGIMiddleware):
    """First of all middleware: until somebody knows better, the browser's language is the reader's."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        number_of(scope)
        scope["state"]["since"] = time.perf_counter()
        speaking.set(language(preferred(Headers.from_scope(scope).get("accept-language", ""))))
        await next_app(scope, receive, send)


def number_of(scope: Any) -> str:
    """Eight characters that a person can read out and the log can find."""
    state = scope.setdefault("state", {})
    if "number" not in state:
        state["number"] = secrets.token_hex(4)
    return str(state["number"])


def on_the_way_out(https: bool) -> Any:
    """For `before_send`: every answer, static files and errors included, carries the safe headers and is counted."""
    headers = [*SAFE_HEADERS, HSTS] if https else SAFE_HEADERS

    async def hook(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        message["headers"] = [*message["headers"], *headers, (b"x-request-id", number_of(scope).encode())]
        _count(scope, message["status"])

    return hook


def _count(scope: Scope, status: int) -> None:
    """The log names the page's pattern, never the address: an address may carry a token or a name."""
    pattern = scope.get("path_template") or "unknown"
    took = time.perf_counter() - scope["state"].get("since", time.perf_counter())
    ANSWERS.labels(pattern, str(status)).inc()
    SECONDS.observe(took)
    if pattern not in QUIET or status >= 500:
        what = {"number": number_of(scope), "method": scope["method"], "page": pattern, "status": status}
        log.info("answered", **what, ms=round(took * 1000, 1))


QUIET = {"/static/{path:path}", "/healthz", "/readyz", "/metrics"}
