from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28U10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What was told before of one thread is found"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE INDEX notices_of_a_thread ON notices (thread, person) WHERE thread IS NOT NULL")

    async def run_backwards():
        await execute("DROP INDEX notices_of_a_thread")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
