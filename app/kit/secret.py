"""What the installation makes for itself at first need and keeps in files that only their owner reads."""

import os
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path


@cache
def secret(file: Path) -> bytes:
    """32 bytes, the one secret from which the house derives its keys."""
    return made_once(file, lambda: secrets.token_bytes(32))


def made_once(file: Path, make: Callable[[], bytes]) -> bytes:
    """Of two processes that make it at once, both end up with the same."""
    if not file.exists():
        new = written_aside(file, make())
        try:
            os.link(new, file)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return file.read_bytes()


def written_aside(file: Path, content: bytes) -> Path:
    """Whole, beside its place: whoever reads `file` meanwhile never finds half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    return new
