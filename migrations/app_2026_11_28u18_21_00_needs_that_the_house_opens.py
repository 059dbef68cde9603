from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-28U18:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Needs that the house opens"

USUAL = {
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)
    for name, length in (("origin", 40), ("among", 10), ("page", 80)):
        manager.add_column(
            table_class_name="Need",
            tablename="needs",
            column_name=name,
            db_column_name=name,
            column_class_name="Varchar",
            column_class=Varchar,
            params={"length": length, "default": "", "null": False, **USUAL},
            schema=None,
        )
    manager.add_column(
        table_class_name="Need",
        tablename="needs",
        column_name="sentence",
        db_column_name="sentence",
        column_class_name="JSON",
        column_class=JSON,
        params={"default": None, "null": True, **USUAL},
        schema=None,
    )
    return manager
