"""What stands on paper: said once in each language of the community, since nobody knows who will read it."""

from datetime import datetime

from app.features.joining.rules.posters import Hung
from app.features.joining.rules.slips import Slip
from app.kit.words import Sentence, say


def grouped(code: str) -> str:
    """By four, as people type it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def on_slip(slip: Slip, until: datetime) -> list[Sentence]:
    bring = say("Type the phone or e-mail that the committee has on file for you.")
    return [
        say("Scan this with your phone, or open the address and type the code. Then choose a password."),
        *([bring] if slip.has_contact else []),
        say("For you alone, once, until %(when)s.", when=until),
    ]


def on_poster(poster: Hung) -> list[Sentence]:
    return [
        say("Your neighbours are here. Join us!"),
        say("Scan this, or open the address and type the code. Your steward or two neighbours let you in."),
        say("Until %(when)s.", when=poster.until_at),
    ]
