"""A fresh, migrated house for every test, on the engine that KITH_TEST_ENGINE names (sqlite or postgres)."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

ENGINE = os.environ.get("KITH_TEST_ENGINE", "sqlite")
# The same tries everywhere and every time, and none that fails because the machine was busy.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
FOLDER = Path(tempfile.mkdtemp(prefix="kith-test-"))
URLS = {"sqlite": lambda: f"sqlite:///{FOLDER / 'kith.db'}", "postgres": lambda: postgres.a_database(f"kith_{WORKER}")}

os.environ["KITH_DATA"] = str(FOLDER)
os.environ["KITH_DATABASE_URL"] = URLS[ENGINE]()

from app.db import DB, close_database, open_database  # noqa: E402
from app.db.postgres import Line  # noqa: E402
from app.kit.languages import language, speaking  # noqa: E402
from app.migrating import migrate  # noqa: E402

EMPTY = """
CREATE FUNCTION pg_temp.empty_the_house() RETURNS void LANGUAGE plpgsql AS $$
DECLARE it record; used boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no foreign keys, no triggers
    FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', it.tablename) INTO used;
        IF used THEN EXECUTE format('DELETE FROM %I', it.tablename); END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename), 1, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'migration_id_seq';
END $$
"""


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory):
    """What sets the house back to its first morning: a copy of the migrated file, or a sweep of the server."""
    await migrate()
    await close_database()
    if DB.engine_type == "sqlite":
        template = tmp_path_factory.mktemp("template") / "kith.db"
        shutil.move(DB.path, template)
        yield template
    else:
        sweeper = await DB.get_new_connection()
        await sweeper.execute(EMPTY)
        yield sweeper
        await sweeper.close()


@pytest.fixture
def sweep(migrated, tmp_path):
    """`await sweep()`: the first morning again, in the middle of a test too."""

    async def swept() -> None:
        (FOLDER / "erased.txt").unlink(missing_ok=True)
        if DB.engine_type == "sqlite":
            await close_database()
            DB.path = str(tmp_path / "kith.db")
            shutil.copyfile(migrated, DB.path)
        else:
            await open_database()
            await migrated.execute("SELECT pg_temp.empty_the_house()")

    return swept


@pytest.fixture(autouse=True)
def in_english():
    """Whatever was spoken in the test before."""
    speaking.set(language("en"))


@pytest.fixture(autouse=True)
async def database(sweep):
    await sweep()
    return DB


@pytest.fixture(scope="session")
def app():
    from app.asgi import create_app

    return create_app()


@pytest.fixture
async def browser(app, database):
    """A phone that nobody signed in on. It behaves like a browser: its own pages are its own site."""
    from litestar.testing import AsyncTestClient

    from app.kit.changes import Watcher

    if DB.engine_type == "sqlite":
        await close_database()  # what is read at once belongs to one thread, here the client's
    async with AsyncTestClient(app) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        app.state.watcher = Watcher()
        await app.state.watcher.stop()  # its streams end at once: this client waits for the end of every answer
        yield client


@pytest.fixture
def sign_in(browser):
    """`await sign_in(person)`: the same phone, now that person's, who has shown a second factor if they have one."""
    from app.features.accounts.rules.signing_in import Place, open_door
    from app.kit.clock import now

    async def as_(person):
        key = await open_door(person.id, place=Place("192.0.2"), now=now(), second=True)
        browser.cookies.clear()
        browser.cookies.set("key", key.token)
        return browser

    return as_


@pytest.fixture
def queries(monkeypatch):
    """Every statement that goes to the database from here on: `queries.clear()`, ask for a page, `len(queries)`."""
    asked: list[str] = []

    def listen(at, road, many=False):
        whole = getattr(at, road)

        async def noted(self, sql, args, *more, **named):
            asked.extend([sql] * (len(args) if many else 1))
            return await whole(self, sql, args, *more, **named)

        monkeypatch.setattr(at, road, noted)

    listen(type(DB), "fetch")
    if DB.engine_type == "postgres":  # SQLite asks all of it there
        listen(Line, "fetch")
        listen(type(DB), "fetch_each", many=True)
    return asked
