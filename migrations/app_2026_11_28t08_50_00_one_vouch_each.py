from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T08:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One standing vouch of each neighbour for each newcomer"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("CREATE UNIQUE INDEX one_standing_vouch ON vouches (person, voucher) WHERE ended_at IS NULL")

    async def run_backwards():
        await execute("DROP INDEX one_standing_vouch")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
