"""Fills Django's tables from `kith export FILE`, and prints the cookie of one who is signed in: load.py FILE PERSON."""

import json
import os
import sys
from collections import defaultdict
from zipfile import ZipFile

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "peer.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from peer.models import Area, Card, Community, Household, Listing, Membership, Notice, Person  # noqa: E402

TAG = {"zh-Hans": "zh-hans"}


def main(file: str, viewer: int) -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    with ZipFile(file) as export, transaction.atomic():
        fill(lambda name: [json.loads(line) for line in export.read(f"{name}.jsonl").splitlines()])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = Person.objects.get(pk=viewer)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    print(f"sessionid={session.session_key}; django_language={TAG.get(person.language, person.language)}")


def fill(rows) -> None:
    Community.objects.bulk_create(Community(id=row["id"], name=row["name"]) for row in rows("community"))
    areas = {row["id"]: row for row in rows("areas")}
    for row in sorted(areas.values(), key=lambda row: len(above(row["id"], areas))):
        Area(row["id"], row["parent"], row["kind"], row["name"], row["sort"]).save(force_insert=True)
    people = {row["id"]: row for row in rows("people")}
    Person.objects.bulk_create([as_person(row) for row in people.values()], batch_size=500)
    homes = {row["id"]: row for row in rows("households")}
    Household.objects.bulk_create(
        [Household(id=row["id"], area_id=row["area"], address=row["address"]) for row in homes.values()], batch_size=500
    )
    lives = rows("memberships")
    Membership.objects.bulk_create(
        [Membership(row["id"], row["person"], row["household"], row["until_on"]) for row in lives], batch_size=500
    )
    notices = [Notice(row["id"], row["person"], row["until_at"], row["read_at"]) for row in rows("notices")]
    Notice.objects.bulk_create(notices, batch_size=500)
    first = {}
    for row in sorted(lives, key=lambda row: -row["id"]):
        if row["until_on"] is None:
            first[row["person"]] = above(homes[row["household"]]["area"], areas)[-1]
    directory(rows("skills"), first)


def above(area: int, areas) -> list[int]:
    """Itself, the area around it, and so on to the largest."""
    line = [area]
    while (parent := areas[line[-1]]["parent"]) is not None:
        line.append(parent)
    return line


def as_person(row) -> Person:
    names = ("id", "name", "language", "state", "photo", "look", "large_text")
    return Person(login=f"n{row['id']}", password="!", **{name: row[name] for name in names})


def directory(skills, building) -> None:
    """Cards and listings as ours are made from the skills."""
    cards, newest = defaultdict(list), {}
    for row in (row for row in sorted(skills, key=lambda row: row["id"]) if row["state"] == "offered"):
        person = row["person"]
        cards[person].append({name: row[name] for name in ("id", "words", "lang", "category", "emergency")})
        for under in ("", row["category"], *(("!", f"!{row['category']}") if row["emergency"] else ())):
            newest[person, under] = max(row["made_at"], newest.get((person, under), ""))
    Card.objects.bulk_create([Card(person, chips) for person, chips in cards.items()], batch_size=500)
    listings = [
        Listing(person_id=person, under=under, building_id=building.get(person), newest_at=at)
        for (person, under), at in newest.items()
    ]
    Listing.objects.bulk_create(listings, batch_size=500)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
