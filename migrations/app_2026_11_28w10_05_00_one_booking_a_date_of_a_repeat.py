from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28W10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A date of a repeat is one booking"

INDEXES = (
    "CREATE UNIQUE INDEX one_booking_a_date_of_a_series ON bookings (series, due_on) WHERE series IS NOT NULL",
    "CREATE INDEX bookings_of_a_series ON bookings (series, begins_at) WHERE series IS NOT NULL",
    "CREATE INDEX series_that_wait ON booking_series (asked_at, id) WHERE stage = 'pending'",
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
