from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28V10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A slot of something scarce has one owner"

INDEXES = (
    "CREATE UNIQUE INDEX one_owner_a_slot ON slots (thing, unit, slot)",
    "CREATE UNIQUE INDEX one_place_in_a_line ON waiting (queue, person, first, last) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_version_of_space_rules ON space_rules (space, version)",
    "CREATE UNIQUE INDEX one_opening_a_weekday ON space_openings (space, weekday, opens)",
    "CREATE UNIQUE INDEX one_special_day_each ON space_opening_days (space, day)",
    "CREATE UNIQUE INDEX one_line_of_booked_equipment ON booked_equipment (booking, equipment)",
    "CREATE INDEX bookings_by_time ON bookings (space, begins_at, ends_at)",
    "CREATE INDEX bookings_that_wait ON bookings (asked_at, id) WHERE stage = 'pending'",
    "CREATE INDEX bookings_of_a_household ON bookings (household, begins_at) WHERE stage IN ('pending', 'approved')",
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
