"""A phone with a passkey in it (WebAuthn, level 3), as far as the house can see: what the world outside signs."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class PhoneKey:
    origin: str = "http://localhost:8000"
    host: str = "localhost"
    verified: bool = True
    uses: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: str) -> str:
        """The answer to options for a new one."""
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        mine = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + mine})
        return self._said("webauthn.create", options, attestationObject=bytes_to_base64url(attested))[0]

    def signed(self, options: str) -> str:
        """The answer to options for coming in."""
        self.uses += 1
        data = self._data()
        said, client = self._said("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = json.loads(said)
        answer["response"] |= {
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
            "userHandle": None,
        }
        return json.dumps(answer)

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _said(self, kind: str, options: str, **response: str) -> tuple[str, bytes]:
        challenge = json.loads(options)["challenge"]
        assert base64url_to_bytes(challenge)
        client = json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()
        own = bytes_to_base64url(self.id)
        said = {"id": own, "rawId": own, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(said | {"response": response | {"clientDataJSON": bytes_to_base64url(client)}}), client
