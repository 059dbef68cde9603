"""/alerts/7.cap asks for /alerts/7/cap: the router knows a number only where it fills its whole place in an address."""

import re
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

NUMBER_AND_ENDING = re.compile(r"/(\d{1,18})\.(cap|ics)$")


def with_endings(house: ASGIApp) -> ASGIApp:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (found := NUMBER_AND_ENDING.search(scope["path"])):
            path = f"{scope['path'][: found.start()]}/{found[1]}/{found[2]}"
            changed: Any = {**scope, "path": path, "raw_path": path.encode()}
            return await house(changed, receive, send)
        await house(scope, receive, send)

    return door
