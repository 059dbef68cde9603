"""CAP 1.2 (OASIS, 1 July 2010): an alert as other systems read it, one <info> for each language.

Times carry the community's offset from UTC and never "Z" (CAP 1.2, 3.3.2).
"""

from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from app.features.alerts.rules.outside import Outside, Spoken
from app.features.alerts.rules.words import CATEGORIES
from app.features.alerts.tables import Category, Kind, Level, Type
from app.features.community.rules import Here
from app.kit.languages import language
from app.kit.words import say

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
STATUS = {Kind.real: "Actual", Kind.exercise: "Exercise", Kind.test: "Test"}
KINDS = {Type.alert: "Alert", Type.update: "Update", Type.correction: "Update", Type.all_clear: "Update"}
FIELDS = {
    Category.water: "Infra",
    Category.power: "Infra",
    Category.fire: "Fire",
    Category.gas: "Safety",
    Category.storm: "Met",
    Category.flood: "Met",
    Category.epidemic: "Health",
    Category.lift: "Safety",
}
SEVERITY = {Level.notice: "Minor", Level.caution: "Moderate", Level.urgent: "Severe", Level.critical: "Extreme"}
NOTE = say("This is an exercise. Nothing has happened.")
EVERYWHERE = say("The whole community")


def cap(shown: Outside, here: Here, base_url: str) -> bytes:
    newest = shown.newest
    root = ElementTree.Element("alert", {"xmlns": NAMESPACE})
    sender = urlsplit(base_url).netloc
    _put(root, "identifier", newest.name)
    _put(root, "sender", sender)
    _put(root, "sent", _moment(newest.at, here.clock))
    _put(root, "status", STATUS[newest.kind])
    _put(root, "msgType", KINDS.get(newest.type, "Cancel"))
    _put(root, "source", newest.source)
    _put(root, "scope", "Public")
    _put(root, "note", "" if newest.kind == Kind.real else NOTE.spoken(language(here.languages[0])))
    _put(root, "references", " ".join(f"{sender},{each.name},{_moment(each.at, here.clock)}" for each in shown.before))
    _put(root, "incidents", newest.token)
    for words in newest.words:
        _info(root, shown, here, base_url, words)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="utf-8")


def _info(root: ElementTree.Element, shown: Outside, here: Here, base_url: str, words: tuple[str, str, str]) -> None:
    (tag, headline, body), newest = words, shown.newest
    tongue = language(tag)
    over = newest.type in (Type.all_clear, Type.false_alarm)
    info = ElementTree.SubElement(root, "info")
    _put(info, "language", tag)
    _put(info, "category", FIELDS.get(newest.category, "Other"))
    _put(info, "event", CATEGORIES[newest.category].spoken(tongue))
    _put(info, "responseType", "AllClear" if over else "")
    _put(info, "urgency", "Past" if over else "Immediate")
    _put(info, "severity", SEVERITY[newest.level])
    _put(info, "certainty", "Unlikely" if newest.type == Type.false_alarm else "Observed")
    _put(info, "expires", _moment(newest.until_at, here.clock))
    _put(info, "senderName", here.name)
    _put(info, "headline", headline)
    _put(info, "description", body)
    _put(info, "web", newest.source_url or f"{base_url}/alerts/{newest.alert}")
    area = ElementTree.SubElement(info, "area")
    places = [each.spoken(tongue) for each in shown.areas] or [EVERYWHERE.spoken(tongue)]
    _put(area, "areaDesc", f"{here.name}: {', '.join(places)}")


def _put(parent: ElementTree.Element, name: str, words: str) -> None:
    """Nothing for what is empty."""
    if words:
        ElementTree.SubElement(parent, name).text = words


def _moment(at: datetime, clock: ZoneInfo) -> str:
    return at.astimezone(clock).replace(microsecond=0).isoformat()


def of_feed(spoken: list[Spoken], here: Here, base_url: str, now: datetime) -> bytes:
    """Atom (RFC 4287): each message an entry that leads to its alert's CAP."""
    feed = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _put(feed, "id", f"{base_url}/alerts.atom")
    _put(feed, "title", here.name)
    _put(feed, "updated", _moment(spoken[0].at if spoken else now, here.clock))
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": f"{base_url}/alerts.atom"})
    author = ElementTree.SubElement(feed, "author")
    _put(author, "name", here.name)
    for each in spoken:
        _entry(feed, each, here, base_url)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="utf-8")


def _entry(feed: ElementTree.Element, each: Spoken, here: Here, base_url: str) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _put(entry, "id", f"urn:kith:{each.name}")
    mark = "" if each.kind == Kind.real else f"{STATUS[each.kind].upper()} · "
    _put(entry, "title", mark + " / ".join(headline for _, headline, _ in each.words))
    _put(entry, "updated", _moment(each.at, here.clock))
    _put(entry, "summary", "\n".join(body for _, _, body in each.words) or " ")
    ElementTree.SubElement(entry, "category", {"term": STATUS[each.kind]})
    href = f"{base_url}/alerts/{each.alert}.cap"
    ElementTree.SubElement(entry, "link", {"type": "application/cap+xml", "href": href})
