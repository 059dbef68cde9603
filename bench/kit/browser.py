"""A browser as far as the server can tell: a cookie, forms with a deed's key, a line that stays open."""

import http.client
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Answer:
    status: int
    location: str
    body: bytes

    @property
    def number(self) -> int:
        """The id at the end of where we are sent: /skills/7."""
        found = re.search(r"(\d+)(?:[/?].*)?$", self.location)
        return int(found[1]) if found else 0


@dataclass
class Browser:
    port: int
    key: str = ""
    cookie: str = ""
    patience: float = 30.0
    marks: dict[str, str] = field(default_factory=dict)  # the cookies that the house set
    _line: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, deed: str, **form: Any) -> Answer:
        return self._ask("POST", path, urlencode({**form, "_deed": deed}), {})

    def knock(self, login: str, password: str, *, network: str = "", mark: str = "") -> Answer:
        """At the sign-in page, as a stranger; from another network where the house trusts us as its proxy."""
        more = {"X-Forwarded-For": network} if network else {}
        more |= {"Cookie": f"known={mark}"}
        return self._ask("POST", "/sign-in", urlencode({"login": login, "password": password}), more)

    def _ask(self, method: str, path: str, body: str | None, more: dict[str, str]) -> Answer:
        """Raises OSError or HTTPException when no answer came; then nobody knows whether it was done."""
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        headers = {"Cookie": self.cookie or f"key={self.key}", "Sec-Fetch-Site": "same-origin", **more}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            set_cookies = answer.headers.get_all("Set-Cookie") or []
            self.marks |= dict(each.partition(";")[0].split("=", 1) for each in set_cookies)
            return Answer(answer.status, answer.getheader("Location") or "", answer.read())
        except BaseException:
            self._line.close()
            self._line = None
            raise
