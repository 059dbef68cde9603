from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T11:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What waits on a road is found by its haste"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("DROP INDEX deliveries_that_wait")
        await execute("CREATE INDEX deliveries_that_wait ON deliveries (by, haste, due_at) WHERE done_at IS NULL")

    async def run_backwards():
        await execute("DROP INDEX deliveries_that_wait")
        await execute("CREATE INDEX deliveries_that_wait ON deliveries (by, due_at) WHERE done_at IS NULL")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
