from typing import Any

PAGES: tuple[Any, ...] = ()
