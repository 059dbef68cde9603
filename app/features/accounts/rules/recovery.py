"""Eight codes on paper, each good once, for the day on which the phone is gone."""

import secrets
from datetime import datetime

from app.db import held, writing
from app.features.accounts.rules.codes import LETTERS, plain
from app.features.accounts.rules.factors import factors_of
from app.features.accounts.rules.letters import tell_them
from app.features.accounts.rules.proving import must_be_fresh
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.tables import RecoveryCode
from app.features.people.tables import Person
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.sealing import print_of
from app.kit.words import say

CODES, LENGTH = 8, 10  # 31 letters: 49 bits each, and few tries


async def new_recovery_codes(of: Viewer, *, now: datetime) -> list[str]:
    """Shown this once; the old ones end."""
    must_be_fresh(of, now)
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    async with writing():
        await held(Person.objects().where(Person.id == of.id)).first()
        if not (await factors_of(of.id)).any:
            raise Refusal(say("Add a passkey or an authenticator app first: these codes stand in for it."))
        await RecoveryCode.delete().where(RecoveryCode.person == of.id)
        rows = [RecoveryCode(person=of.id, fingerprint=_print(of.id, code), made_at=now) for code in made]
        await RecoveryCode.insert(*rows)
        about = f"person:{of.id}"
        await audit.note("recovery codes made", who=of.id, about=about, now=now, concerns=of.id)
        await tell_them(of.id, say("You have new recovery codes; the old ones have ended."), now=now)
    return made


async def spend_recovery_code(person_id: int, typed: str, *, now: datetime) -> bool:
    """Of many who type the same one at once, one. Its owner hears of it: the paper may be in other hands."""
    async with writing():
        this = (RecoveryCode.person == person_id) & (RecoveryCode.fingerprint == _print(person_id, plain(typed)))
        spent = RecoveryCode.update({RecoveryCode.spent_at: now}).where(this & RecoveryCode.spent_at.is_null())
        if not await spent.returning(RecoveryCode.id):
            return False
        about = f"person:{person_id}"
        await audit.note("recovery code used", who=person_id, about=about, now=now, concerns=person_id)
        await tell_them(person_id, say("One of your recovery codes was used."), now=now)
        return True


def _print(person_id: int, code: str) -> str:
    return print_of(f"{person_id} {code}", "recovery codes")
