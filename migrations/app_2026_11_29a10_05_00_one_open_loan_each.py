from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kit.search import Index
from app.db import DB
from app.migrating import execute

ID = "2026-11-29A10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Nobody asks twice at once for the same days; what is on the board is found"

INDEXES = (
    "CREATE UNIQUE INDEX one_keeper_of_an_item ON item_keepers (item, person)",
    "CREATE UNIQUE INDEX one_open_ask_for_an_item ON loans (item, borrower, COALESCE(first_on, '2000-01-01')) "
    "WHERE stage IN ('asked', 'accepted', 'out')",
    "CREATE UNIQUE INDEX one_answer_to_a_search ON item_search_answers (search, person)",
    "CREATE INDEX items_on_the_board ON items (category, id) WHERE state = 'offered'",
    "CREATE INDEX items_for_an_emergency ON items (id) WHERE state = 'offered' AND emergency",
    "CREATE INDEX gifts_that_end ON items (until_at) WHERE state = 'offered' AND until_at IS NOT NULL",
    "CREATE INDEX loans_that_are_out ON loans (due_on) WHERE stage = 'out'",
    "CREATE INDEX loans_that_wait ON loans (until_at) WHERE stage = 'asked'",
    "CREATE INDEX open_item_searches ON item_searches (category, id) WHERE stage = 'open'",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*INDEXES, *Index("item_words").create_sql(DB.engine_type))

    async def run_backwards():
        await execute("DROP TABLE item_words", *[f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in INDEXES])

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
