from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import DB
from app.migrating import execute

ID = "2026-11-28T08:48:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "One reading, one open report and one block a person; the audit is found by whom and by when, and not emptied"
)

INDEXES = (
    "CREATE UNIQUE INDEX one_reading_each ON announcement_readings (announcement, person)",
    "CREATE UNIQUE INDEX one_open_report ON reports (reporter, kind, thing) WHERE closed_at IS NULL",
    "CREATE INDEX reports_that_wait ON reports (id) WHERE closed_at IS NULL",
    "CREATE UNIQUE INDEX one_block ON blocks (person, blocked)",
    "CREATE INDEX audit_by_whom ON audit (who)",
    "CREATE INDEX audit_by_when ON audit (at)",
)
NOT_EMPTIED = (
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*INDEXES)
        if DB.engine_type == "postgres":  # SQLite has no TRUNCATE
            await execute(NOT_EMPTIED)

    async def run_backwards():
        if DB.engine_type == "postgres":
            await execute("DROP TRIGGER audit_is_not_emptied ON audit")
        await execute(*[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES])

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
