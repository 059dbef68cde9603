from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T14:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "An alert reaches a person once, ends once, and knocks at a door once"

INDEXES = (
    "CREATE UNIQUE INDEX one_recipient_each ON alert_recipients (alert, person)",
    "CREATE INDEX recipients_by_door ON alert_recipients (alert, area, household, answer, first)",
    "CREATE INDEX recipients_without_answer ON alert_recipients (alert, id) WHERE answer = ''",
    "CREATE UNIQUE INDEX one_end_of_an_alert ON alert_messages (alert) "
    "WHERE type IN ('all_clear', 'false_alarm', 'expired')",
    "CREATE INDEX messages_to_tell ON alert_messages (id) WHERE told_at IS NULL",
    "CREATE UNIQUE INDEX one_knock_a_door ON alert_needs (alert, household) WHERE knock",
    "CREATE UNIQUE INDEX one_open_objection_each ON alert_objections (measure, person) WHERE answered_at IS NULL",
    "CREATE INDEX alerts_by_stage ON alerts (stage, until_at)",
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
