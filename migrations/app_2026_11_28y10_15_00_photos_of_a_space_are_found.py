from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28Y10:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Photos that are nobody's are found by their page"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE INDEX pictures_of_a_page ON pictures (page) WHERE owner = 0")

    async def run_backwards():
        await execute("DROP INDEX pictures_of_a_page")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
