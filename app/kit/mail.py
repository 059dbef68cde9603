"""Letters by e-mail: plain text, one at a time, from a job and never from a deed. What they say is not logged."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid

from app.addresses import Smtp, is_here
from app.db import DB

PATIENCE = 20.0  # seconds, for every word of the server


class Unsafe(Exception):
    """The server takes a password and offers no TLS: whoever listens in between would have it."""


class Undelivered(Exception):
    """The server's number for it, and none of its words: they say whom the letter was for, and jobs log them."""


async def send(by: Smtp, *, to: str, name: str, subject: str, text: str, tag: str) -> None:
    """Raises Undelivered, Unsafe or OSError: the job that called tries again later. `tag` is the letter's language."""
    if DB.transaction_exists():
        raise RuntimeError("a letter takes seconds, and a transaction would wait for it")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = formataddr((one_line(name), by.sender))
    letter["To"], letter["Subject"] = to, one_line(subject)
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=by.sender.rpartition("@")[2])
    letter.set_content(text)
    letter["Auto-Submitted"], letter["Content-Language"] = "auto-generated", tag
    await asyncio.to_thread(_carried, by, letter, to)


async def trouble(by: Smtp) -> str:
    """Empty when the server answers and takes our name and password; for `kith doctor`."""
    try:
        await asyncio.to_thread(lambda: _open(by).quit())
    except (OSError, smtplib.SMTPException, Unsafe) as broken:
        return " ".join(str(broken).split()) or type(broken).__name__
    return ""


def one_line(words: str) -> str:
    return " ".join(words.split())


def _carried(by: Smtp, letter: EmailMessage, to: str) -> None:
    try:
        with _open(by) as line:
            line.send_message(letter, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as refused:
        raise Undelivered(*{code for code, _ in refused.recipients.values()}) from None
    except smtplib.SMTPException as broken:
        raise Undelivered(type(broken).__name__, getattr(broken, "smtp_code", "")) from None


def _open(by: Smtp) -> smtplib.SMTP:
    """Greeted, under TLS where it can be, and signed in. The caller hangs up."""
    trust = _trust(by.host)
    if by.tls:
        line: smtplib.SMTP = smtplib.SMTP_SSL(by.host, by.port, timeout=PATIENCE, context=trust)
    else:
        line = smtplib.SMTP(by.host, by.port, timeout=PATIENCE)
    try:
        line.ehlo_or_helo_if_needed()
        safe = by.tls or is_here(by.host)
        if not by.tls and line.has_extn("starttls"):
            line.starttls(context=trust)
            safe = True
        if by.user and not safe:
            raise Unsafe("it offers no TLS, and a password must not go in the clear")
        if by.user:
            line.login(by.user, by.password)
    except BaseException:
        line.close()
        raise
    return line


def _trust(host: str) -> ssl.SSLContext:
    """A mail server on this machine often has a certificate that it made itself; elsewhere that would be anybody's."""
    trust = ssl.create_default_context()
    if is_here(host):
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    return trust
