"""An item as it is typed: a form of words, days and numbers, with one photo, and what it means."""

from datetime import date, timedelta
from typing import Annotated, Any

from litestar.datastructures import UploadFile
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.common import today_of
from app.features.sharing.rules import Offer, Owner, Photo, Thing
from app.features.sharing.tables import Audience, Category, Condition, Kind, Policy
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Form, Words, blank, sent
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say

# Half as much again as is taken: whoever chose too large a photo reads that beside it, and what they typed is there.
MOST_SENT = MOST_BYTES * 3 // 2
USUAL_GIFT = 30  # days


class ItemForm(Struct):
    name: Annotated[str, Words(80)]
    category: Category
    kind: Kind = Kind.lend
    about: Annotated[str, Words(600)] = ""
    condition: Condition = Condition.good
    parts: Annotated[str, Words(1000)] = ""
    fetch: Annotated[str, Words(200)] = ""
    longest: int = 14
    gap: int = 0
    deposit: Annotated[str, Words(120)] = ""
    emergency: bool = False
    audience: Audience = Audience.community
    owner: Annotated[str, Words(20)] = "me"
    area: int | None = None
    policy: Policy = Policy.owner
    capability: Annotated[str, Words(40)] = ""
    first_come: bool = False
    until: date | None = None
    photo_words: Annotated[str, Words(200)] = ""
    kept_photo: Annotated[str, Words(43)] = ""


def empty(request: HTMXRequest, kind: str) -> Form:
    """What most people mean."""
    until = today_of(request) + timedelta(days=USUAL_GIFT)
    usual = {"kind": Kind.give if kind == Kind.give else Kind.lend, "longest": 14, "gap": 0, "owner": "me"}
    chosen = {"condition": Condition.good, "audience": Audience.community, "policy": Policy.owner, "first_come": "1"}
    return blank(ItemForm, **usual, **chosen, until=until.isoformat())


def offer_of(meant: ItemForm) -> Offer:
    same = set(Offer.__struct_fields__) - {"parts"}
    return Offer(parts=rules.parts_of(meant.parts), **{name: getattr(meant, name) for name in same})


def owner_of(typed: str) -> Owner:
    """`me`, `ours` or the number of a household."""
    if typed == "ours":
        return Owner(ours=True)
    if typed.isascii() and typed.isdigit():
        return Owner(household=int(typed))
    if typed != "me":
        raise Refusal(say("Please choose one of these."), beside="owner")
    return rules.MINE


def as_typed(request: HTMXRequest, thing: Thing) -> Form:
    until = rules.last_day(thing.until_at, request.state.here.clock)
    same = set(ItemForm.__struct_fields__) & set(Thing.__struct_fields__) - {"parts", "first_come"}
    typed: dict[str, Any] = {name: getattr(thing, name) for name in same}
    typed |= {"parts": "\n".join(thing.part_names), "first_come": "1" if thing.first_come else "0"}
    return blank(ItemForm, **typed, until=until.isoformat() if until else "")


async def uploaded(request: HTMXRequest) -> bytes | None:
    """None where no file was chosen."""
    upload = (await sent(request)).get("photo")
    if not isinstance(upload, UploadFile):
        return None
    content = await upload.read()
    return content if content or upload.filename else None


async def photo_with(request: HTMXRequest, form: Form) -> Photo | None:
    """The one that was chosen now, or that was kept the time before; what is wrong with it stands beside it."""
    photo = await rules.laid_aside(str(form.values.get("kept_photo", "")), by=request.user)
    words = str(form.values.get("photo_words", ""))
    try:
        chosen = await uploaded(request)
        if chosen is not None:
            token = await rules.lay_aside(chosen, words, by=request.user, now=now())
            photo = await rules.laid_aside(token, by=request.user)
        if photo is not None:
            rules.must_say_what(words)
    except NotYours:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
    return photo
