"""The same page in plain Django: its own packages, our rows, our words."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.config import ROOT
from bench.kit.houses import Running
from tests.command_line import free_port, until

HOME = ROOT / "bench" / "peers" / "django"
VENV = ROOT / "build" / "peers" / "django"


def programs() -> None:
    """gunicorn and Django, pinned, in an environment of their own."""
    stamp, wanted = VENV / ".done", (HOME / "requirements.txt").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("bench: Django's packages, once", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [VENV / "bin" / "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", HOME / "requirements.txt"], check=True)
    stamp.write_text(wanted)


class Peer(Running):
    def __init__(self, folder: Path, database: str) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
        super().__init__(folder, free_port(), plain | {"PEER_FOLDER": str(folder), "PEER_DATABASE": database})
        folder.mkdir()
        files = json.loads((ROOT / "build" / "static" / "manifest.json").read_text())["files"]
        (folder / "static.json").write_text(json.dumps(files))
        words = folder / "locale" / "zh_Hans" / "LC_MESSAGES"
        words.mkdir(parents=True)
        with (
            (ROOT / "app" / "locale" / "zh_Hans" / "LC_MESSAGES" / "messages.po").open("rb") as ours,
            (words / "django.mo").open("wb") as theirs,
        ):
            write_mo(theirs, read_po(ours))

    def load(self, export: Path, viewer: int) -> None:
        command = [VENV / "bin" / "python", "load.py", str(export), str(viewer)]
        told = subprocess.run(command, cwd=HOME, env=self.env, capture_output=True, text=True)
        if told.returncode:
            raise SystemExit(told.stderr)
        self.cookie = told.stdout.strip()

    @contextmanager
    def open(self):
        """One sync worker: gunicorn's own default."""
        command = [VENV / "bin" / "gunicorn", "-b", f"127.0.0.1:{self.port}", "-w1", "--no-control-socket", "peer.wsgi"]
        with self.running(command, cwd=HOME):
            until(lambda: self.page("/neighbours").status == 200, seconds=60)
            yield self
