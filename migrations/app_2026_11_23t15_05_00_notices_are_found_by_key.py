from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-23T15:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What is no longer true is taken back from all who were told, by its key"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE INDEX notices_by_key ON notices (key) WHERE key IS NOT NULL")

    async def run_backwards():
        await execute("DROP INDEX notices_by_key")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
