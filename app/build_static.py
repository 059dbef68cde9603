"""Makes build/static from static/ and node_modules: hashed names, compressed twins, icons.

Run it by `python -m app.build_static`.
"""

import fcntl
import gzip
import json
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import resvg_py

from app.config import ROOT

SOURCE, MODULES, BUILT = ROOT / "static", ROOT / "node_modules", ROOT / "build" / "static"
LAYERS = ("tokens.css", "base.css", "parts/*.css", "pages/*.css")
# One file, so that htmx never looks over a page before it knows what its extension brings.
FROM_PACKAGES = {"js/htmx.js": ("htmx.org/dist/htmx.min.js", "htmx.org/dist/ext/hx-sse.min.js")}
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=\S+\s*$")
# name: (drawing, pixels, share of the square that a mask leaves whole)
PICTURES = {
    "icons/app-192.png": ("kith.svg", 192, 0.0),
    "icons/app-512.png": ("kith.svg", 512, 0.0),
    "icons/mask-192.png": ("kith.svg", 192, 0.8),
    "icons/mask-512.png": ("kith.svg", 512, 0.8),
    "icons/touch-180.png": ("kith.svg", 180, 0.9),
    "icons/badge-96.png": ("badge.svg", 96, 0.0),
}


def build(built: Path = BUILT) -> dict[str, str]:
    """The manifest, {"css/kith.css": "css/kith.1f0c….css"}. Quick when nothing changed; two at once take turns."""
    built.mkdir(parents=True, exist_ok=True)
    with (built.parent / f".{built.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, manifest = _fingerprint(), built / "manifest.json"
        before = json.loads(manifest.read_text()) if manifest.exists() else {}
        if before.get("stamp") == stamp and all((built / name).exists() for name in before["files"].values()):
            return dict(before["files"])
        files: dict[str, str] = {}
        for name, content in _everything(files):
            files[name] = _put(built, name, content)
        _write(manifest, json.dumps({"stamp": stamp, "files": files}, indent=1).encode())
        _sweep(built, set(files.values()))
        return files


def _fingerprint() -> str:
    print_ = sha256()
    for path in [Path(__file__), MODULES / "htmx.org" / "package.json", MODULES / "lucide-static" / "package.json"]:
        print_.update(path.read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            print_.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes())
    return print_.hexdigest()


def _everything(done: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file; `done` has the hashed names of those that came before."""
    yield "css/kith.css", stylesheet().encode()
    for name, scripts in FROM_PACKAGES.items():
        yield name, b"\n;".join(SOURCE_MAP.sub(b"\n", (MODULES / script).read_bytes()) for script in scripts)
    for name, script in _modules():
        yield name, _pointed(script, done).encode()
    yield "sw.js", (SOURCE / "sw.js").read_bytes()
    yield "icons.svg", sprite().encode()
    for path in sorted((SOURCE / "icons").glob("*.svg")):
        yield f"icons/{path.name}", _tight(path.read_text()).encode()
    for name, (drawing, pixels, whole) in PICTURES.items():
        yield name, picture(drawing, pixels, whole)


def stylesheet() -> str:
    """All of static/css in the order of its layers, without comments; first, plain day colours for old browsers."""
    parts = [path.read_text() for layer in LAYERS for path in sorted((SOURCE / "css").glob(layer))]
    css = re.sub(r"/\*.*?\*/", "", "".join(parts), flags=re.S)
    pairs = re.findall(r"(--[\w-]+):\s*light-dark\((#\w+|rgb\([^)]*\)),", css)
    plain = "".join(f"{name}:{by_day};" for name, by_day in pairs)
    old = f"@supports not (color:light-dark(#000,#fff)){{@layer tokens{{:root{{color-scheme:light;{plain}}}}}}}"
    return "@layer tokens,base,parts,pages;" + re.sub(r"\s*\n\s*", " ", css).strip() + old + "\n"


def sprite() -> str:
    """The lucide icons named in static/icons/names.txt; colour and stroke come from the page (`.icon`)."""
    symbols = []
    for name in (SOURCE / "icons" / "names.txt").read_text().split():
        svg = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
        shapes = svg[svg.index(">", svg.index("<svg")) + 1 : svg.index("</svg>")]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{_tight(shapes)}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def picture(drawing: str, pixels: int, whole: float) -> bytes:
    """A PNG; with `whole`, square and filled to the edge, the drawing shrunk into what every mask leaves."""
    svg = (SOURCE / "icons" / drawing).read_text()
    if whole:
        at = 256 * (1 - whole)
        shrunk = f'<g transform="translate({at} {at}) scale({whole})">'
        svg = svg.replace('rx="116"', "").replace('<g id="door">', shrunk)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=pixels, height=pixels))


def _modules() -> list[tuple[str, str]]:
    """Our scripts, each after those it imports."""
    waiting = {f"js/{path.name}": path.read_text() for path in sorted((SOURCE / "js").glob("*.js"))}
    ready: list[tuple[str, str]] = []
    while waiting:
        names = [n for n, text in waiting.items() if not any(f"js/{i}" in waiting for _, i in IMPORT.findall(text))]
        if not names:
            raise SystemExit(f"These scripts import each other in a circle: {', '.join(waiting)}")
        ready += [(name, waiting.pop(name)) for name in names]
    return ready


IMPORT = re.compile(r'((?:from|import) "\./)([\w-]+\.js)(?=")')


def _pointed(script: str, done: dict[str, str]) -> str:
    """Imports point at hashed names, so that a module and what it imports are always of one age."""
    return IMPORT.sub(lambda found: found[1] + done[f"js/{found[2]}"].removeprefix("js/"), script)


def _tight(svg: str) -> str:
    return re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", svg)).strip()


def _put(built: Path, name: str, content: bytes) -> str:
    stem, dot, kind = name.rpartition(".")
    hashed = f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{kind}"
    (built / hashed).parent.mkdir(parents=True, exist_ok=True)
    if kind != "png":
        _write(built / f"{hashed}.br", brotli.compress(content))
        _write(built / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
    _write(built / hashed, content)
    return hashed


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: whoever reads meanwhile sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _sweep(built: Path, wanted: set[str]) -> None:
    for path in built.rglob("*"):
        name = str(path.relative_to(built)).removesuffix(".br").removesuffix(".gz")
        if path.is_file() and name != "manifest.json" and name not in wanted:
            path.unlink()


if __name__ == "__main__":
    print(f"{len(build())} files in {BUILT.relative_to(ROOT)}")
