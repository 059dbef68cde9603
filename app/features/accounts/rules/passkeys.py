"""Passkeys (WebAuthn, level 3): the phone keeps the key and signs; we keep the public half."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from app.config import settings
from app.db import held, prepared_sql, writing
from app.features.accounts.rules import challenges
from app.features.accounts.rules.factors import hold, must_not_be_without
from app.features.accounts.rules.letters import tell_them
from app.features.accounts.rules.proving import must_be_fresh, note_proof
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.tables import Passkey
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.sealing import print_of
from app.kit.words import say

MOST = 20
NO = say("That passkey could not be checked. Please try again, or take another way.")


class Passkeys(Struct):
    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


class _Credential(Struct):
    credential: str


_kept = prepared_sql("SELECT id, name, made_at, used_at FROM passkeys WHERE person = {} ORDER BY id", Passkeys)
_credentials = prepared_sql("SELECT credential FROM passkeys WHERE person = {} ORDER BY id", _Credential)


async def passkeys_of(person_id: int) -> list[Passkeys]:
    return list(await _kept(person_id))


async def options_to_add(of: Viewer, *, login: str, place: str, now: datetime) -> str:
    """What the browser needs to make one, as JSON. One phone makes one: those it knows are named."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    must_be_fresh(of, now)
    wish = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    made = generate_registration_options(
        rp_id=_host(),
        rp_name=place,
        user_name=login or of.name,
        user_id=print_of(str(of.id), "passkey owner").encode()[:32],  # it leaves the house: no number of ours
        user_display_name=of.name,
        challenge=await challenges.challenge(of.id, now=now),
        authenticator_selection=wish,
        exclude_credentials=await _known(of.id),
    )
    return options_to_json(made)


async def add_passkey(of: Viewer, answer: str, *, name: str, now: datetime) -> int:
    """Raises Refusal for an answer that does not fit. This sign-in has shown a second factor by it."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url, parse_client_data_json, parse_registration_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    must_be_fresh(of, now)
    try:
        said = parse_registration_credential_json(answer)
        challenge = parse_client_data_json(said.response.client_data_json).challenge
        if not await challenges.spend(challenge, of.id, now=now):
            raise Refusal(NO)
        key = verify_registration_response(
            credential=said, expected_challenge=challenge, require_user_verification=True, **_ours()
        )
    except (WebAuthnException, *MALFORMED) as wrong:
        raise Refusal(NO) from wrong
    async with writing():
        await hold(of.id)
        if await Passkey.count().where(Passkey.person == of.id) >= MOST:
            raise Taken(say("You have %(most)s passkeys. Remove one that you use no more.", most=MOST))
        row = Passkey(
            person=of.id,
            credential=bytes_to_base64url(key.credential_id),
            public_key=bytes_to_base64url(key.credential_public_key),
            uses=key.sign_count,
            name=name,
            made_at=now,
        )
        await row.save()
        await note_proof(of, now=now, second=True)
        await audit.note("passkey added", who=of.id, about=f"person:{of.id}", now=now, concerns=of.id)
        await tell_them(of.id, say("A passkey was added to your account: %(name)s", name=name), now=now)
        return int(row.id)


async def options_to_show(person_id: int | None, *, now: datetime) -> str:
    """To sign: with one of this person's, or (None) with whichever the phone offers."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    made = generate_authentication_options(
        rp_id=_host(),
        challenge=await challenges.challenge(person_id, now=now),
        allow_credentials=await _known(person_id) if person_id else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(made)


async def owner_of(answer: str, *, asked: int | None, now: datetime) -> int:
    """Whose passkey signed what we asked of `asked` (None: of anybody). Raises Refusal, also for a copy of a key: each
    use counts one up, and a copy lags behind."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json, parse_client_data_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = parse_authentication_credential_json(answer)
        challenge = parse_client_data_json(said.response.client_data_json).challenge
        if not await challenges.spend(challenge, asked, now=now):
            raise Refusal(NO)
        async with writing():
            this = Passkey.credential == bytes_to_base64url(said.raw_id)
            key = await held(Passkey.objects().where(this)).first()
            if key is None or (asked is not None and key.person != asked):
                raise Refusal(NO)
            shown = verify_authentication_response(
                credential=said,
                expected_challenge=challenge,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.uses,
                require_user_verification=True,
                **_ours(),
            )
            used: dict[Any, Any] = {Passkey.uses: shown.new_sign_count, Passkey.used_at: now}
            await Passkey.update(used).where(Passkey.id == key.id)
            return int(key.person)
    except (WebAuthnException, *MALFORMED) as wrong:
        raise Refusal(NO) from wrong


async def remove_passkey(passkey_id: int, *, by: Viewer, now: datetime) -> None:
    """One of one's own. Raises Missing for another's."""
    must_be_fresh(by, now)
    async with writing():
        await hold(by.id)
        this = (Passkey.id == passkey_id) & (Passkey.person == by.id)
        gone = await Passkey.delete().where(this).returning(Passkey.name)
        if not gone:
            raise Missing
        await must_not_be_without(by.id)
        await audit.note("passkey removed", who=by.id, about=f"person:{by.id}", now=now, concerns=by.id)
        told = say("A passkey was removed from your account: %(name)s", name=gone[0]["name"])
        await tell_them(by.id, told, now=now)


async def _known(person_id: int) -> list[Any]:
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    kept = await _credentials(person_id)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in kept]


def _host() -> str:
    return urlsplit(settings().base_url).hostname or ""


def passkeys_work() -> bool:
    """They belong to a name that is reached safely (WebAuthn, 5.1.2): under https or on this machine, at no number."""
    host = _host()
    return host == "localhost" or (settings().https and not host.replace(".", "").isdigit() and ":" not in host)


def _ours() -> dict[str, Any]:
    return {"expected_rp_id": _host(), "expected_origin": settings().base_url}


# What its parsers let through for bytes that no browser sends.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
