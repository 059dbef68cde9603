from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28U18:23:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Home reads the few most urgent needs, and not all that are open"

RANK = "(CASE urgency WHEN 'critical' THEN 0 WHEN 'urgent' THEN 1 WHEN 'soon' THEN 2 WHEN 'everyday' THEN 3 END)"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(f"CREATE INDEX needs_by_urgency ON needs (stage, among, {RANK}, asked_at, id)")

    async def run_backwards():
        await execute("DROP INDEX needs_by_urgency")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
