"""Robots that apprise knows, without its pauses and without its log, which quotes addresses and words.

Between two requests of one plugin apprise sleeps 5.5 s (its url.py, `throttle`). Whoever uses these keeps the other
side's limits with rows instead, so that nothing waits behind a thread that sleeps.
"""

import copy
import logging
import re
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"\b(errcode|error)=(-?\d+)")


class Heard(logging.Logger):
    """Stands where a plugin has its logger. Of all it is told it keeps the other side's number alone.

    `code` is in the answer's body, `status` is that of HTTP; both 0 where nobody answered. `at_the_door`: it refused
    us before anything was said.
    """

    def __init__(self) -> None:
        super().__init__("robot", logging.WARNING)
        self.code = self.status = 0
        self.at_the_door = False

    def handle(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if found := NUMBER.search(words):
            number = int(found[2])
            self.code, self.status = (number, 200) if found[1] == "errcode" else (0, number)
        self.at_the_door = self.at_the_door or "token request failed" in words


@dataclass
class Robot:
    """Raises ValueError for an address that apprise does not know."""

    url: str = field(repr=False)
    plugin: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import apprise  # late: most installations have no robots

        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        self.plugin = apprise.Apprise.instantiate(self.url)
        if self.plugin is None:
            raise ValueError("apprise does not know this address")
        self.plugin.request_rate_per_sec = 0
        _ = self.plugin.store  # made now, so that all copies share it: what it was let in with is in there

    def say(self, words: str, **to: Any) -> tuple[bool, Heard]:
        """In a thread. `to` are the plugin's own fields for whom it is: `users`."""
        heard, speaker = Heard(), copy.copy(self.plugin)
        speaker.logger = heard
        for name, value in to.items():
            setattr(speaker, name, value)
        try:
            return bool(speaker.notify(body=words)), heard
        except Exception:  # apprise itself does not trust its 130 plugins either
            return False, heard
