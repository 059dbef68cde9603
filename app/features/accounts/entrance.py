"""Where somebody knocks from, and the cookies with which a browser is in: for every page that opens the door."""

from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlencode

from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.features.accounts import rules
from app.features.people.tables import State
from app.kit.browsers import named
from app.kit.forms import Words
from app.kit.pages import to

YEAR = 365 * 24 * 3600
HALF_YEAR = 180 * 24 * 3600
FIVE_MINUTES = 300
ANYONE = (State.pending, State.suspended, State.leaving)
Password = Annotated[str, Words(200)]


def cookie(name: str, https: bool) -> str:
    """Under https the browser itself promises that no other host and no plain page set it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if https else name


def place_of(request: HTMXRequest) -> rules.Place:
    """The network is a /24 or /64: a phone that changes its last digits is the same place."""
    host = request.client.host if request.client else ""
    return rules.Place(
        network=network_of(host),
        device=named(request.headers.get("user-agent", "")),
        mark=request.cookies.get(cookie("known", settings().https), ""),
        loopback=is_loopback(request),
    )


def is_loopback(request: HTMXRequest) -> bool:
    """Somebody at this machine; a proxy on it that speaks for others is not."""
    host = request.client.host if request.client else ""
    return host in ("127.0.0.1", "::1") and not {"x-forwarded-for", "forwarded"} & set(request.headers)


def network_of(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64 if address.version == 6 else 24), strict=False))


def inside(came: rules.Key | rules.Half, path: str) -> Redirect:
    """In; or on to the second step, and then in."""
    if isinstance(came, rules.Half):
        answer = to(f"/sign-in/second?{urlencode({'next': path})}")
        set_cookie(answer, "half", came.token, FIVE_MINUTES)
        return answer
    answer = to(path)
    set_cookie(answer, "key", came.token, HALF_YEAR)
    set_cookie(answer, "known", came.mark, YEAR)
    return answer


def set_cookie(answer: Redirect, name: str, value: str, lasts: int) -> None:
    """Also to take it away: a browser drops a __Host- cookie only at the word of one that is secure too."""
    https = settings().https
    answer.set_cookie(key=cookie(name, https), value=value, max_age=lasts, httponly=True, samesite="lax", secure=https)
