"""What commands share that read a file: the operator's language, and the file or a sentence."""

import os
from pathlib import Path

from app.kit.languages import Language, language, preferred
from app.kit.refusals import Refusal
from app.kit.words import say


def terminal_tongue() -> Language:
    """The operator's own, as the terminal says it."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return language(preferred(spoken.partition(".")[0].replace("_", "-")))


def content_of(file: Path, *, largest: int) -> bytes:
    """Raises Refusal."""
    try:
        if file.stat().st_size > largest:
            raise Refusal(say("%(file)s is larger than any list we take.", file=str(file)))
        return file.read_bytes()
    except OSError as broken:
        raise Refusal(say("%(file)s: %(reason)s", file=str(file), reason=broken.strerror or "")) from None
