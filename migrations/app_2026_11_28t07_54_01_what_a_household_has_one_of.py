from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T07:54:01:418874"
VERSION = "1.38.0"
DESCRIPTION = "One audience for each field, one key holder at a time"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(
            "CREATE UNIQUE INDEX one_audience_of_a_person ON audiences (person, field) WHERE person IS NOT NULL"
        )
        await execute(
            "CREATE UNIQUE INDEX one_audience_of_a_household ON audiences (household, field) WHERE household IS NOT NULL"
        )
        await execute("CREATE UNIQUE INDEX one_key_holder ON key_holdings (household) WHERE ended_at IS NULL")

    async def run_backwards():
        for index in ("one_audience_of_a_person", "one_audience_of_a_household", "one_key_holder"):
            await execute(f"DROP INDEX {index}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
