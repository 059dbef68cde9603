from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28X10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Everybody answers an event once, and takes a part once"

INDEXES = (
    "CREATE UNIQUE INDEX one_answer_to_an_event ON event_answers (event, person)",
    "CREATE UNIQUE INDEX one_host_of_an_event ON event_hosts (event, person)",
    "CREATE UNIQUE INDEX one_hand_for_a_part ON event_hands (part, person)",
    "CREATE UNIQUE INDEX one_word_about_an_event ON event_feedback (event, person)",
    "CREATE INDEX events_to_come ON events (ends_at, begins_at) WHERE stage <> 'cancelled'",
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
