"""The second factor: what somebody can show besides the password, and who may not be without."""

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.accounts.tables import Authenticator, Passkey, RecoveryCode
from app.features.people.rules import neighbour
from app.features.people.tables import Kind, Person
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

NEED_ONE = (Kind.coordinator, Kind.administrator)


class Factors(Struct):
    """`codes` are recovery codes that are not used up: they stand in for the others, and count for nothing alone."""

    passkeys: int
    app: bool
    codes: int

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.app)


_factors = prepared_sql(
    "SELECT (SELECT count(*) FROM passkeys WHERE person = {0}) AS passkeys, "
    "EXISTS (SELECT 1 FROM authenticators WHERE person = {0}) AS app, "
    "(SELECT count(*) FROM recovery_codes WHERE person = {0} AND spent_at IS NULL) AS codes",
    Factors,
)


async def factors_of(person_id: int) -> Factors:
    [found] = await _factors(person_id)
    return found


async def hold(person_id: int) -> None:
    """Whoever adds or removes a factor holds its person: two at once come one after the other."""
    if await held(Person.objects().where(Person.id == person_id)).first() is None:
        raise Missing


async def must_not_be_without(person_id: int) -> None:
    """After a removal, in its transaction: an officer keeps at least one. Recovery codes go with the last."""
    if (await factors_of(person_id)).any:
        return
    if (await neighbour(person_id)).is_a(*NEED_ONE):
        raise Refusal(say("Your role needs a second factor. Add another one before you remove this one."))
    await RecoveryCode.delete().where(RecoveryCode.person == person_id)


async def take_all(person_id: int) -> None:
    """For a reset by two administrators or from the command line: what was lost must not lock its owner out."""
    await Passkey.delete().where(Passkey.person == person_id)
    await Authenticator.delete().where(Authenticator.person == person_id)
    await RecoveryCode.delete().where(RecoveryCode.person == person_id)
