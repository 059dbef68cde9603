from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T11:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "One delivery for each notice, road and device; what waits is found at once; what was told before rings nobody"
)

INDEXES = (
    "CREATE UNIQUE INDEX one_delivery ON deliveries (notice, by, device)",
    "CREATE INDEX deliveries_that_wait ON deliveries (by, due_at) WHERE done_at IS NULL",
    "CREATE INDEX deliveries_together ON deliveries (lead) WHERE lead IS NOT NULL",
    "CREATE INDEX notices_to_spread ON notices (id) WHERE spread_at IS NULL",
    "CREATE UNIQUE INDEX one_road_each ON roads_that_worked (person, by)",
    "CREATE UNIQUE INDEX one_choice_each ON notice_choices (person, topic, by)",
    "CREATE UNIQUE INDEX one_post_each ON group_posts (robot, key)",
    "CREATE INDEX posts_that_wait ON group_posts (due_at) WHERE done_at IS NULL",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute("UPDATE notices SET spread_at = made_at WHERE spread_at IS NULL")
        await execute(*INDEXES)

    async def run_backwards():
        await execute(*[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES])

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
