from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T07:47:33:391515"
VERSION = "1.38.0"
DESCRIPTION = "A role has one stand-in at a time, one absence, one deputy, and one open proposal of each kind"

# Those who stand in have an index of their own: the same person may hold a role and stand in for another's.
HELD = "CREATE UNIQUE INDEX one_role_held ON roles (person, kind, COALESCE(area, 0)) WHERE ended_at IS NULL"
INDEXES = (
    "CREATE UNIQUE INDEX one_stand_in ON roles (stands_in_for) WHERE ended_at IS NULL AND stands_in_for IS NOT NULL",
    "CREATE UNIQUE INDEX one_open_absence ON absences (role) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_deputy ON deputies (role) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_open_proposal ON proposals (role, task) WHERE answered_at IS NULL",
    "CREATE INDEX open_proposals_to ON proposals (person) WHERE answered_at IS NULL",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("DROP INDEX one_role_held", HELD + " AND stands_in_for IS NULL", *INDEXES)

    async def run_backwards():
        names = [sql.split(" ON ")[0].split()[-1] for sql in INDEXES]
        await execute(*[f"DROP INDEX {name}" for name in (*names, "one_role_held")], HELD)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
