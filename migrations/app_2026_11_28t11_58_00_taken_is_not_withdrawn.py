from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T11:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "An announcement that officers took away was not withdrawn by its author: whether it had been is not known"
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("UPDATE announcements SET withdrawn_at = NULL WHERE taken")

    async def run_backwards():
        await execute("UPDATE announcements SET withdrawn_at = at WHERE taken AND withdrawn_at IS NULL")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
