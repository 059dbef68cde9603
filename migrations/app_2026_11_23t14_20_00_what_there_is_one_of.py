from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import DB
from app.migrating import execute

ID = "2026-11-23T14:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Of some things there is one, and the audit is only ever added to"

INDEXES = (
    "CREATE UNIQUE INDEX one_deed_a_key ON deeds (person, key)",
    "CREATE UNIQUE INDEX one_tally_a_moment ON tallies (key, since)",
    "CREATE UNIQUE INDEX one_notice_a_key ON notices (person, key)",
    "CREATE UNIQUE INDEX one_known_device ON known_devices (person, fingerprint)",
    "CREATE UNIQUE INDEX one_open_acceptance ON acceptances (ask) WHERE ended_at IS NULL",
    "CREATE INDEX later_to_do ON later (run_at) WHERE done_at IS NULL",
)
ADD_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
        "CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
    ),
    "postgres": (
        "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$",
        "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()",
    ),
}
FORGET = {
    "sqlite": ("DROP TRIGGER audit_stays", "DROP TRIGGER audit_keeps"),
    "postgres": ("DROP TRIGGER audit_stays ON audit", "DROP FUNCTION audit_is_only_added_to"),
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*INDEXES, *ADD_ONLY[DB.engine_type])

    async def run_backwards():
        await execute(*FORGET[DB.engine_type], *[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES])

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
