"""What people agreed to: one consent a purpose, by the version of its words, taken back at any time."""

import pytest

from app.features.people import rules as people
from app.features.people.rules import consents
from app.features.people.rules.consents import Purpose
from app.features.people.tables import Consent
from app.kit.refusals import Missing
from tests.makers import NOON, a_person


async def test_a_consent_stands_until_it_is_withdrawn_and_both_are_remembered():
    ana = await a_person()
    assert not await people.has_consented(ana.id, "needs")
    await people.consent(ana.id, "needs", by=ana.id, now=NOON)
    await people.consent(ana.id, "needs", by=ana.id, now=NOON)
    assert await people.has_consented(ana.id, "needs")
    assert await people.withdraw_consent(ana.id, "needs", by=ana.id, now=NOON)
    assert not await people.withdraw_consent(ana.id, "needs", by=ana.id, now=NOON)

    [given] = await people.consents_of(ana.id)
    assert (given.given_at, given.withdrawn_at) == (NOON, NOON) and not await people.has_consented(ana.id, "needs")


async def test_new_words_need_a_new_consent(monkeypatch):
    ana = await a_person()
    await people.consent(ana.id, "terms", by=ana.id, now=NOON)
    changed = Purpose(people.PURPOSES["terms"].words, "2099-01-01")
    monkeypatch.setitem(consents.PURPOSES, "terms", changed)
    assert not await people.has_consented(ana.id, "terms")
    await people.consent(ana.id, "terms", by=ana.id, now=NOON)
    assert [each.version for each in await people.consents_of(ana.id) if each.withdrawn_at is None] == ["2099-01-01"]


async def test_nobody_agrees_for_somebody_who_is_not_there_and_the_forgotten_agreed_to_nothing():
    with pytest.raises(Missing):
        await people.consent(999, "terms", by=1, now=NOON)
    ana = await a_person()
    await people.consent(ana.id, "terms", by=ana.id, now=NOON)
    await people.forget(ana.id, now=NOON)
    assert not await Consent.exists()
