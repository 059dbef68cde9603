from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-28U18:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A hold has an end, a report can be read outside, a lifeline can be put back"

COLUMNS: tuple[tuple[str, str, str, type[Any]], ...] = (
    ("Alert", "alerts", "hold_until_at", Timestamptz),
    ("Alert", "alerts", "report_public_at", Timestamptz),
    ("Alert", "alerts", "report_public_by", Integer),
    ("Lifeline", "lifelines", "gone_at", Timestamptz),
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)
    for table, tablename, name, kind in COLUMNS:
        manager.add_column(
            table_class_name=table,
            tablename=tablename,
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params={
                "default": None,
                "null": True,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
            },
            schema=None,
        )
    return manager
