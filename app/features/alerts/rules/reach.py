"""Which alerts somebody may see, and what each may do about them."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.accounts import rules as accounts
from app.features.alerts.tables import Alert, Recipient, Stage
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit.refusals import Missing, NotYours
from app.kit.words import say

BEGUN = (Stage.active, Stage.ended)
LEADS = (RoleKind.coordinator, RoleKind.administrator)


class _Found(Struct):
    found: bool


# ruff: noqa: S608 (all of these words are ours)
# A steward sees what is for any area they look after, or that contains one of theirs, or lies inside it.
_looked_after = prepared_sql(
    "SELECT (NOT EXISTS (SELECT 1 FROM alert_areas WHERE alert = {0}) OR EXISTS (SELECT 1 FROM alert_recipients "
    "WHERE alert = {0} AND area IN (SELECT id FROM (WITH RECURSIVE kept (id) AS ("
    "SELECT roles.area FROM roles WHERE roles.person = {1} AND roles.kind = 'steward' AND " + people.counts("{2}") + " "
    "UNION SELECT areas.id FROM areas JOIN kept ON areas.parent = kept.id) SELECT id FROM kept) AS theirs))) AS found",
    _Found,
)
_went_to = prepared_sql(
    "SELECT EXISTS (SELECT 1 FROM alert_recipients WHERE alert = {} AND person = {}) AS found", _Found, of_many=True
)


def leads(by: Neighbour) -> bool:
    """Coordinators and administrators see every alert and its whole board."""
    return by.is_active and by.is_a(*LEADS)


def must_declare(by: Neighbour) -> None:
    """Raises NotYours for whoever is no coordinator: they declare, speak and end."""
    accounts.must_not_be_overdue(by, RoleKind.coordinator)
    if not (by.is_active and by.is_a(RoleKind.coordinator)):
        raise NotYours(say("Coordinators do this. They stand under “Who does what”."))


async def recipient_of(alert: int, person: int) -> Recipient | None:
    theirs = (Recipient.alert == alert) & (Recipient.person == person)
    found: Recipient | None = await Recipient.objects().where(theirs).first()
    return found


async def may_see(alert: Alert, by: Neighbour, *, now: datetime) -> bool:
    if leads(by):
        return True
    if alert.stage not in BEGUN:
        return False
    went = await _went_to.first(alert.id, by.id)
    if went and went.found:
        return True
    if not (by.is_active and by.is_a(RoleKind.steward)):
        return False
    found = await _looked_after.first(alert.id, by.id, now)
    return bool(found and found.found)


async def seen(alert: int, *, by: Neighbour, now: datetime) -> Alert:
    """Raises Missing where it is not theirs to see."""
    found: Alert | None = await Alert.objects().where(Alert.id == alert).first()
    if found is None or not await may_see(found, by, now=now):
        raise Missing
    return found


async def held_alert(alert: int, *, where: Any = None) -> Alert:
    """Nobody else changes it until the transaction ends."""
    which = Alert.id == alert if where is None else (Alert.id == alert) & where
    found: Alert | None = await held(Alert.objects().where(which)).first()
    if found is None:
        raise Missing
    return found
