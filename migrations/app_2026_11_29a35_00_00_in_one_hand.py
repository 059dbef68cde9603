from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-29A35:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Nothing is in two hands at once; the photos of a loan are found"

INDEXES = (
    "CREATE UNIQUE INDEX one_hand_at_a_time ON loans (item) WHERE stage = 'out'",
    "CREATE INDEX pictures_of_somebody ON pictures (page) WHERE owner > 0",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*INDEXES)

    async def run_backwards():
        await execute(*[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES])

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
