from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-23T14:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A person holds a role once, is a member once, and an area's name is its own among its siblings"

INDEXES = (
    "CREATE UNIQUE INDEX one_role_held ON roles (person, kind, COALESCE(area, 0)) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_open_membership ON memberships (person, household) WHERE until_on IS NULL",
    "CREATE UNIQUE INDEX one_area_a_name ON areas (COALESCE(parent, 0), kind, name)",
    "CREATE INDEX notices_of_a_person ON notices (person, id)",
    "CREATE INDEX unread_notices ON notices (person) WHERE read_at IS NULL",
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
