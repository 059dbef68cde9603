"""Where Piccolo and its command line look (PICCOLO_CONF=app.piccolo_conf)."""

from app.db import APP_REGISTRY, DB

__all__ = ["APP_REGISTRY", "DB"]
