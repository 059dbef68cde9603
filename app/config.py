"""Every setting the house reads from its surroundings, read once and checked before anything starts."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.addresses import Smtp, Webhook, is_address, origins, proxies, robots, smtp, webhook, wecom

VERSION = "0.1"
ROOT = Path(__file__).resolve().parents[1]


class WrongSetting(Exception):
    """One line for the operator: which variable, and what it takes."""

    def __init__(self, name: str, takes: str) -> None:
        super().__init__(f"{name} takes {takes}.")


@dataclass(frozen=True)
class Settings:
    database_url: str
    data: Path
    base_url: str
    host: str
    port: int
    workers: int
    secret_file: Path
    trusted_proxies: tuple[str, ...]
    contact: str
    smtp: Smtp | None
    sms: Webhook | None
    wecom_url: str = field(repr=False)
    notify_urls: tuple[str, ...] = field(repr=False)
    push_origins: str
    push_proxy: tuple[tuple[str, str], ...] = field(repr=False)
    ca_file: str
    metrics_token: str
    log: str

    @property
    def vapid_file(self) -> Path:
        return self.data / "vapid.pem"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")


def from_env(env: Mapping[str, str]) -> Settings:
    """Raises WrongSetting for the first variable that cannot be used."""

    def read(name: str, default: str, convert: Callable[[str], Any], takes: str) -> Any:
        try:
            return convert(env.get(name, "").strip() or default)
        except (ValueError, TypeError):
            raise WrongSetting(name, takes) from None

    data = read("KITH_DATA", str(ROOT / "var"), _folder, "a folder")
    port = read("KITH_PORT", "8000", _between(1, 65535), "a port between 1 and 65535")
    return Settings(
        data=data,
        port=port,
        database_url=read(
            "KITH_DATABASE_URL", f"sqlite:///{data / 'kith.db'}", _database, "sqlite:///<file> or postgresql://…"
        ),
        base_url=read("KITH_BASE_URL", f"http://127.0.0.1:{port}", _address, "http(s)://host[:port] without a path"),
        host=read("KITH_HOST", "127.0.0.1", str, "an address to listen on"),
        workers=read("KITH_WORKERS", str(os.cpu_count() or 1), _between(1, 64), "a number of processes, 1 to 64"),
        secret_file=read("KITH_SECRET_FILE", str(data / "secret"), _folder, "a file"),
        trusted_proxies=read("KITH_TRUSTED_PROXIES", "", _networks, "addresses or networks, with commas between"),
        contact=read("KITH_CONTACT", "mailto:admin@example.org", _contact, "a mailto: or https: address, no localhost"),
        smtp=read("KITH_SMTP_URL", "", smtp, "smtp(s)://[user:password@]host[:port][?from=address]"),
        sms=read("KITH_SMS_WEBHOOK", "", webhook, "https://SECRET@host[:port]/path (http on this machine only)"),
        wecom_url=read("KITH_WECOM_URL", "", wecom, "wechat://corpid:secret@agentid"),
        notify_urls=read("KITH_NOTIFY_URLS", "", robots, "addresses that apprise knows, with commas between"),
        push_origins=read(
            "KITH_PUSH_ORIGINS",
            "",
            origins,
            "https://host[:port], or https://*.host for what is under it, with commas",
        ),
        push_proxy=read(
            "KITH_PUSH_PROXY", "", proxies, "one http(s):// or socks5h:// address, or host=address,host=address"
        ),
        ca_file=read("SSL_CERT_FILE", "", _readable, "a file of certificates in PEM"),
        metrics_token=read("KITH_METRICS_TOKEN", "", str, "a word"),
        log=read("KITH_LOG", "text", _one_of("text", "json"), "text or json"),
    )


@cache
def settings() -> Settings:
    return from_env(os.environ)


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return number


def _one_of(*words: str) -> Callable[[str], str]:
    def word(text: str) -> str:
        return words[words.index(text)]

    return word


def _database(text: str) -> str:
    scheme, _, rest = text.partition("://")
    urlsplit(text).port  # noqa: B018 (raises ValueError when it is no number)
    if scheme not in ("sqlite", "postgresql", "postgres") or not rest.strip("/"):
        raise ValueError
    return text.replace("postgres://", "postgresql://", 1)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _networks(text: str) -> tuple[str, ...]:
    return tuple(str(ip_network(word.strip(), strict=False)) for word in text.split(",") if word.strip())


def _contact(text: str) -> str:
    """RFC 8292, section 2.1: push services write here when our pushes misbehave. Apple refuses what is nobody's."""
    scheme, _, rest = text.partition(":")
    if scheme == "mailto" and is_address(rest):
        host = rest.rpartition("@")[2]
    elif scheme == "https":
        host = urlsplit(text).hostname or ""
    else:
        raise ValueError
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+", host.lower()) or not text.isascii():
        raise ValueError
    if host.lower().rpartition(".")[2] in ("localhost", "local", "localdomain", "internal") or not _is_one_word(text):
        raise ValueError
    return text


def _is_one_word(text: str) -> bool:
    return text.isprintable() and text.count(":") == 1 and not set(text) & set(' <>",;')


def _readable(text: str) -> str:
    if text and not os.access(text, os.R_OK):
        raise ValueError
    return text
