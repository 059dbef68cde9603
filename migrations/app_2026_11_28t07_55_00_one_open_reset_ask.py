from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T07:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One open ask for an officer's reset at a time"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE UNIQUE INDEX one_open_reset_ask ON reset_asks (person) WHERE ended_at IS NULL")

    async def run_backwards():
        await execute("DROP INDEX one_open_reset_ask")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
