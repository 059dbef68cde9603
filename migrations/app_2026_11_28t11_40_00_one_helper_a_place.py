from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.migrating import execute

ID = "2026-11-28T11:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One helper a place, one place a helper, one need of a kind a household and turn, one voice each"

INDEXES = (
    "CREATE UNIQUE INDEX one_helper_a_place ON takings (need, place) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_place_a_helper ON takings (need, helper) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX one_need_of_a_kind ON needs (household, kind, turn) WHERE stage IN ('open', 'taken', 'way')",
    "CREATE UNIQUE INDEX one_voice_each ON need_voices (need, person)",
    "CREATE INDEX needs_by_stage ON needs (stage, asked_at)",
    "CREATE INDEX needs_by_who_typed ON needs (acted_by)",
    "CREATE INDEX needs_by_end ON needs (settled_at)",
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
