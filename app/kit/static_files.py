"""What every browser gets alike: hashed files from memory, the service worker, the manifest, the offline page."""

import json
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get, route
from litestar.params import FromPath

from app.config import ROOT
from app.kit.languages import NAMES, language, speaking

BUILT = ROOT / "build" / "static"
FOREVER = "public, max-age=31536000, immutable"
PAPER = "#f7f5f0"
# What the service worker fetches before it is needed; the pictures of the installed app wait until somebody installs.
SHELL = (".css", ".js", "icons.svg", "icons/kith.svg")


class NotBuilt(Exception):
    """Pages have no looks yet: `python -m app.build_static` makes them."""


@dataclass(frozen=True)
class Asset:
    kind: str
    tag: str
    codings: dict[str, bytes]

    def best(self, accepted: str) -> tuple[str, bytes]:
        """The smallest coding the browser takes (RFC 9110, 12.5.3)."""
        weights = {name.strip(): weight.strip() for name, _, weight in (c.partition(";") for c in accepted.split(","))}
        for coding in ("br", "gzip"):
            if coding in self.codings and _wanted(weights.get(coding)):
                return coding, self.codings[coding]
        return "identity", self.codings["identity"]


def _wanted(weight: str | None) -> bool:
    return weight is not None and not (weight.startswith("q=") and not weight[2:].strip("0."))


class Shelf:
    """Every built file, read once."""

    def __init__(self, built: Path = BUILT) -> None:
        manifest = built / "manifest.json"
        if not manifest.exists():
            raise NotBuilt(f"{manifest} is missing. Run: python -m app.build_static")
        self.files: dict[str, str] = json.loads(manifest.read_text())["files"]
        self.assets = {hashed: _asset(built / hashed) for hashed in self.files.values()}
        self.worker = self.assets[self.files["sw.js"]].codings["identity"].decode()

    def url(self, name: str) -> str:
        """`asset("css/kith.css")` in templates."""
        return f"/static/{self.files[name]}"

    def shell(self) -> list[str]:
        return [self.url(name) for name in self.files if name.endswith(SHELL) and name != "sw.js"]


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    codings = {"identity": plain}
    for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
        twin = path.with_name(path.name + suffix)
        if twin.exists() and twin.stat().st_size < len(plain):
            codings[coding] = twin.read_bytes()
    return Asset(_kind(path.name), sha256(plain).hexdigest()[:16], codings)


def _kind(name: str) -> str:
    if name.endswith(".js"):
        return "text/javascript"  # what the standard says (RFC 9239); older mimetypes say application/…
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def shell_handlers(shelf: Shelf) -> list[Any]:
    """The public addresses: /static/…, /sw.js, /manifest.webmanifest, /offline."""

    @route("/static/{path:path}", http_method=["GET", "HEAD"], public=True, sync_to_thread=False)
    def files(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
        return _answer(request, shelf.assets.get(str(path).lstrip("/")))

    @get("/sw.js", public=True, sync_to_thread=False)
    def worker(request: Request[Any, Any, Any]) -> Response[str]:
        """Stamped: other files or another offline page make another worker, which replaces the old one."""
        pages = {tag: offline_html(request, tag) for tag in NAMES}
        shell = [*shelf.shell(), *(f"/offline?lang={tag}" for tag in pages)]
        stamp = sha256(json.dumps([shell, pages]).encode()).hexdigest()[:12]
        script = shelf.worker.replace("const SHELL = [];", f"const SHELL = {json.dumps(shell)};", 1)
        script = script.replace('const STAMP = "";', f'const STAMP = "{stamp}";', 1)
        pictures = {"icon": shelf.url("icons/app-192.png"), "badge": shelf.url("icons/badge-96.png")}
        script = script.replace("const PICTURES = {};", f"const PICTURES = {json.dumps(pictures)};", 1)
        script = script.replace('const OUTBOX = "";', f'const OUTBOX = "{shelf.url("js/outbox.js")}";', 1)
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @get("/manifest.webmanifest", public=True, sync_to_thread=False)
    def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
        content = json.dumps(_manifest(request, shelf), ensure_ascii=False).encode()
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        return Response(content, media_type="application/manifest+json", headers=headers)

    @get("/offline", public=True, sync_to_thread=False)
    def offline(request: Request[Any, Any, Any]) -> Response[str]:
        """Nobody's page: the service worker keeps it, so it names no person."""
        html = offline_html(request, _asked(request))
        return Response(html, media_type=MediaType.HTML, headers={"Cache-Control": "no-cache"})

    return [files, worker, manifest, offline]


def _answer(request: Request[Any, Any, Any], asset: Asset | None) -> Response[bytes]:
    if asset is None:
        return Response(b"Not here.", status_code=404, media_type=MediaType.TEXT)
    coding, content = asset.best(request.headers.get("accept-encoding", ""))
    tag = f'"{asset.tag}-{coding}"'
    headers = {"Cache-Control": FOREVER, "ETag": tag, "Vary": "Accept-Encoding"}
    if _same(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(content, headers=headers, media_type=asset.kind)


def _same(known: str, tag: str) -> bool:
    return known.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in known.split(","))


def _asked(request: Request[Any, Any, Any]) -> str:
    tag = request.query_params.get("lang", "")
    return tag if tag in NAMES else speaking.get().tag


def offline_html(request: Request[Any, Any, Any], tag: str) -> str:
    engine: Any = request.app.template_engine
    here = request.scope["state"].get("here")
    was = speaking.set(language(tag))
    try:
        return str(
            engine.get_template("offline.html").render(
                viewer=None, here=here, tabs=(), path="/offline", number="", said=None
            )
        )
    finally:
        speaking.reset(was)


def _manifest(request: Request[Any, Any, Any], shelf: Shelf) -> dict[str, Any]:
    here, tongue = request.scope["state"].get("here"), language(_asked(request))
    name = here.name if here else "Kith 守望"
    return {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "name": name,
        "short_name": name if len(name) <= 12 else "Kith",
        "description": tongue.gettext("Neighbours, every day and on the day it matters."),
        "lang": tongue.tag,
        "dir": "ltr",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon(shelf, "icons/kith.svg", "any", "any"),
            _icon(shelf, "icons/app-192.png", "192x192", "any"),
            _icon(shelf, "icons/app-512.png", "512x512", "any"),
            _icon(shelf, "icons/mask-192.png", "192x192", "maskable"),
            _icon(shelf, "icons/mask-512.png", "512x512", "maskable"),
            _icon(shelf, "icons/badge-96.png", "96x96", "monochrome"),
        ],
    }


def _icon(shelf: Shelf, name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": shelf.url(name), "sizes": sizes, "type": _kind(name), "purpose": purpose}
