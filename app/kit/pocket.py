"""What somebody can read without a network: `in_pocket(by, now=…)` in a feature's rules gives its few pages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kit.words import Sentence


@dataclass(frozen=True)
class InPocket:
    """The page at `path` as a block of its own: a template and what it shows. After `until` no phone shows it."""

    path: str
    title: Sentence | str
    template: str
    shows: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None
