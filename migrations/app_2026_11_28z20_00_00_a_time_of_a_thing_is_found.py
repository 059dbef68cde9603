from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28Z20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "What is taken of a thing in some week is found without all other weeks: the same promise in another order"
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(
            "DROP INDEX one_owner_a_slot", "CREATE UNIQUE INDEX one_owner_a_slot ON slots (thing, slot, unit)"
        )

    async def run_backwards():
        await execute(
            "DROP INDEX one_owner_a_slot", "CREATE UNIQUE INDEX one_owner_a_slot ON slots (thing, unit, slot)"
        )

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
