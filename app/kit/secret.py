"""The one secret of the installation: made at first need, kept in a file that only its owner reads."""

import os
import secrets
from functools import cache
from pathlib import Path


@cache
def secret(file: Path) -> bytes:
    """32 bytes. Of two processes that make it at once, both end up with the same one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        new = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(32))
        try:
            os.link(new, file)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return file.read_bytes()
