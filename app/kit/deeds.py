"""A deed happens once: the same form sent again gets the first answer again.

A form carries a key made when it was opened. The key is claimed inside the deed's own transaction, so either both are
kept or neither; a twin that arrives meanwhile waits for the first one's answer. Kept for 7 days per person.
"""

import asyncio
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any, NoReturn

from litestar import MediaType, Request, Response
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.config import settings
from app.db import first_in_transaction
from app.kit.claims import DOING, Claim, Kept, Twin, kept_deed
from app.kit.clock import now
from app.kit.pages import to
from app.kit.refusals import Taken
from app.kit.secret import secret
from app.kit.tables import Deed
from app.kit.words import say

KEPT = timedelta(days=7)
PATIENCE = timedelta(seconds=10)
URLENCODED = re.compile(rb"(?:^|&)_deed=([0-9a-fA-F-]{36})(?=&|$)")
MULTIPART = re.compile(rb'name="_deed"\r\n\r\n([0-9a-fA-F-]{36})\r\n')


class DeedsHappenOnce(ASGIMiddleware):
    """Stands behind the viewer: a stranger's forms (sign-in, set-up) guard themselves."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        viewer = scope.get("user")
        if scope["method"] in ("GET", "HEAD", "OPTIONS") or viewer is None:
            return await next_app(scope, receive, send)
        request: Request[Any, Any, Any] = Request(scope, receive)
        key, form = key_and_form(request, await request.body())
        if not key:
            return await next_app(scope, receive, send)
        before = await kept_deed(viewer.id, key)
        if before is None:
            return await _first(scope, receive, send, next_app, Claim(viewer.id, key, form))
        answer = await _again(before, form)
        await answer.to_asgi_response(app=None, request=request)(scope, receive, send)


async def _first(scope: Scope, receive: Receive, send: Send, next_app: ASGIApp, claim: Claim) -> None:
    """The house answers a twin's refusal before it comes back here, so that answer is dropped for the first one's."""

    async def listening(message: Message) -> None:
        if claim.met_twin:
            return
        if message["type"] == "http.response.start":
            await _settled(claim, message["status"], dict(message["headers"]).get(b"location", b"").decode())
        await send(message)

    reset = first_in_transaction.set(claim)
    try:
        await next_app(scope, receive, listening)
    finally:
        first_in_transaction.reset(reset)
    if claim.met_twin:
        before = await kept_deed(claim.person, claim.key)
        answer = await _again(before, claim.form) if before else _unfinished()
        await answer.to_asgi_response(app=None, request=Request(scope))(scope, receive, send)


async def _settled(claim: Claim, status: int, location: str) -> None:
    """Before the answer leaves: what is answered is known to every twin.

    After a fault of ours the claim is left as it is: it is gone with its deed, or both are kept and must not be
    done again.
    """
    if claim.made and status < 500:
        await (claim.completed(status, location) if status == 303 else claim.undone())


async def _again(deed: Kept, form: str) -> Response[Any]:
    """The first answer, once it is known; raises Taken for another form under the same key.

    A claim that others can see was kept, and its deed with it. When its answer does not come, whoever did it was
    killed in between: the deed is done, and only where it led is lost.
    """
    while deed.status is None and now() - deed.at < PATIENCE:
        await asyncio.sleep(0.05)
        deed = await kept_deed(deed.person, deed.key) or _unfinished()
    if deed.form != form:
        raise Taken(say("This form was sent before with other words. Open it anew, please."))
    if deed.status is None:
        await Claim(deed.person, deed.key, form).completed(303, "/")
        return to("/", say("That is done already: only the answer had been lost."))
    return Response("", status_code=deed.status, headers={"Location": deed.location}, media_type=MediaType.HTML)


def _unfinished() -> NoReturn:
    raise Twin(DOING)


def key_and_form(request: Request[Any, Any, Any], body: bytes) -> tuple[str, str]:
    """The key ("" when the form has none), and a fingerprint of everything else that was sent.

    Keyed with the house's secret: a form may carry a password, and a plain hash of it could be guessed from.
    """
    header = request.headers.get("idempotency-key", "")
    content_type = request.headers.get("content-type", "")
    found = (MULTIPART if content_type.startswith("multipart/") else URLENCODED).search(body)
    key = header[:64] or (found[1].decode() if found else "")
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    plain = body.replace(boundary, b"") if boundary else body
    plain = plain.replace(found[1], b"") if found else plain
    words = json.dumps([request.method, request.url.path]).encode()
    return key, hmac.new(secret(settings().secret_file), words + plain, hashlib.sha256).hexdigest()


async def forget(person_id: int, *, now: datetime) -> None:
    await Deed.delete().where(Deed.person == person_id)


async def purge(now: datetime) -> None:
    await Deed.delete().where(Deed.at < now - KEPT)
