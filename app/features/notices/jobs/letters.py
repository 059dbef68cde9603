"""By e-mail: a letter in the app's look, with one button, and the stop that mail programs know."""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from app.addresses import Smtp
from app.features.notices.rules.roads import Message, Outcome, Verdict
from app.features.notices.tables import By
from app.kit import mail
from app.kit.words import say


@dataclass
class ByMail:
    by = By.email
    at_once = 4
    patience = 110.0  # a server may take its time over each of five words
    server: Smtp
    lines: mail.Lines = field(init=False)

    def __post_init__(self) -> None:
        self.lines = mail.Lines(self.server, self.at_once)

    async def carry(self, message: Message, now: datetime) -> Outcome:
        letter = mail.written(
            self.server,
            to=message.to,
            name=message.place,
            subject=message.title if message.title != message.place else message.body,
            text=text_of(message),
            html=html_of(message),
            tag=message.tongue.tag,
            mark=f"{message.tag}.{message.delivery}",
            stop=message.stop,
        )
        try:
            await self.lines.send(letter, message.to)
        except mail.Undelivered as refused:
            verdict = Verdict.failed if refused.for_good else Verdict.again
            return Outcome(verdict, refused.code, trouble=refused.args[0])
        except (OSError, mail.Unsafe) as broken:
            return Outcome(Verdict.again, trouble=type(broken).__name__)
        return Outcome(Verdict.accepted, 250)


def text_of(message: Message) -> str:
    tongue = message.tongue
    listed = [f"· {words}\n  {address}" for words, address in message.lines]
    stop = [f"{STOP.spoken(tongue)}\n{message.stop}"] if message.stop else []
    parts = [message.words, *listed, f"{LOOK.spoken(tongue)}\n{message.url}", message.place, _why(message), *stop]
    return "\n\n".join(parts) + "\n"


def html_of(message: Message) -> str:
    tag, tongue = escape(message.tongue.tag), message.tongue
    words = "".join(f"<p>{escape(line)}</p>" for line in message.words.splitlines() if line.strip())
    rows = "".join(f"<li>{_link(address, words)}</li>" for words, address in message.lines)
    stop = f"<br>{_link(message.stop, STOP.spoken(tongue))}" if message.stop else ""
    return (
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><title>{escape(message.title)}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<meta name="supported-color-schemes" content="light dark"><style>{LOOK_OF_IT}</style></head>'
        f'<body class="paper"><div class="page"><p class="place">{escape(message.place)}</p>'
        f'<div class="sheet">{words}{f"<ul>{rows}</ul>" if rows else ""}'
        f'<p class="do"><a class="button" href="{escape(message.url)}">{escape(LOOK.spoken(tongue))}</a></p></div>'
        f'<p class="foot">{escape(_why(message))}{stop}</p></div></body></html>'
    )


LOOK = say("Open in Kith")
STOP = say("No more e-mails about this")


def _why(message: Message) -> str:
    if message.stop:
        why = say("You get this because you live at %(place)s and this address is on file there.", place=message.place)
    else:
        why = say("Letters of this kind cannot be stopped.")
    return why.spoken(message.tongue)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


# The colours of static/css/tokens.css by day and by night. Programs that know no dark scheme show the day.
LOOK_OF_IT = (
    "body{margin:0;padding:0;font:18px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',"
    "sans-serif}.paper{background:#f7f5f0;color:#1c2321}.page{max-width:34rem;margin:0 auto;padding:24px 16px}"
    ".place{margin:0 0 12px;font-weight:700;color:#0b6b5d}.sheet{background:#ffffff;border:1px solid #e2ded4;"
    "border-radius:14px;padding:8px 20px 20px}.sheet p{font-size:20px}.sheet li{margin:0 0 12px}.sheet a{color:#0b6b5d}"
    ".do{margin:24px 0 4px}.sheet .button{display:inline-block;background:#0b6b5d;color:#ffffff;border-radius:14px;"
    "padding:14px 24px;font-size:18px;font-weight:700;text-decoration:none}.foot{font-size:15px;color:#535d59}"
    ".foot a{color:#535d59}@media (prefers-color-scheme:dark){.paper{background:#14171a;color:#eef1ee}"
    ".sheet{background:#1d2226;border-color:#333b40}.place,.sheet a{color:#5fd0bb}"
    ".sheet .button{background:#5fd0bb;color:#06231f}.foot,.foot a{color:#a9b4ae}}"
)
