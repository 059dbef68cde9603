from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-29A40:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A label is found by the letters that people type, and no two begin with the same"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE UNIQUE INDEX one_code_a_label ON items (substr(label, 1, 8))")

    async def run_backwards():
        await execute("DROP INDEX one_code_a_label")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
