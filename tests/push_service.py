"""A push service on this machine: `bench/sink.mjs` behind a certificate made for this run."""

import json
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.config import ROOT


@dataclass
class PushService:
    ports: list[int]
    certificate: Path

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.ports[0]}"

    def told(self) -> dict[str, Any]:
        """{"came": {path: times}, "kept": {path: headers and body}, "early": …, "sessions": …}, over all origins."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(f"{self.origin}/told", context=trust, timeout=20) as answer:
            return json.load(answer)


@contextmanager
def a_push_service(folder: Path, origins: int = 1) -> Iterator[PushService]:
    certificate, key = a_certificate_for(folder, "localhost", "fcm.googleapis.com")
    command = ["node", "bench/sink.mjs", certificate, key, str(origins)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        try:
            yield PushService(json.loads(node.stdout.readline()), certificate)
        finally:
            node.kill()


def a_certificate_for(folder: Path, *names: str) -> tuple[Path, Path]:
    """Its own authority: whoever trusts the first file trusts the service."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "service.pem", folder / "service.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, private
