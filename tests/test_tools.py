"""The rules that machines keep are only as good as the lists they are given."""

import re
import tomllib
from pathlib import Path

import pytest

PYPROJECT = tomllib.loads(Path("pyproject.toml").read_text())
CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]


def test_every_feature_has_its_place_among_the_others():
    there = {folder.name for folder in Path("app/features").iterdir() if any(folder.glob("*.py"))}
    (order,) = [contract["layers"] for contract in CONTRACTS if contract.get("containers") == ["app.features"]]

    assert there - {name.strip("()") for name in order} == set()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_a_lock_names_no_host_and_proves_every_package(lock):
    text = Path(lock).read_text()
    packages = re.findall(r"^[\w.-]+==|\"node_modules/.+\": {", text, re.MULTILINE)
    proofs = re.findall(r"(?: \\\n    --hash=sha256:\w{64})+|\"integrity\": \"sha512-.+\"", text)

    assert "://" not in text
    assert len(packages) == len(proofs) > 0


def test_what_is_installed_for_serving_is_the_same_for_testing():
    serving, testing = (
        set(re.findall(r"^[\w.-]+==\S+", Path(lock).read_text(), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    )

    assert serving < testing


def test_the_example_environment_lists_every_variable_the_settings_read():
    read = set(re.findall(r"KITH_[A-Z_]+", Path("app/config.py").read_text()))
    listed = set(re.findall(r"^#?(KITH_[A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE))

    assert read - listed == set()
