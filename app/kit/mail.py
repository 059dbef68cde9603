"""Letters by e-mail, from a job and never from a deed. What they say is not logged."""

import asyncio
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid
from time import monotonic

from app.addresses import Smtp, is_here
from app.db import DB

PATIENCE = 20.0  # seconds, for every word of the server
IDLE = 10.0  # seconds until a line on which nothing follows is hung up
POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")  # a shorter line would write a long link in code


class Unsafe(Exception):
    """The server takes a password and offers no TLS: whoever listens in between would have it."""


class Undelivered(Exception):
    """The server's number for it, and none of its words: they say whom the letter was for, and jobs log them."""

    def __init__(self, kind: str, code: int = 0, *, reader: bool = False) -> None:
        super().__init__(kind, code)
        self.code, self.reader = code, reader

    @property
    def for_good(self) -> bool:
        """It knows this reader and takes nothing for them, today or tomorrow."""
        return self.reader and 500 <= self.code < 600


async def send(by: Smtp, *, to: str, name: str, subject: str, text: str, tag: str) -> None:
    """Raises Undelivered, Unsafe or OSError: the job that called tries again later. `tag` is the letter's language."""
    _not_in_a_deed()
    letter = written(by, to=to, name=name, subject=subject, text=text, tag=tag)
    await asyncio.to_thread(lambda: _hang_up(_carried(_ready(by), letter, to)))


def written(
    by: Smtp, *, to: str, name: str, subject: str, text: str, tag: str, html: str = "", mark: str = "", stop: str = ""
) -> EmailMessage:
    """`stop` is where one POST ends such letters (RFC 8058); a repeat bears the same `mark`, so that it shows."""
    letter, domain = EmailMessage(policy=POLICY), by.sender.rpartition("@")[2]
    letter["From"] = formataddr((one_line(name), by.sender))
    letter["To"], letter["Subject"] = to, one_line(subject)
    letter["Date"], letter["Message-ID"] = formatdate(), f"<{mark}@{domain}>" if mark else make_msgid(domain=domain)
    letter["Auto-Submitted"] = "auto-generated"
    if stop:
        letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"] = f"<{stop}>", "List-Unsubscribe=One-Click"
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    letter["Content-Language"] = tag
    return letter


class Lines:
    """Lines to one mail server: letters that follow one another share them, in threads of their own."""

    def __init__(self, by: Smtp, at_once: int) -> None:
        self.by, self._free = by, list[tuple[smtplib.SMTP, float]]()
        self._threads = ThreadPoolExecutor(at_once, "letters")

    async def send(self, letter: EmailMessage, to: str) -> None:
        """Raises Undelivered, Unsafe or OSError."""
        _not_in_a_deed()
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._carry, letter, to)
        finally:
            loop.call_later(IDLE + 0.1, self._threads.submit, self._hang_up_idle)

    def _carry(self, letter: EmailMessage, to: str) -> None:
        line = self._a_free_one() or _ready(self.by)
        try:
            _carried(line, letter, to)
        except Undelivered as refused:
            if not refused.reader:
                _hang_up(line)
                raise
            self._free.append((line, monotonic()))
            raise
        except BaseException:
            line.close()
            raise
        self._free.append((line, monotonic()))

    def _a_free_one(self) -> smtplib.SMTP | None:
        """Asked first whether anybody is still there: a letter that was lost half-way might come twice."""
        while self._free:
            line, _ = self._free.pop()
            with suppress(OSError, smtplib.SMTPException):
                if line.noop()[0] == 250:
                    return line
            line.close()
        return None

    def _hang_up_idle(self) -> None:
        while self._free and self._free[0][1] < monotonic() - IDLE:
            with suppress(IndexError):
                _hang_up(self._free.pop(0)[0])


def why_not(by: Smtp, patience: float = PATIENCE) -> str:
    """Empty when the server answers and takes our name and password. In a thread."""
    try:
        _hang_up(_open(by, patience))
    except socket.gaierror:
        return "no such host"
    except TimeoutError:
        return "timeout"
    except ConnectionError:
        return "no connection"
    except (OSError, smtplib.SMTPException, Unsafe) as broken:
        return one_line(str(broken)) or type(broken).__name__
    return ""


def one_line(words: str) -> str:
    return " ".join(words.split())


def _not_in_a_deed() -> None:
    if DB.transaction_exists():
        raise RuntimeError("a letter takes seconds, and a transaction would wait for it")


def _ready(by: Smtp) -> smtplib.SMTP:
    try:
        return _open(by)
    except smtplib.SMTPException as broken:
        raise Undelivered(type(broken).__name__, getattr(broken, "smtp_code", 0)) from None


def _carried(line: smtplib.SMTP, letter: EmailMessage, to: str) -> smtplib.SMTP:
    """The line, still open."""
    try:
        line.send_message(letter, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as refused:
        [(code, _)] = refused.recipients.values()
        raise Undelivered("SMTPRecipientsRefused", code, reader=True) from None
    except smtplib.SMTPException as broken:
        raise Undelivered(type(broken).__name__, getattr(broken, "smtp_code", 0)) from None
    return line


def _hang_up(line: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        line.quit()
    line.close()


def _open(by: Smtp, patience: float = PATIENCE) -> smtplib.SMTP:
    """Greeted, under TLS where it can be, and signed in. The caller hangs up."""
    trust = _trust(by.host)
    if by.tls:
        line: smtplib.SMTP = smtplib.SMTP_SSL(by.host, by.port, timeout=patience, context=trust)
    else:
        line = smtplib.SMTP(by.host, by.port, timeout=patience)
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
