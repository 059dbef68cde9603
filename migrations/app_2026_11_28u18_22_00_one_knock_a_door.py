from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28U18:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A door is knocked at once for each alert, whatever else its household needs"

LIVE = "WHERE stage IN ('open', 'taken', 'way')"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(
            "DROP INDEX one_need_of_a_kind",
            f"CREATE UNIQUE INDEX one_need_of_a_kind ON needs (household, kind, turn, origin) {LIVE}",
            "CREATE INDEX needs_by_origin ON needs (origin, stage)",
        )

    async def run_backwards():
        await execute(
            "DROP INDEX needs_by_origin",
            "DROP INDEX one_need_of_a_kind",
            f"CREATE UNIQUE INDEX one_need_of_a_kind ON needs (household, kind, turn) {LIVE}",
        )

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
