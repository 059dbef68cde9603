from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import DB
from app.migrating import execute

ID = "2026-11-28T12:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Words of asks that officers had decided to take away, and that stood there all the same, go now"

BOTH = {"sqlite": "json_array(words, times)", "postgres": "CAST(json_build_array(words, times) AS text)"}
DECIDED = (
    "SELECT max(at) FROM decisions WHERE kind = 'ask' AND thing = asks.id AND measure = 'taken' AND over_at IS NULL"
)
TAKE = (
    "UPDATE asks SET taken_words = {both}, words = '…', times = '', taken_at = ({decided}) "
    "WHERE taken_at IS NULL AND words <> '' AND ({decided}) IS NOT NULL"
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def run():
        await execute(TAKE.format(both=BOTH[DB.engine_type], decided=DECIDED))

    manager.add_raw(run)
    return manager
