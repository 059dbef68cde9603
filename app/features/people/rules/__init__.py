"""Who lives here, with whom, and what each may do."""

from app.features.people.rules.acting import acts_for, may_act_for, steward_reaches, stewards_of
from app.features.people.rules.contact import Contact, contact, whereabouts
from app.features.people.rules.homes import add_household, household, join, leave, members_of
from app.features.people.rules.lives import add_person, edit_person, forget, mine, settle, welcome
from app.features.people.rules.neighbour import Neighbour, active, neighbour, officers
from app.features.people.rules.rights import end_role, give_role, grant, revoke, roles_of

__all__ = [
    "Contact",
    "Neighbour",
    "active",
    "acts_for",
    "add_household",
    "add_person",
    "contact",
    "edit_person",
    "end_role",
    "forget",
    "give_role",
    "grant",
    "household",
    "join",
    "leave",
    "may_act_for",
    "members_of",
    "mine",
    "neighbour",
    "officers",
    "revoke",
    "roles_of",
    "settle",
    "steward_reaches",
    "stewards_of",
    "welcome",
    "whereabouts",
]
