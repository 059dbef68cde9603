"""The rules that machines keep are only as good as the lists they are given."""

import re
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

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


def test_the_readme_explains_every_variable_of_the_example_environment():
    listed = set(re.findall(r"^#?(\w+)=", Path(".env.example").read_text(), re.MULTILINE))
    explained = set(re.findall(r"`(KITH_[A-Z_]+|SSL_CERT_FILE)`", Path("README.md").read_text()))

    assert listed == explained


def test_a_catalogue_is_faulted_for_each_sentence_that_is_missing_left_over_or_lost_a_value():
    said, known = Catalog(), Catalog(locale="zh_Hans")
    for sentence in ("Hello", "%(name)s is here", "Good night", ("One neighbour", "%(n)s neighbours")):
        said.add(sentence)
    known.add("Hello", "您好")
    known.add("%(name)s is here", "有人在这里")
    known.add("Good morning", "早上好")
    known.add(("One neighbour", "%(n)s neighbours"), ("%(n)s 位邻居",))

    assert list(script("words").wrong(said, known)) == [
        "placeholders differ: '%(name)s is here'",
        "not translated: 'Good night'",
        "no longer said anywhere: 'Good morning'",
    ]


def test_what_is_said_alone_must_not_be_counted_elsewhere():
    """ "an hour" once had the words of "%(n)s hours", and the page broke in Chinese alone."""
    found = [("an hour", None), (("an hour", "%(n)s hours"), None), ("a day", None), (("a day", "days"), "of rest")]

    assert script("words").said_both_ways(found) == ["an hour"]


def test_one_sentence_has_one_plural():
    found = [(("a day", "%(n)s days"), None), (("a day", "%(num)s days"), None), (("a week", "%(n)s weeks"), None)]

    assert script("words").said_with_two_plurals(found) == ["a day"]


def test_gathering_keeps_what_was_translated_and_guesses_nothing():
    said, known = Catalog(), Catalog(locale="zh_Hans")
    said.add("Good evening")
    said.add("Hello")
    known.add("Hello", "您好")
    known.add("Good evenings", "晚上好")
    words = script("words")

    text = words.as_text(words.renewed(said, known, "zh_Hans"), "zh_Hans")

    assert text.endswith('msgid "Good evening"\nmsgstr ""\n\nmsgid "Hello"\nmsgstr "您好"\n\n')
    assert "Good evenings" not in text


def test_the_closing_line_adds_up_what_every_run_of_pytest_said():
    check = script("check")
    first = check.counted(["..F\n", "1 failed, 2 passed, 1 warning in 0.52s\n"])
    second = check.counted(["==== 40 passed, 3 skipped in 71.10s (0:01:11) ====\n", "make: done\n"])
    counts = {word: first.get(word, 0) + second.get(word, 0) for word in check.COUNTED}

    assert check.closing_line(counts, 72.0).strip("= ") == "1 failed, 42 passed, 3 skipped, 1 warnings in 72.00s"


def script(name: str) -> ModuleType:
    loader = SourceFileLoader(name, f"scripts/{name}")
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module
