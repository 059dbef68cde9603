"""Where the time of one page goes: `python -m bench.kit.tracing COOKIE PATH` asks the house in this very process, 400
times, and prints what each part took by itself, without those it called. In microseconds, as a JSON object.
"""

import asyncio
import gc
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

TIMES = 400
spent: dict[str, float] = defaultdict(float)
inside: list[float] = []


def measured(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """One request at a time, so what begins inside another ends inside it."""

    @wraps(work)
    async def awaited(*given: Any, **named: Any) -> Any:
        began = enter()
        try:
            return await work(*given, **named)
        finally:
            leave(part, began)

    @wraps(work)
    def called(*given: Any, **named: Any) -> Any:
        began = enter()
        try:
            return work(*given, **named)
        finally:
            leave(part, began)

    return awaited if asyncio.iscoroutinefunction(work) else called


def enter() -> float:
    inside.append(0.0)
    return time.perf_counter()


def leave(part: str, began: float) -> None:
    took = time.perf_counter() - began
    spent[part] += took - inside.pop()
    if inside:
        inside[-1] += took


def mark() -> None:
    from app.features.accounts import viewer
    from app.features.community import rules as community
    from app.features.skills import rules as skills
    from app.kit import deeds, door, pages, same_site
    from app.kit.templates import Page

    for kind in (door.Door, same_site.SameSiteOnly, viewer.WhoIsLooking, deeds.DeedsHappenOnce):
        kind.handle = measured("our middleware", kind.handle)  # type: ignore[method-assign]
    viewer.rules.whose = measured("the viewer's query", viewer.rules.whose)
    skills.neighbours = measured("the directory's queries", skills.neighbours)
    community.top_areas = measured("the query of the buildings", community.top_areas)
    pages.page = measured("the answer around the template", pages.page)
    sys.modules["app.features.skills.pages.neighbours"].page = pages.page  # type: ignore[attr-defined]
    Page.render = measured("the template", Page.render)  # type: ignore[method-assign]
    door._count = measured("counting and logging", door._count)


async def ask(app: Any, path: str, cookie: str) -> int:
    plain, _, query = path.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "", "path": plain,
        "raw_path": plain.encode(), "query_string": query.encode(), "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1), "state": {}, "extensions": {}, "asgi": {"version": "3.0"},
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())],
    }  # fmt: skip
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status


async def main(cookie: str, path: str) -> None:
    from app.asgi import create_app
    from app.config import settings
    from app.db import close_database, open_database
    from app.kit.logs import write_logs

    write_logs(settings().log)
    mark()
    app = create_app()
    await open_database()
    for _ in range(50):
        assert await ask(app, path, cookie) == 200
    gc.collect()
    gc.freeze()
    runs = []
    for _ in range(TIMES):
        spent.clear()
        began = enter()
        await ask(app, path, cookie)
        leave("Litestar: routing, arguments, sending", began)
        runs.append(dict(spent))
    await close_database()
    print(json.dumps({part: statistics.median(run[part] for run in runs) * 1e6 for part in runs[0]}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
