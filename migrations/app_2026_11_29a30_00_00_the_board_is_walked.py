from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-29A30:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The board is walked in its order, whatever one looks for; a page's photo is found"

BEFORE = (
    "CREATE INDEX items_on_the_board ON items (category, id) WHERE state = 'offered'",
    "CREATE INDEX items_for_an_emergency ON items (id) WHERE state = 'offered' AND emergency",
)
# What is broken stands last, the newest first: app/features/sharing/rules/board.py.
INDEXES = (
    "CREATE INDEX items_on_the_board ON items ((condition = 'broken'), id DESC) WHERE state = 'offered'",
    "CREATE INDEX items_of_a_category ON items (category, (condition = 'broken'), id DESC) WHERE state = 'offered'",
    "CREATE INDEX items_of_a_building ON items (area, (condition = 'broken'), id DESC) WHERE state = 'offered'",
    "CREATE INDEX items_for_an_emergency ON items ((condition = 'broken'), id DESC) WHERE state = 'offered' AND emergency",
    "CREATE INDEX items_to_give_away ON items ((condition = 'broken'), id DESC) WHERE state = 'offered' AND kind = 'give'",
    "CREATE INDEX pictures_by_page ON pictures (page, id)",
)


def dropped(*indexes):
    return [f"DROP INDEX {sql.split(' ON ')[0].split()[-1]}" for sql in indexes]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(*dropped(*BEFORE), *INDEXES)

    async def run_backwards():
        await execute(*dropped(*INDEXES), *BEFORE)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
