"""Every migration of ours meets a house in which somebody lives already."""

from datetime import UTC, date, datetime
from typing import Any

from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.columns import JSON, Boolean, Column, Date, ForeignKey, Timestamptz
from piccolo.table import Table, sort_table_classes

from app import migrating
from app.db.rebuilding import as_described
from app.piccolo_app import APP_CONFIG
from tests import bare

SOMETHING = {Boolean: True, Date: date(2026, 1, 1), Timestamptz: datetime(2026, 1, 1, tzinfo=UTC), JSON: "{}"}


async def test_every_migration_runs_with_a_row_in_every_table_and_none_is_lost(tmp_path):
    async with bare.moved_into(await bare.address(tmp_path)):
        for name in sorted(migrating.modules()):
            await migrating.run(name)
            for table in await tables_after(name):
                if not await table.exists():
                    await table.insert(a_row(table))

        assert await migrating.pending() == []
        for table in APP_CONFIG.table_classes:
            assert await table.select(table._meta.primary_key) == [{"id": 1}], table


async def tables_after(name: str) -> list[type[Table]]:
    managers = await BaseMigrationManager().get_migration_managers(APP_CONFIG, max_migration_id=name)
    return sort_table_classes([as_described(table) for table in SchemaSnapshot(managers).get_snapshot()])


def a_row(table: type[Table]) -> Table:
    return table(**{column._meta.name: a_value(column) for column in table._meta.columns})


def a_value(column: Column) -> Any:
    if isinstance(column, ForeignKey):
        return None if column._meta.params["references"] == "self" else 1
    if column._meta.primary_key:
        return 1
    return SOMETHING.get(type(column), "x" if issubclass(column.value_type, str) else 1)
