from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import DB
from app.kit.search import Index
from app.migrating import execute

ID = "2026-11-23T14:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Neighbours are found by words and listings; one open ask for a skill, one call a neighbour"

WORDS = Index("neighbour_words")
INDEXES = (
    "CREATE UNIQUE INDEX one_open_ask ON asks (asker, skill) WHERE stage IN ('open', 'proposed')",
    "CREATE INDEX asks_for_anybody ON asks (id) WHERE stage = 'open' AND skill IS NULL",
    "CREATE INDEX asks_typed_for_others ON asks (acted_by) WHERE acted_by <> asker",
    "CREATE UNIQUE INDEX one_call_each ON called (ask, person)",
    "CREATE UNIQUE INDEX one_listing_each ON listings (person, under)",
    "CREATE INDEX listings_newest ON listings (under, newest_at DESC, person DESC)",
    "CREATE INDEX listings_of_a_building ON listings (under, building, newest_at DESC, person DESC)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*INDEXES, *WORDS.create_sql(DB.engine_type))

    async def run_backwards():
        await execute(
            f"DROP TABLE {WORDS.name}", *[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES]
        )

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
