"""How a setting writes down where something outside stands, with the key to it.

Each reader raises ValueError for what cannot be used. No key shows when one of these is printed.
"""

import logging
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Smtp:
    """A mail server that carries our letters, and whom they are from."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: str


@dataclass(frozen=True)
class Webhook:
    """Where text messages are handed to whoever carries them, and the secret that signs them."""

    url: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def smtp(text: str) -> Smtp | None:
    """`smtps` is TLS from the first byte (port 465); `smtp` takes STARTTLS where it is offered (port 587)."""
    if not text:
        return None
    parts = urlsplit(text)
    user, host = unquote(parts.username or ""), parts.hostname or ""
    asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    sender = asked.pop("from", [user if "@" in user else f"kith@{host}"])[0]
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or asked or not is_address(sender):
        raise ValueError
    tls = parts.scheme == "smtps"
    return Smtp(host, parts.port or (465 if tls else 587), tls, user, unquote(parts.password or ""), sender)


def webhook(text: str) -> Webhook | None:
    if not text:
        return None
    parts = urlsplit(text)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(host))
    if not safe or not host or len(parts.username or "") < 16 or parts.password is not None or parts.fragment:
        raise ValueError
    bare = parts._replace(netloc=(f"[{host}]" if ":" in host else host) + port)
    return Webhook(bare.geturl(), unquote(parts.username or ""))


def wecom(text: str) -> str:
    if text and (not text.startswith("wechat://") or not _is_robot(text)):
        raise ValueError
    return text


def robots(text: str) -> tuple[str, ...]:
    """Commas stand inside such addresses too: a new one begins where a scheme begins."""
    urls = tuple(dict.fromkeys(re.split(r"[\s,]+(?=\w+://)", text))) if text else ()
    if not all(_is_robot(url) for url in urls):
        raise ValueError
    return urls


def _is_robot(url: str) -> bool:
    """Apprise says on its log what it makes of an address; nobody but us shall hear it."""
    import apprise  # late: most installations have no robots, and it takes a fifth of a second

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return apprise.Apprise.instantiate(url) is not None


def is_here(host: str) -> bool:
    """This machine, by its number or its usual name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(text: str) -> bool:
    name, _, host = text.rpartition("@")
    return bool(name and host) and text.isprintable() and not set(" <>,;") & set(text)


HOST = r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])"


def origins(text: str) -> str:
    """With one space between, and no port where it is 443."""
    said = [each.strip().lower().removesuffix("/") for each in text.split(",") if each.strip()]
    for each in said:
        urlsplit(each).port  # noqa: B018 (raises ValueError when it is none)
        if not re.fullmatch(rf"https://(\*\.(?=[^.]+\.))?{HOST}(:[1-9][0-9]*)?", each):
            raise ValueError
    return " ".join(each.removesuffix(":443") for each in said)


def proxies(text: str) -> tuple[tuple[str, str], ...]:
    """Host and address; "*" stands for all hosts. `*.push.apple.com` is whatever is under it."""
    said = [each.strip() for each in text.split(",") if each.strip()]
    if len(said) == 1 and not re.match(r"[^/]*=", said[0]):
        said = [f"*={said[0]}"]
    pairs = tuple((host.strip().lower(), url.strip()) for host, _, url in (each.partition("=") for each in said))
    for host, url in pairs:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname or parts.path.strip("/"):
            raise ValueError
        if not re.fullmatch(rf"\*|(?:\*\.)?{HOST}", host) or (parts.port or 1) < 1:
            raise ValueError
    return pairs
