"""The database: which engine, and the only door through which anything is written."""

from piccolo.conf.apps import AppRegistry

from app.db.doors import UNFIT, Clash, Needed, first_in_transaction, held, writing
from app.db.engine import DB
from app.db.gathering import Gathering
from app.db.prepared import Prepared, prepared, prepared_sql, unseen
from app.db.rows import Nothing
from app.db.slots import one_of

APP_REGISTRY = AppRegistry(apps=["app.piccolo_app"])

__all__ = [
    "APP_REGISTRY",
    "DB",
    "UNFIT",
    "Clash",
    "Gathering",
    "Needed",
    "Nothing",
    "Prepared",
    "close_database",
    "first_in_transaction",
    "held",
    "one_of",
    "open_database",
    "overwrite_deleted",
    "prepared",
    "prepared_sql",
    "unseen",
    "writing",
]


async def open_database() -> None:
    """Before the first request or job of a process (after any fork): one slow start instead of a slow neighbour."""
    await DB.open()


async def overwrite_deleted() -> None:
    """After an erasure: no page of the database's files holds what was deleted, as far as that is in our hands."""
    await DB.overwrite()


async def close_database() -> None:
    await DB.close()
