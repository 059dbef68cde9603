from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-29G10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Each thing is asked for once in an alert"

INDEX = "CREATE UNIQUE INDEX one_ask_for_a_thing_in_an_alert ON alert_things (alert, item)"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(INDEX)

    async def run_backwards():
        await execute("DROP INDEX one_ask_for_a_thing_in_an_alert")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
