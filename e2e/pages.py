"""Every page of the house, and an example of each that somebody comes upon by following links."""

import re
from collections import Counter, deque
from functools import cache

import httpx

from app.asgi import create_app
from e2e.conftest import House

WALKERS = ("resident", "administrator", "coordinator")  # appeals are for another officer
# Not pages for people's eyes, or shown before there is a community, or only with something that no link carries; and
# what is there while an alert lasts (e2e/test_answering.py and e2e/test_knocking.py look at it).
APART = re.compile(
    r"/(healthz|readyz|metrics|pocket|push/key|stop/.*|sw\.js|manifest\.webmanifest|static/.*|changes|notices/count|setup"
    r"|join/.*|media/.*"
    r"|q/\{token:str\}|share/items\.csv"
    r"|account/export|household/children/.*/export|admin/roster/.*/refused\.csv|reset/.*|sign-in/second"
    r"|help/by/.*|answer/.*|alerts/\{alert_id:int\}/(roll-call|cap|knocks|hands|things|measures/new|measures/\{measure_id:int\})|alerts\.atom|spaces/.*/calendar\.ics|bookings/.*/ics|calendar/\{token:str\}|account/notices/phones/.*|account/security/passkeys|waiting|vouch/.*|phone/.*|account/phones/.*"
    r"|\{path:path\}|language)$"
)
STRANGERS = {"/sign-in", "/join", "/phone", "/offline", "/help/ask", "/help/by", "/answer"}
MOST, EXAMPLES = 1000, 8  # steps of a walk, and how many pages of one kind lead to others


@cache
def patterns() -> frozenset[str]:
    """The addresses of all pages, with numbers as the routes name them."""
    return frozenset(
        route.path
        for route in create_app().routes
        for handler in route.route_handlers
        if "GET" in handler.http_methods and not APART.match(route.path) and route.path not in STRANGERS
    )


def pattern_of(path: str) -> str:
    plain = path.partition("?")[0]
    known = {re.sub(r"\{\w+:str\}", r"[\\w-]+", re.sub(r"\{\w+:int\}", r"\\d+", each)): each for each in patterns()}
    return next((each for pattern, each in known.items() if re.fullmatch(pattern, plain)), "")


def tours(house: House) -> dict[str, list[str]]:
    """For each walker an example of every page that those before them did not find."""
    found: dict[str, list[str]] = {}
    for role in WALKERS:
        seen = {pattern_of(path) for tour in found.values() for path in tour}
        found[role] = [path for path in tour(house, *house.demo_sign_in(role)) if pattern_of(path) not in seen]
    return found


def tour(house: House, login: str, password: str) -> list[str]:
    found: dict[str, str] = {}
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}, follow_redirects=True) as walker:
        walker.post("/sign-in", data={"login": login, "password": password})
        ahead, seen, looked = deque(["/"]), {"/"}, Counter[str]()
        for _ in range(MOST):
            while ahead and looked[pattern_of(ahead[0])] >= EXAMPLES:
                ahead.popleft()
            if not ahead:
                break
            path = ahead.popleft()
            looked[pattern_of(path)] += 1
            answer = walker.get(path)
            if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
                continue
            pattern = pattern_of(path)
            if pattern:
                found.setdefault(pattern, path)
            links = re.findall(r'(?:href|action)="(/[^"#]*)"', answer.text)
            new = [link.replace("&amp;", "&") for link in links]
            fresh = [link for link in dict.fromkeys(new) if link not in seen and pattern_of(link) not in ("", *found)]
            ahead.extend(fresh)
            seen.update(fresh)
    return list(found.values())
