"""Thirty days after an alert its personal data are gone, to the last byte; what stays names nobody (E 53)."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import house
from app.config import settings
from app.db import DB
from app.features.alerts import rules
from app.features.alerts.rules.destroying import DESTROYED_AFTER, purge
from app.features.alerts.rules.measures import Measured, Power, take_measure
from app.features.alerts.rules.objecting import answer_objection, object_to
from app.features.alerts.rules.showing import said_of
from app.features.alerts.rules.tallying import figures_of
from app.features.alerts.tables import Alert, AlertNeed, Answer, Category, Objection, Recipient, Said
from app.features.help import rules as needs
from app.features.help.rules.kinds import LABELS
from app.features.help.tables import Need, Stage, What
from app.features.notices.tables import By, Delivery, Fate, Notice
from app.kit.tables import AuditRow, Picture
from tests import canary, postgres
from tests.alerting import a_coordinator, an_alert, run
from tests.canary import a_photo
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OVER = NOON + DESTROYED_AFTER + 2 * DAY
# Said and shown in the alert by those it was for, and by those who helped.
SUNG = ("zzanswer", "zzword", "zzproxy", "zzobject", "zzdetails")


async def an_incident():
    """Somebody needed help and got it, somebody was answered for, somebody objected; it is over since yesterday."""
    area = await an_area(name="7")
    home = await a_household(area=area, address="7-1")
    lin, ana = await a_person(home=home, name="Lin"), await a_person(home=home, name="Ana", phone="+8613800138000")
    ben, by, boss = await a_person(name="Ben"), await a_coordinator(), await an_administrator()
    alert = await an_alert(by=by, areas=(area.id,))
    at = NOON + MINUTE
    said = {"words": "zzanswer on the stairs", "photo": a_photo(), "what": What.transport}
    await rules.answer(alert, ana.id, Answer.help, by=ana, now=at, **said)
    await rules.answer(alert, lin.id, Answer.safe, words="zzproxy", by=lin, now=at)
    [row] = await AlertNeed.select(AlertNeed.need).where(AlertNeed.alert == alert)
    need = row["need"]
    await needs.speak(need, "zzword: which floor?", by=ben, now=at)
    await needs.take(need, by=ben, now=at)
    await needs.speak(need, "zzdetails: the blue door", by=ana, now=at)
    measure = await take_measure(alert, Measured(Power.gate, "The gate", "The main", NOON + 60 * MINUTE), by=by, now=at)
    objection = await object_to(measure, "zzobject: my mother", by=lin, now=at)
    await answer_objection(objection, "It opens at two.", by=boss, now=at)
    told = await Notice.select(Notice.id).where(Notice.person == ana.id).order_by(Notice.id).first()
    went = Delivery(notice=told["id"], by=By.email, fate=Fate.accepted, due_at=NOON, done_at=at)
    await went.save()
    await rules.all_clear(alert, by=by, now=NOON + 30 * MINUTE)
    await run(NOON + 45 * MINUTE)
    return alert, need, ben, ana


async def finished(need, ben, ana):
    await needs.complete(need, by=ben, now=NOON + 20 * MINUTE)
    await needs.confirm(need, by=ana, now=NOON + 25 * MINUTE)


async def test_before_the_destruction_every_word_is_found():
    """So that silence afterwards means something."""
    await an_incident()
    assert {word for _, word in await sung()} == set(SUNG)
    if DB.engine_type == "sqlite":
        assert {word for _, word in in_files(the_files())} == set(SUNG)


async def test_E53_after_thirty_days_the_incident_is_gone_from_every_table_and_file_and_that_is_noted():
    alert, need, ben, ana = await an_incident()
    await finished(need, ben, ana)
    [token] = [row["token"] for row in await Picture.select(Picture.token)]

    await house.tidy(NOON + DESTROYED_AFTER)
    assert await Recipient.count() > 0, "not a day too early"
    await house.tidy(OVER)

    assert await sung() == set()
    for table in (Recipient, Said, AlertNeed, Need, Objection, Delivery, Picture):
        assert await table.count() == 0, table
    assert not await Notice.exists().where(Notice.thread == f"alert:{alert}")
    assert not await Notice.exists().where(Notice.path.like(f"/alerts/{alert}%"))
    assert not list((settings().data / "uploads").rglob(f"{token}*"))
    assert in_files(settings().data.rglob("*")) == set()
    [row] = await AuditRow.select().where(AuditRow.did == "incident destroyed")
    assert (row["about"], row["who"], row["fields"]) == (f"alert:{alert}", None, "[]")


@pytest.mark.skipif(DB.engine_type != "sqlite", reason="the files of SQLite")
async def test_no_byte_of_the_file_or_its_log_still_holds_a_word():
    _, need, ben, ana = await an_incident()
    await finished(need, ben, ana)
    await house.tidy(OVER)
    assert in_files(the_files()) == set()


@pytest.mark.skipif(DB.engine_type == "sqlite", reason="the files of PostgreSQL")
async def test_no_word_is_left_in_a_dump_or_in_the_files_after_the_vacuum():
    _, need, ben, ana = await an_incident()
    await finished(need, ben, ana)
    assert {word for word in SUNG if word in dumped()} == set(SUNG)
    await house.tidy(OVER)

    assert {word for word in SUNG if word in dumped()} == set()
    folder = await data_folder()
    server = await DB.get_new_connection()
    await nobody_sees_the_past(server)
    # Some of the tables are all databases' of this server, and another test may be at them for long.
    for statement in ("SET lock_timeout = 0", "VACUUM FULL", "CHECKPOINT"):
        await server.execute(statement)
    if os.access(folder, os.R_OK):
        assert in_files(inside(folder)) == set()
    await server.close()


async def test_a_need_that_somebody_still_waits_for_goes_on_and_says_no_word_of_the_emergency():
    _, need, ben, _ = await an_incident()

    await house.tidy(OVER)

    assert await sung() == set()
    row = await Need.objects().get(Need.id == need)
    assert (row.words, row.details, row.photo) == (LABELS[What.transport].words, "", "") and row.stage in (
        Stage.taken,
        Stage.done,
    )
    assert (await needs.whole(need, by=ben, now=OVER)).need.words == row.words


async def test_where_money_is_owed_the_need_stays_until_it_is_settled_and_says_its_kind_only():
    _, need, ben, ana = await an_incident()
    await finished(need, ben, ana)
    owed: dict[Any, Any] = {Need.spent_cents: 500, Need.receipt: "x" * 43}
    await Need.update(owed).where(Need.id == need)

    await house.tidy(OVER)

    row = await Need.objects().get(Need.id == need)
    assert (row.words, row.spent_cents, row.receipt) == (LABELS[What.transport].words, 500, "x" * 43)
    assert await sung() == set() and await AlertNeed.count() == 0


async def test_what_stays_are_numbers_in_fives():
    """Eleven doors, two of which answered with a need: nobody can be picked out any more."""
    area = await an_area(name="7")
    people = [await a_person(home=await a_household(area=area)) for _ in range(11)]
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(area.id,))
    for minute, each in enumerate(people[:7]):
        answer = Answer.help if minute < 2 else Answer.safe
        await rules.answer(alert, each.id, answer, by=each, now=NOON + minute * MINUTE)
    await rules.all_clear(alert, by=by, now=NOON + 60 * MINUTE)
    exact = await figures_of(await Alert.objects().get(Alert.id == alert))
    assert (exact.homes, exact.in_the_end("answered"), exact.states["help"], exact.needs.needs) == (11, 7, 2, 2)

    await purge(OVER)

    kept = await figures_of(await Alert.objects().get(Alert.id == alert))
    assert kept.blurred and (kept.homes, kept.answered) == (10, [(4, 5)])
    assert (kept.states, kept.needs.needs, kept.needs.taken_in) == ({"help": 0, "safe": 5, "silent": 0}, 0, None)
    assert [(each.name, each.homes, each.answered) for each in kept.areas] == [("7", 10, 5)]


async def test_of_somebody_who_was_missing_no_word_stays_either():
    """How they looked and where they were last seen stands in what was said to everybody."""
    words = {"zh-Hans": "请留意：zzmissing，灰色外套", "en": "Please look out: zzmissing, a grey coat"}
    by = await a_coordinator()
    alert = await an_alert(by=by, category=Category.missing, headlines=words, bodies=words)
    await rules.update(alert, words, words, by=by, now=NOON + MINUTE)
    await rules.all_clear(alert, words, words, by=by, now=NOON + DAY / 8)
    await run(NOON + DAY / 8)
    assert any(["zzmissing" in await canary.whole(table) for table in await canary.tables()])

    await house.tidy(OVER)

    assert [table for table in await canary.tables() if "zzmissing" in await canary.whole(table)] == []
    row = await Alert.objects().get(Alert.id == alert)
    assert rules.headline_of(row).typed == {"zh-Hans": "寻人", "en": "Missing person"}
    assert len(await said_of(alert)) == 3


async def test_killed_in_the_middle_the_next_round_goes_on_with_it(monkeypatch):
    alert, *_ = await an_incident()

    async def dies(*_, **__):
        raise OSError("power cut")

    monkeypatch.setattr("app.features.alerts.rules.destroying.help.empty", dies)
    with pytest.raises(OSError, match="power cut"):
        await purge(OVER)
    assert await Recipient.count() > 0 and await AuditRow.count().where(AuditRow.did == "incident destroyed") == 0
    monkeypatch.undo()
    await purge(OVER)
    assert await sung() == set()
    await purge(OVER)
    assert await AuditRow.count().where(AuditRow.did == "incident destroyed") == 1
    assert (await Alert.objects().get(Alert.id == alert)).destroyed_at == OVER


async def sung() -> set[tuple[str, str]]:
    return {(table, word) for table in await canary.tables() for word in SUNG if word in await canary.whole(table)}


def inside(folder: str):
    return Path(folder).rglob("*")


def the_files():
    return Path(DB.path).parent.iterdir()


def in_files(paths) -> set[tuple[str, str]]:
    files = [path for path in paths if path.is_file()]
    return {(path.name, word) for path in files for word in SUNG if word.encode() in path.read_bytes()}


def dumped() -> str:
    command = [postgres.binary("pg_dump"), os.environ["KITH_DATABASE_URL"]]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


async def nobody_sees_the_past(server) -> None:
    """VACUUM FULL keeps what we deleted while somebody may still see it.

    That is whoever began before, in any database, and whoever looks at how things stood then, as the server's own
    ANALYZE does.
    """
    ours = await server.fetchval("SELECT pg_current_xact_id()::text::bigint")
    still = """SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint <= $1 OR EXISTS (
        SELECT FROM pg_stat_activity WHERE backend_xmin::text::bigint <= $1 AND pid <> pg_backend_pid())"""
    while await server.fetchval(still, ours):
        await server.execute("SELECT pg_sleep(0.1)")


async def data_folder() -> str:
    """Where this database's own tables lie."""
    [row] = await DB.fetch(
        "SELECT current_setting('data_directory') || '/base/' || oid AS folder FROM pg_database "
        "WHERE datname = current_database()",
        (),
    )
    return str(row["folder"])
