"""A little mail server on this machine: it may offer TLS, ask for a password, and be out of order."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from app.addresses import Smtp

MUST_BE = base64.b64encode(b"\0kith\0secret").decode()


@dataclass
class PostOffice:
    tls: ssl.SSLContext | None = None
    asks_password: bool = False
    out_of_order: bool = False
    knows_nobody: bool = False
    refusal: int = 550
    calls: int = 0
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    under_tls: list[bool] = field(default_factory=list)
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def smtp(self) -> Smtp:
        user, password = ("kith", "secret") if self.asks_password else ("", "")
        return Smtp("127.0.0.1", self.port, False, user, password, "kith@example.org")

    def hang_up_all(self) -> None:
        for each in self.open:
            each.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        self.open.add(writer)
        try:
            await self._talk(reader, writer)
        finally:
            self.open.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())
            await writer.drain()

        safe = inside = False
        await say("421 closed" if self.out_of_order else "220 here")
        while line := (await reader.readline()).decode(errors="replace").strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                offers = [
                    *(["STARTTLS"] if self.tls and not safe else []),
                    *(["AUTH PLAIN"] if self.asks_password else []),
                ]
                await say("250-here", *(f"250-{each}" for each in offers), "250 8BITMIME")
            elif verb == "STARTTLS" and self.tls:
                await say("220 go on")
                await writer.start_tls(self.tls)
                safe = True
            elif verb.startswith("AUTH PLAIN"):
                inside = line.split()[-1] == MUST_BE
                await say("235 welcome" if inside else "535 no")
            elif verb.startswith("MAIL") and self.asks_password and not inside:
                await say("530 who are you?")
            elif verb.startswith("RCPT") and self.knows_nobody:
                await say(f"{self.refusal} nobody here: {line}")
            elif verb == "DATA":
                await say("354 speak")
                self.letters.append(await _letter(reader))
                self.under_tls.append(safe)
                await say("250 taken")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 fine")


async def _letter(reader: asyncio.StreamReader) -> EmailMessage:
    lines: list[bytes] = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b"."))
    letter = message_from_bytes(b"".join(lines), policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


@asynccontextmanager
async def a_post_office(**how: object) -> AsyncIterator[PostOffice]:
    office = PostOffice(**how)  # type: ignore[arg-type]
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()


def a_certificate(folder: Path, host: str = "mail.example.org") -> ssl.SSLContext:
    """Such as a server makes for itself; `server.pem` in the folder vouches for it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
