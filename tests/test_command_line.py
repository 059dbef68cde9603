"""The command line as an operator meets it: 0 done, 1 refused with one line, 2 not understood. Never a traceback."""

import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.config import VERSION
from tests.command_line import a_place, kith
from tests.ports import free_port

VERBS = ["serve", "worker", "migrate", "seed", "import", "export", "backup", "restore", "doctor", "vapid", "user"]


pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path):
    return a_place(tmp_path / "house")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on standard error."""
    assert done.returncode == 1 and done.stdout == "", done
    [line] = done.stderr.splitlines()
    return line


def test_the_version_is_that_of_the_package():
    assert tomllib.loads(Path("pyproject.toml").read_text())["project"]["version"] == VERSION


def test_help_is_everywhere_and_lists_every_verb(place):
    whole = kith("--help", env=place)
    assert whole.returncode == 0 and all(re.search(rf"^ +{verb} ", whole.stdout, re.MULTILINE) for verb in VERBS)
    for verb in (*VERBS, "user reset-code"):
        helped = kith(*verb.split(), "--help", env=place)
        assert helped.returncode == 0 and helped.stdout.startswith(f"usage: kith {verb}"), helped


def test_what_is_not_understood_ends_with_2(place):
    for words in (
        [],
        ["dance"],
        ["backup"],
        ["seed", "village"],
        ["user"],
        ["import", "residents", "x.csv"],
        ["import", "items"],
    ):
        done = kith(*words, env=place)
        assert done.returncode == 2 and "usage: kith" in done.stderr, words
    assert kith("import", "items", "x.csv", "--basis", "a meeting", env=place).returncode == 2


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("KITH_PORT", "99999", "KITH_PORT takes a port between 1 and 65535."),
        ("KITH_PORT", "http", "KITH_PORT takes a port between 1 and 65535."),
        ("KITH_WORKERS", "0", "KITH_WORKERS takes a number of processes, 1 to 64."),
        ("KITH_LOG", "xml", "KITH_LOG takes text or json."),
        ("KITH_BASE_URL", "kith.example.org", "KITH_BASE_URL takes http(s)://host[:port] without a path."),
        ("KITH_DATABASE_URL", "mysql://x/y", "KITH_DATABASE_URL takes sqlite:///<file> or postgresql://…."),
        ("KITH_DATABASE_URL", "postgresql://h:x/y", "KITH_DATABASE_URL takes sqlite:///<file> or postgresql://…."),
        ("KITH_CONTACT", "me", "KITH_CONTACT takes a mailto: or https: address, no localhost."),
        (
            "KITH_SMS_WEBHOOK",
            "http://a-long-secret-key@sms.example.org/send",
            "KITH_SMS_WEBHOOK takes https://SECRET@host[:port]/path (http on this machine only).",
        ),
        ("KITH_WECOM_URL", "wecombot://693a91f6-7b0e", "KITH_WECOM_URL takes wechat://corpid:secret@agentid."),
        (
            "KITH_NOTIFY_URLS",
            "json://h, nosuch://1",
            "KITH_NOTIFY_URLS takes addresses that apprise knows, with commas between.",
        ),
    ],
)
def test_a_wrong_setting_stops_every_verb_with_one_line_that_names_it(place, name, value, line):
    assert refused(kith("doctor", env=place | {name: value})) == line


def test_a_house_is_made_examined_saved_burnt_and_rebuilt(place, tmp_path):
    data = Path(place["KITH_DATA"])
    first, again = kith("migrate", env=place), kith("migrate", env=place)
    assert first.returncode == 0 and len(first.stdout.splitlines()) >= 3
    assert again.returncode == 0 and again.stdout == ""
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in data.rglob("*"))

    examined = kith("doctor", env=place)
    wrong = [line for line in examined.stdout.splitlines() if line.startswith("!")]
    assert wrong in ([], ["! Pages: run python -m app.build_static"]) and examined.returncode == len(wrong)

    saved = kith("backup", tmp_path / "kith.zip", env=place)
    assert saved.returncode == 0 and stat.S_IMODE((tmp_path / "kith.zip").stat().st_mode) == 0o600
    exported = kith("export", tmp_path / "all.zip", env=place)
    assert exported.returncode == 0 and "rows of" in exported.stderr

    assert "empty" in refused(kith("restore", tmp_path / "kith.zip", env=place))
    other = a_place(tmp_path / "other")
    assert kith("restore", tmp_path / "kith.zip", env=other).returncode == 0
    assert kith("migrate", env=other).stdout == ""


def test_refusals_are_one_line_and_never_a_trace(place, tmp_path):
    assert "is not there" in refused(kith("restore", tmp_path / "none.zip", env=place))
    assert "There is nothing to back up" in refused(kith("backup", tmp_path / "kith.zip", env=place))
    assert "cannot be written" in refused(kith("export", tmp_path / "none" / "x.zip", env=place))
    assert refused(kith("user", "reset-code", "nobody@example.org", env=place))
    assert not (tmp_path / "kith.zip").exists()


def test_a_database_that_does_not_answer_is_one_line(place, tmp_path):
    lost = place | {"KITH_DATABASE_URL": f"postgresql://kith@127.0.0.1:{free_port()}/kith"}

    for words in (["migrate"], ["backup", tmp_path / "kith.zip"]):
        assert "The database does not answer" in refused(kith(*words, env=lost))


def test_a_data_folder_that_cannot_be_made_is_one_line(place, tmp_path):
    (tmp_path / "file").write_text("")

    line = refused(kith("migrate", env=place | {"KITH_DATA": str(tmp_path / "file" / "house")}))

    assert line.startswith("KITH_DATA: ")


def test_the_key_for_phones_is_printed_and_stays_until_another_is_asked_for(place):
    first, again = kith("vapid", env=place), kith("vapid", env=place)
    other, after = kith("vapid", "--new", env=place), kith("vapid", env=place)

    assert first.returncode == 0 and len(first.stdout.strip()) == 87 and first.stdout[0] == "B"
    assert again.stdout == first.stdout and after.stdout == other.stdout != first.stdout
    Path(place["KITH_DATA"], "vapid.pem").write_text("nothing")
    assert "holds no key of ours" in refused(kith("vapid", env=place))


def with_phones(number: int, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`kith` in a house where so many phones subscribed."""
    code = f"""
import sys
from app import __main__, house
async def count(): return {number}
house.SUBSCRIBED = (count,)
sys.exit(__main__.main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def test_phones_that_subscribed_are_not_parted_from_their_key_by_accident(place):
    before = kith("vapid", env=place).stdout
    assert "2 phones" in refused(with_phones(2, "vapid", "--new", env=place))
    assert kith("vapid", env=place).stdout == before

    forced = with_phones(2, "vapid", "--new", "--force", env=place)
    assert forced.returncode == 0 and forced.stdout != before

    Path(place["KITH_DATA"], "vapid.pem").unlink()
    assert "Restore it from a backup" in refused(with_phones(2, "serve", "--no-worker", env=place))
    assert not Path(place["KITH_DATA"], "vapid.pem").exists()


def test_a_code_opens_the_door_for_who_cannot_sign_in(place, tmp_path):
    founded = subprocess.run(
        [Path(".venv/bin/python").absolute(), "-c", FOUND], env=place, capture_output=True, text=True, timeout=60
    )
    assert founded.returncode == 0, founded.stderr

    done = kith("user", "reset-code", "ana@example.org", env=place)

    assert done.returncode == 0 and re.fullmatch(r"http://127\.0\.0\.1:\d+/join/[2-9a-z]{17}\n", done.stdout)
    assert "once" in done.stderr


FOUND = """
import asyncio
from app.db import close_database
from app.features.accounts.rules import *
from app.features.accounts.rules.founding import found
from app.features.community import rules as community
from app.kit.clock import now
from app.migrating import migrate

async def main():
    await migrate()
    token = await community.new_set_up_link(now())
    await found(token, name="Lane", languages=["en"], zone="Europe/London", region="GB", area_kinds=["street"],
        administrator="Ana", login="ana@example.org", password="three plain words", language="en", now=now())
    await close_database()

asyncio.run(main())
"""
