"""Everything the community keeps, as JSON lines in a ZIP that needs no Kith to be read; never what opens a door."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
from piccolo.columns import JSON
from piccolo.table import Table

from app.backup.parts import WHOLE, appears_whole
from app.config import VERSION
from app.db import DB
from app.db.connection import opened
from app.db.sqlite import KithSQLite
from app.piccolo_app import APP_CONFIG

# Column by column, so that nothing new leaves before somebody thought about it: tests/test_exporting.py asks.
LEAVES = {
    "absences": "id role since_at until_at noted_by noted_at ended_at",
    "acceptances": "id ask helper accepted_at ended_at contact_until asker_prolongs helper_prolongs",
    "alert_answers": "id recipient answer words lang photo how by at undone_at",
    "alert_areas": "id alert area",
    "alert_measures": "id alert area kind words reason by since_at until_at ended_at",
    "alert_mends": "id alert words owner due_on made_at done_at",
    "alert_messages": "id alert type level headlines bodies until_at by approved_by at told_up_to told_at",
    "alert_needs": "id alert recipient household need knock made_at",
    "alert_objections": "id measure person words at answer answered_by answered_at",
    "alert_recipients": "id alert person household area first answer answered_at answered_by how link_used_at",
    "alert_things": "id alert item loan asked_at",
    "alerts": "id token kind level category stage headlines bodies whom steps source source_url roll_call texts public "
    "until_at made_by made_at asked_at approved_by alone sent_at ended_at ended_how hold_reason held_by held_at "
    "hold_until_at report_public_at report_public_by destroyed_at tally",
    "announcement_readings": "id announcement person at",
    "announcements": "id area by titles words pinned_until at changed_at withdrawn_at taken",
    "appeals": "id decision words at by verdict reason answered_at",
    "areas": "id parent kind name sort",
    "ask_steps": "id ask at by did words",
    "asks": "id asker acted_by skill helper category words lang times on_day proposed proposed_by stage asked_at "
    "until_at reminded_at settled_at taken_at taken_words",
    "audiences": "id person household field audience",
    "audit": "id at who did about concerns fields",
    "authenticators": "id person made_at",
    "blocks": "id person blocked at",
    "booked_equipment": "id booking equipment units",
    "booked_help": "id booking ask",
    "booking_steps": "id booking at by did words",
    "booking_series": "id space person acted_by household rule first opens closes people purpose open_to_all version "
    "stage asked_at stage_at decided_by reason sequence nudged confirmed_at asked_again_at ended_at",
    "booking_series_steps": "id series at by did words",
    "bookings": "id space person acted_by household begins_at ends_at people purpose "
    "open_to_all version stage asked_at stage_at decided_by reason sequence nudged reminded_at came_at "
    "blocked_by before series due_on apart",
    "called": "id ask person at declined_at",
    "calendar_feeds": "id person made_at",
    "capabilities": "id person kind granted_by granted_at until_on",
    "claimed_needs": "id person roster_import words claimed_at confirmed_at",
    "community": "id name languages zone region area_kinds contact made_at",
    "consents": "id person purpose version given_by given_at withdrawn_at",
    "decisions": "id person by measure rule reason kind thing at until_at over_at",
    "deliveries": "id notice by device haste fate due_at tries answer daily lead done_at",
    "departures": "id person asked_by asked_at erase_at before reason memberships",
    "deputies": "id role person named_by since_at ended_at",
    "devices": "id person sign_in origin name made_at seen_at rang_at heard_at trouble",
    "event_answers": "id event person acted_by said guests shown at came_at capability had_until",
    "event_feedback": "id event person again words at",
    "event_hands": "id part person at",
    "event_hosts": "id event person",
    "event_needs": "id answer diet access care until_at",
    "event_parts": "id event names wanted",
    "events": "id kind titles words place space booking by area role public begins_at ends_at capacity guests "
    "capability valid_days series stage reason sequence taken made_at changed_at reminded_at asked_at told_at",
    "group_posts": "id sentence path urgency fate made_at until_at due_at tries answer done_at",
    "helpings": "id person most kinds from_hour to_hour",
    "household_cards": "id household contact_name contact_relation contact_phone key_words languages pets notes "
    "version newest edited_by edited_at",
    "households": "id area door address",
    "item_keepers": "id item person",
    "item_search_answers": "id search person item words at",
    "item_searches": "id person acted_by category words details lang first_on last_on stage before rung made_at "
    "until_at ended_at",
    "item_steps": "id item loan at by did words",
    "items": "id kind name about lang category condition parts fetch longest gap deposit emergency audience area "
    "person household policy capability first_come until_at label state before by made_at edited_at gone_at",
    "key_holdings": "id household holder asked_by newest asked_at agreed_at ended_at",
    "loan_steps": "id loan at by did words",
    "loans": "id item borrower acted_by first_on last_on due_on proposed_first proposed_last words lang stage stage_at "
    "asked_at until_at reason giver_says_at taker_says_at handed_at returned_at condition_out condition_back parts_out "
    "parts_back damage renewals thanks thanked_at contact_until owner_prolongs borrower_prolongs",
    "logins": "id person phone email demo made_at",
    "memberships": "id person household since_on until_on may_answer_for",
    "need_guests": "id need name phone door ended_at",
    "need_steps": "id need at by did words",
    "lifelines": "id area titles words phone sort gone_at",
    "need_voices": "id need person at",
    "need_words": "id need person words lang private at",
    "needs": "id person acted_by household area kind words lang details whole_household until_at urgency helpers "
    "turn photo photo_words sum_cents spent_cents receipt paid_at got_at known_by stage asked_at stage_at fresh_at "
    "still_at reminded_at rung round settled_at origin among page sentence",
    "newcomers": "id person poster area door asked_at vouched_at welcomed_at welcomed_by turned_away_at fell_at reason",
    "notice_choices": "id person topic by wanted",
    "notice_wishes": "id person quiet_from quiet_until daily_at shows_words wecom",
    "notices": "id person sentence path topic urgency thread phones_first frugal until_at made_at read_at spread_at",
    "passkeys": "id person name made_at used_at",
    "people": "id name language state reason phone email photo look large_text made_at edited_at guardian of_age_on",
    "phone_notes": "id person words noted_at",
    "pictures": "id token owner page words width height at",
    "posters": "id area made_by made_at until_at closed_at",
    "proposals": "id role task person absence done made_by made_at until_at answer answered_at",
    "push_services": "id origin closed_until alarm_at alarm",
    "reports": "id kind thing author reporter rule words at closed_at decision",
    "reset_asks": "id person asked_by asked_at until_at ended_at confirmed_by",
    "roads_that_worked": "id person by at",
    "roles": "id person kind area given_by given_at ended_at stands_in_for since_at until_at",
    "roster_imports": "id at by basis counts",
    "roster_uploads": "id by at name basis whole stage counts roster_import touched_at",
    "sign_ins": "id person device began_at seen_at proved_at second_at",
    "silenced_phones": "id person at",
    "skills": "id person category words details lang times reach emergency state before from_roster made_at edited_at",
    "space_block_outs": "id space begins_at ends_at reason by at ended_at origin",
    "space_equipment": "id space names units keeper closed_at",
    "space_opening_days": "id space day opens closes words",
    "space_openings": "id space weekday opens closes",
    "space_rules": "id space version words by at",
    "spaces": "id slug area names about place price capacity steps policy capability "
    "short few step shortest longest ahead weekly gap hold_hours "
    "release way_in key_holder public sort made_at closed_at",
    "special_needs": "id person words edited_at",
    "takings": "id need helper place taken_at comes_at nudged_at ended_at kept contact_until asker_prolongs "
    "helper_prolongs",
    "thanks": "id ask giver helper words lang at taken_at",
    "vouches": "id person voucher words given_at ended_at ended_by",
    "waiting": "id queue person first last wish at offered_until ended_at ended",
}
# Passwords, fingerprints and codes; and what only the machine needs (it makes cards and listings from skills again).
STAYS = {
    "authenticators": "sealed last_step",
    "calendar_feeds": "fingerprint",
    "cards": "id person skills",
    "challenges": "id person fingerprint until_at",
    "changes": "id channel at",
    "deeds": "id person key form status location at",
    "deliveries": "leased_until",
    "devices": "endpoint p256dh auth",
    "door_codes": "id booking code until_at",
    "first_codes": "id person fingerprint made_by until_at spent_at",
    "group_posts": "robot key leased_until",
    "handover_codes": "id loan shown_by code until_at wrong",
    "half_open": "id person fingerprint until_at",
    "known_devices": "id person fingerprint seen_at",
    "later": "id job args key run_at leased_until tries done_at trouble",
    "listings": "id person under building area newest_at",
    "logins": "password",
    "need_guests": "fingerprint",
    "newcomers": "token",
    "notices": "key",
    "other_phones": "id person sign_in fingerprint until_at ticket device number others opened_at confirmed_at "
    "ended_at",
    "own_keys": "id person half made_at",
    "passkeys": "credential public_key uses",
    "posters": "code",
    "recovery_codes": "id person fingerprint made_at spent_at",
    "reports": "snapshot",
    "reset_codes": "id person fingerprint road slip made_by until_at spent_at",
    "roster_imports": "file_fingerprint",
    "roster_rows": "id seal person roster_import",
    "roster_uploads": "token reading ends trouble",
    "set_up_links": "id fingerprint made_at",
    "slots": "id thing unit slot owner",
    "silenced_phones": "fingerprint",
    "sign_ins": "fingerprint",
    "tallies": "id key since times",
}

Rows = AsyncIterator[Sequence[Any]]


async def export(file: Path, *, now: datetime) -> dict[str, int]:
    """Rows by table, all of one moment. `file` appears when it is whole, for its owner only."""
    rows: dict[str, int] = {}
    with appears_whole(file) as folder, ZipFile(folder / WHOLE, "w", ZIP_DEFLATED) as out:
        async with one_moment() as read:
            for table in tables():
                names = leaving(table)
                rows[table._meta.tablename] = await _write(out, table, names, read(sql_of(table, names)))
        about = {"kith": VERSION, "taken_at": now.isoformat(timespec="seconds"), "rows": rows, "left_out": STAYS}
        out.writestr("about.json", json.dumps(about, indent=1))
    return rows


async def _write(out: ZipFile, table: type[Table], names: list[str], rows: Rows) -> int:
    """JSON columns come out as what they are, not as text in text."""
    packed = {place for place, name in enumerate(names) if isinstance(table._meta.get_column_by_name(name), JSON)}
    written = 0
    with out.open(f"{table._meta.tablename}.jsonl", "w", force_zip64=True) as lines:
        async for row in rows:
            values = [
                msgspec.Raw(value.encode()) if place in packed and value is not None else value
                for place, value in enumerate(row)
            ]
            lines.write(msgspec.json.encode(dict(zip(names, values, strict=True))) + b"\n")
            written += 1
    return written


def tables() -> list[type[Table]]:
    return sorted((each for each in APP_CONFIG.table_classes if leaving(each)), key=lambda each: each._meta.tablename)


def leaving(table: type[Table]) -> list[str]:
    return LEAVES.get(table._meta.tablename, "").split()


def sql_of(table: type[Table], names: list[str]) -> str:
    columns = ", ".join(f'"{table._meta.get_column_by_name(name)._meta.db_column_name}"' for name in names)
    return f'SELECT {columns} FROM "{table._meta.tablename}" ORDER BY id'  # noqa: S608


@asynccontextmanager
async def one_moment() -> AsyncIterator[Any]:
    """A reader for which nobody writes any more, while everybody goes on writing."""
    if isinstance(DB, KithSQLite):
        db = opened(DB.path, read_only=True)
        try:
            db.execute("BEGIN")
            yield lambda sql: _one_by_one(db.execute(sql))
        finally:
            db.close()
    else:
        connection = await DB.get_new_connection()
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection.cursor
        finally:
            await connection.close()


async def _one_by_one(cursor: Any) -> Rows:
    for row in cursor:
        yield row
