"""A neighbour whose every word is unmistakable, with a life of which every feature knows something."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from app import house
from app.config import settings
from app.db import DB
from app.features.accounts import rules as accounts
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.tables import Passkey
from app.features.alerts import rules as alerts
from app.features.alerts.tables import Answer
from app.features.calendars import rules as calendars
from app.features.events import rules as events
from app.features.events.tables import Again
from app.features.help import rules as needs
from app.features.help.tables import What
from app.features.household import rules as household
from app.features.joining.tables import Newcomer, OtherPhone, Vouch
from app.features.moderation import rules as moderation
from app.features.moderation.tables import Measure, Rule
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Audience, Kind, State
from app.features.roster.rules import import_residents
from app.features.sharing import rules as sharing
from app.features.sharing.rules.lent import move
from app.features.sharing.rules.reach import note, thing
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer
from app.features.sharing.tables import Did
from app.features.sharing.tables import Kind as Lending
from app.features.sharing.tables import Stage as Loaned
from app.features.skills import rules as skills
from app.features.spaces import rules as spaces
from app.kit import audit
from app.matters import MATTERS
from tests.alerting import an_alert
from tests.gathering import an_event, comes
from tests.makers import NOON, a_person, an_administrator, an_area
from tests.sharing import a_loan, an_item
from tests.spacing import a_booking, a_manager, a_neighbour, a_space, a_wish
from tests.subscriptions import a_device, a_subscription

DAY = timedelta(days=1)
WORDS = (
    "Qanariya", "8613912345678", "qanariya@", "zzskill", "zzdetail", "zztimes", "zzask", "zzproposal",
    "zzreason", "zzthanks", "zzneed", "zzdevice", "zzleaving", "zzquestion", "zzphone", "zzcontact", "zzcard",
    "zzspecial", "zzvouch", "zzother", "zzreport", "zzdecided", "zzappeal", "zzpasskey", "zzdoor",
    "zzringing", "zzendpoint", "zzwecom",
    "zzerrand", "zzprivate", "zzword", "zzgiven", "zzanswer", "zzbooking",
    "zzevent", "zzdiet", "zzpart", "zzafter",
    "zzitem", "zzabout", "zzbelongs", "zzfetch", "zzdeposit", "zzshows", "zzhousehold", "zzborrow", "zzno", "zzdamage",
    "zzgrateful", "zzlooks", "zzhas",
)  # fmt: skip


async def a_whole_life() -> tuple[Neighbour, Neighbour]:
    """Qanariya, who did everything one can do here; and Ben, with whom she did it."""
    boss, ben = await an_administrator(name="Boss"), await a_person(name="Ben")
    ana = await _came_in(boss)
    await _offers_and_asks(ana, ben)
    await _lives_with_others(ana, ben)
    await _needs_and_helps(ana, ben)
    await _has_been_reported(ana, ben, boss)
    await _answers_an_alert(ana)
    await _books_rooms(ana)
    await _goes_to_events(ana, ben)
    await _shares(ana, ben)
    return await people.neighbour(ana.id), ben


async def _came_in(boss: Neighbour) -> Neighbour:
    row = "房号,姓名,手机,备注\n3-1-101,Qanariya,zzphone 12,zzneed\n"
    await import_residents(row.encode(), basis="meeting", by=boss.id, now=NOON)
    [member] = await people.members_of(await people.household_at("3-1-101"))
    ana = await people.neighbour(member.id)
    said = {"phone": "+8613912345678", "email": "qanariya@example.org"}
    await people.edit_person(ana.id, by=boss.id, now=NOON, **said)
    await accounts.redeem(
        await accounts.code_for(ana.id, by=boss, now=NOON),
        login="qanariya@example.org", password="three plain words", now=NOON,
    )  # fmt: skip
    await open_door(ana.id, place=Place("192.0.2", device="zzdevice"), now=NOON)
    browser = a_subscription("https://fcm.googleapis.com/fcm/send/zzendpoint")
    await a_device(ana, name="zzringing", subscription=browser)
    await a_device(ana)
    wish = notices.Wish(person=ana.id, daily_at=0, wecom="zzwecom")
    await notices.choose(wish, {}, asked=[notices.By.push], topics=house.TOPICS, now=NOON)
    await people.give_role(ana.id, Kind.coordinator, area=None, by=boss.id, now=NOON)
    await people.grant(ana.id, "first aid", until=None, by=boss.id, now=NOON)
    await people.consent(ana.id, "terms", by=ana.id, now=NOON)
    await accounts.change_photo(ana, a_photo(), now=NOON)
    await audit.note("person looked at", who=boss.id, about=f"person:{ana.id}", now=NOON, concerns=ana.id)
    return await people.neighbour(ana.id)


async def _offers_and_asks(ana: Neighbour, ben: Neighbour) -> None:
    offer = skills.Offer("zzskill carpentry", details="zzdetail", times="zztimes")
    hers = await skills.offer(offer, by=ana, now=NOON)
    his = await skills.offer(skills.Offer("Plumbing"), by=ben, now=NOON)
    await _done(await skills.ask(hers, skills.Request("My shelf is loose"), by=ben, now=NOON), ben, ana)
    await _done(await skills.ask(his, skills.Request("zzask", times="zztimes"), by=ana, now=NOON), ana, ben)
    again = await skills.ask(hers, skills.Request("Another shelf"), by=ben, now=NOON)
    await skills.propose(again, "zzproposal", by=ana, now=NOON)
    no = await skills.ask(his, skills.Request("zzask two"), by=ana, now=NOON)
    await skills.propose(no, "zzproposal", by=ben, now=NOON)
    third = await skills.ask(await skills.offer(skills.Offer("zzskill two"), by=ana, now=NOON),
                             skills.Request("A third shelf"), by=ben, now=NOON)  # fmt: skip
    await skills.decline(third, reason="zzreason", by=ana, now=NOON)
    await skills.ask_anybody(skills.Request("zzquestion: who does plumbing?"), by=ana, now=NOON)


async def _lives_with_others(ana: Neighbour, ben: Neighbour) -> None:
    home = await people.household_at("3-1-101")
    card = household.Written(contact_name="zzcontact", contact_phone="+8613912345678", notes="zzcard")
    await household.save(home, card, {}, version=0, by=ana, now=NOON)
    await household.say_needs("zzspecial", audience=Audience.stewards, agrees=True, by=ana, now=NOON)
    await household.ask_to_hold(home, ben.id, by=ana, now=NOON)
    fang = await a_person(name="Fang", state=State.pending)
    await Vouch.insert(Vouch(person=fang.id, voucher=ana.id, words="zzvouch", given_at=NOON))
    hall = await an_area()
    await Newcomer.insert(Newcomer(person=ana.id, area=hall.id, door="zzdoor", token="t", asked_at=NOON, reason=""))
    phone = OtherPhone(person=ana.id, sign_in=1, fingerprint="x", ticket="", device="zzother", until_at=NOON + DAY)
    await OtherPhone.insert(phone)
    key = Passkey(person=ana.id, credential="c", public_key="k", name="zzpasskey", made_at=NOON)
    await Passkey.insert(key)
    await moderation.block(fang.id, by=ana, now=NOON)


async def _needs_and_helps(ana: Neighbour, ben: Neighbour) -> None:
    """Ben did something for her, another thing is under way; she asked about his, took it, and gave it back."""
    once = await needs.ask_for_help(needs.Asking(What.parcel, "zzerrand", "zzprivate"), by=ana, now=NOON)
    await needs.take(once, by=ben, now=NOON)
    await needs.complete(once, by=ben, now=NOON)
    await needs.confirm(once, by=ana, now=NOON)
    again = await needs.ask_for_help(needs.Asking(What.pet, "zzerrand two", "zzprivate"), by=ana, now=NOON)
    await needs.take(again, by=ben, now=NOON)
    await needs.speak(again, "zzword to the helper", by=ana, now=NOON)
    his = await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=ben, now=NOON)
    await needs.speak(his, "zzword?", by=ana, now=NOON)
    await needs.take(his, by=ana, now=NOON)
    await needs.give_back(his, reason="zzgiven", by=ana, now=NOON)
    await needs.set_limits(needs.Limits(2), by=ana, now=NOON)


async def _answers_an_alert(ana: Neighbour) -> None:
    """She declared it, needs help in it, and shows why."""
    alert = await an_alert(by=ana)
    said = {"words": "zzanswer on the stairs", "photo": a_photo()}
    await alerts.answer(alert, ana.id, Answer.help, by=ana, now=NOON, **said)


async def _books_rooms(ana: Neighbour) -> None:
    """One she has, one she gave back and says why, and a line in which she waits."""
    space, manager = await a_space(), await a_manager()
    hers = await spaces.book(space.id, a_wish(purpose="zzbooking club"), by=ana, now=NOON)
    await spaces.approve(hers.id, by=manager, now=NOON)
    early = a_wish(opens=9 * 60, closes=11 * 60, purpose="zzbooking two")
    off = await spaces.book(space.id, early, by=ana, now=NOON)
    await spaces.cancel(off.id, "zzbooking no more", by=ana, now=NOON)
    await a_booking(space, by=await a_neighbour(), opens=16 * 60, closes=18 * 60)
    await spaces.wait_for(space.id, a_wish(opens=16 * 60, closes=18 * 60, purpose="zzbooking"), by=ana, now=NOON)
    await calendars.new_address(by=ana, now=NOON)


async def _goes_to_events(ana: Neighbour, ben: Neighbour) -> None:
    """She hosts one, with a role to fill; she comes to his, needs something, and says afterwards how it was."""
    words = {"titles": {"en": "zzevent"}, "words": {"en": "zzevent words"}, "place": {"en": "zzevent place"}}
    hers = await an_event(by=ana, parts=(events.PartDraft({"en": "zzpart"}),), **words)
    await comes(hers, by=ben)
    his = await an_event(by=ben, parts=(events.PartDraft({"en": "Tea"}),))
    await comes(his, by=ana, needs=events.Needs(diet="zzdiet"), agrees=True)
    [tea] = await events.parts_of(his.id)
    await events.take_part(his.id, tea.id, by=ana, now=NOON)
    await events.say_how(his.id, Again.yes, "zzafter", by=ana, now=his.ends_at)


async def _shares(ana: Neighbour, ben: Neighbour) -> None:
    """Ben has something of hers, which she shows; she had two of his, and wrote about both. She looks for something,
    and has what he looks for."""
    said = {"about": "zzabout", "parts": ("zzbelongs",), "fetch": "zzfetch", "deposit": "zzdeposit"}
    hers = await sharing.offer(sharing.Offer(Lending.lend, "zzitem", **said), by=ana, now=NOON)
    await sharing.add_photo(hers, a_photo(), "zzshows", by=ana, now=NOON)
    ours = sharing.Owner(household=await people.household_at("3-1-101"))
    await sharing.offer(sharing.Offer(Lending.lend, "zzhousehold"), owner=ours, by=ana, now=NOON)
    out = await a_loan(await thing(hers), by=ben, stage=Loaned.out, words="A shelf")
    await move(out, Did.handed, by=ana.id, now=NOON, words="zzno scratches")
    no = await a_loan(await thing(hers), by=ben, first=NOON.date() + 30 * DAY, stage=Loaned.declined, reason="zzno")
    await move(no, Did.declined, by=ana.id, now=NOON, words="zzno")
    his = await an_item(by=ben)
    back = await a_loan(his, by=ana, stage=Loaned.back, words="zzborrow", damage="zzdamage", thanks="zzgrateful")
    await move(back, Did.returned, by=ana.id, now=NOON, words="zzdamage")
    await note(his.id, Did.damaged, by=ana.id, now=NOON, words="zzdamage", loan=back.id)
    await a_loan(his, by=ana, first=NOON.date() + 60 * DAY, stage=Loaned.asked, words="zzborrow")
    open_until = {"made_at": NOON, "until_at": NOON + 14 * DAY}
    await ItemSearch.insert(ItemSearch(person=ana.id, words="zzlooks", details="zzlooks", **open_until))
    looked = ItemSearch(person=ben.id, words="A tent", **open_until)
    await looked.save()
    await ItemSearchAnswer.insert(ItemSearchAnswer(search=looked.id, person=ana.id, item=hers, words="zzhas", at=NOON))


async def _has_been_reported(ana: Neighbour, ben: Neighbour, boss: Neighbour) -> None:
    """She reported, was reported and warned, and disagreed."""
    [hers, *_] = (await skills.mine(ana.id))["skills"]
    [his, *_] = (await skills.mine(ben.id))["skills"]
    said = {"rule": Rule.selling, "now": NOON}
    await moderation.report("skill", his["id"], MATTERS, words="zzreport", by=ana, **said)
    about_her = await moderation.report("skill", hers["id"], MATTERS, words="zzreport of hers", by=ben, **said)
    warning = moderation.Ruling(Measure.warning, Rule.selling, "zzdecided")
    decision = await moderation.decide(about_her, warning, MATTERS, by=boss, now=NOON)
    await moderation.appeal(decision, "zzappeal", by=await people.neighbour(ana.id), now=NOON)


async def _done(ask: int, asker: Neighbour, helper: Neighbour) -> None:
    await skills.accept(ask, by=helper, now=NOON)
    await skills.complete(ask, by=helper, now=NOON)
    await skills.thank(ask, "zzthanks", by=asker, now=NOON)


def a_photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    return out.getvalue()


async def found_in_tables() -> set[tuple[str, str]]:
    """(table, word): every column of every table as text, whatever table it is, search tables included."""
    return {(table, word) for table in await tables() for word in WORDS if word in await whole(table)}


async def tables() -> list[str]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'table'"
    postgres = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    return [row["name"] for row in await DB.fetch(sqlite if DB.engine_type == "sqlite" else postgres, ())]


async def whole(table: str) -> str:
    rows: list[Any] = await DB.fetch(f'SELECT * FROM "{table}"', ())
    return "\n".join(_text(value) for row in rows for value in dict(row).values())


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def found_in_files() -> set[tuple[str, str]]:
    """(file, word): every byte of the data folder, and of the database where it is a file."""
    files = [path for path in settings().data.rglob("*") if path.is_file()]
    if DB.engine_type == "sqlite":
        files += [path for path in Path(DB.path).parent.iterdir() if path.is_file()]
    return {(path.name, word) for path in files for word in WORDS if word.encode() in path.read_bytes()}
