"""How a calendar is answered: with its bytes, or that nothing changed since."""

from hashlib import sha256
from typing import Any

from litestar import Request, Response

KIND = "text/calendar"  # Litestar adds the charset
PUBLIC, PRIVATE = "public, max-age=300", "no-store"


def fetched(request: Request[Any, Any, Any], content: bytes, *, keep: str, name: str = "kith.ics") -> Response[bytes]:
    """The calendar, or only that it is still the one they have (304)."""
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": keep, "Content-Disposition": f'inline; filename="{name}"'}
    theirs = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if theirs & {"*", tag.removeprefix("W/")}:
        return Response(b"", status_code=304, headers=headers, media_type=KIND)
    return Response(content, headers=headers, media_type=KIND)
