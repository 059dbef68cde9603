"""The command line: `kith`. Exit 0: done; 1: refused, with a reason on standard error; 2: wrong use."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.config import VERSION, WrongSetting, settings
from app.reaching import Refused, reached, with_database


def main(words: list[str] | None = None) -> int:
    args = parser().parse_args(words)
    os.umask(0o077)  # what we make is for nobody else on this machine
    try:
        settings()
        return int(args.run(args) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read what we print has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as reason:
        if not isinstance(reason, (WrongSetting, Refused)) and not _is_plain(reason):
            raise
        print(reason, file=sys.stderr)
    return 1


def _is_plain(reason: Exception) -> bool:
    """Refusals of rules and failed migrations are sentences already; anything else is a fault and shows its trace."""
    from app.db.copying import CopyRefused
    from app.kit.refusals import Refusal
    from app.kit.static_files import NotBuilt
    from app.kit.web_push.keys import NotAKey, PhonesRelyOnIt
    from app.migrating import MigrationFailed

    return isinstance(reason, (Refusal, MigrationFailed, CopyRefused, NotBuilt, NotAKey, PhonesRelyOnIt))


def parser() -> argparse.ArgumentParser:
    kith = argparse.ArgumentParser(prog="kith", description="Kith 守望: one neighbourhood, everyday and emergency.")
    kith.add_argument("--version", action="version", version=f"kith {VERSION}")
    verbs = kith.add_subparsers(metavar="VERB", required=True)

    verb = _verb(verbs, "serve", serve, "web processes and one job worker")
    verb.add_argument("--no-worker", action="store_true", help="the job worker runs elsewhere")
    _verb(verbs, "worker", worker, "one job worker")
    _verb(verbs, "migrate", migrate, "bring the database to today's shape")

    verb = _verb(verbs, "seed", seed, "fill an empty database with a furnished community")
    verb.add_argument("what", choices=["demo"])
    verb.add_argument("--place", choices=["estate", "village"], default="estate")
    verb.add_argument("--people", type=int, default=0, metavar="N", help="so many people more, for load")

    verb = _verb(verbs, "import", import_, "bring a list in")
    verb.add_argument("kind", choices=["residents", "items"])
    verb.add_argument("file", type=Path)
    verb.add_argument("--basis", help="residents: the legal basis for keeping their data, in words (required)")
    verb.add_argument("--dry-run", action="store_true", help="say row by row what would happen, and do nothing")
    verb.add_argument("--json", action="store_true", help="one JSON object instead of sentences")
    verb.add_argument(
        "--whole-list", action="store_true", help="residents: the file names everybody: say who moved and who is gone"
    )
    verb.add_argument(
        "--end-gone", action="store_true", help="residents: those who are gone and never signed in are noted as gone"
    )
    verb.set_defaults(wrong_use=verb.error)

    verb = _verb(verbs, "export", export, "everything the community keeps, as JSON lines in a ZIP")
    verb.add_argument("file", type=Path)
    verb = _verb(verbs, "backup", backup, "a consistent copy of database, uploads and keys, while the house is open")
    verb.add_argument("file", type=Path)
    verb = _verb(verbs, "restore", restore, "a backup into an empty place")
    verb.add_argument("file", type=Path)
    verb.add_argument("--erased", type=Path, metavar="LIST", help="erased.txt of the house as it was last")
    _verb(verbs, "doctor", doctor, "look at settings, database, files and clock, and say what is wrong")

    verb = _verb(verbs, "vapid", vapid, "the public key by which push services know this installation")
    verb.add_argument(
        "--new", action="store_true", help="make another; kith serve and kith worker begin again after it"
    )
    verb.add_argument("--force", action="store_true", help="though every phone that subscribed must do so again")

    user = verbs.add_parser("user", help="people who sign in").add_subparsers(metavar="VERB", required=True)
    verb = _verb(user, "reset-code", reset_code, "a one-time code with which a person sets a password")
    verb.add_argument("who", help="phone, e-mail, or person number")
    return kith


def _verb(
    verbs: Any, name: str, run: Callable[[argparse.Namespace], int | None], words: str
) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    verb.set_defaults(run=run)
    return verb


def serve(args: argparse.Namespace) -> None:
    from app import house
    from app.features.community import rules as community
    from app.kit.clock import now
    from app.kit.web_push import keys
    from app.serving import serve as run
    from app.serving import why_not_listen

    async def link() -> str | None:
        await keys.must_fit(known.vapid_file, house.subscribed)
        return None if await community.here() else await community.new_set_up_link(now())

    known = settings()
    if reason := why_not_listen(known):
        raise Refused(reason)
    token = with_database(link)
    if token:
        print(f"Nobody lives here yet. Make the community, once: {known.base_url}/setup?token={token}", flush=True)
    print(f"Open: {known.base_url}", flush=True)
    run(known, with_worker=not args.no_worker)


def worker(args: argparse.Namespace) -> None:
    from app import house
    from app.kit.web_push import keys
    from app.serving import run_worker

    reached(lambda: keys.must_fit(settings().vapid_file, house.subscribed))
    run_worker()


def migrate(args: argparse.Namespace) -> None:
    from app.migrating import migrate as bring_up_to_date

    for name in reached(bring_up_to_date):
        print(name)


def seed(args: argparse.Namespace) -> int:
    from app.features.demo import command

    return int(with_database(lambda: command.run(args.place, people=args.people)))


def import_(args: argparse.Namespace) -> int:
    if args.kind == "items":
        return _import_items(args)
    if args.basis is None:
        args.wrong_use("the following arguments are required: --basis")
    from app.features.roster import command

    how = {"dry_run": args.dry_run, "as_json": args.json, "whole": args.whole_list, "end_gone": args.end_gone}
    return int(with_database(lambda: command.run(args.file, args.basis, **how)))


def _import_items(args: argparse.Namespace) -> int:
    if args.basis is not None or args.whole_list or args.end_gone:
        args.wrong_use("--basis, --whole-list and --end-gone are for residents")
    from app.features.sharing import command

    return int(with_database(lambda: command.run(args.file, dry_run=args.dry_run, as_json=args.json)))


def export(args: argparse.Namespace) -> None:
    from app.backup import exporting
    from app.kit import audit
    from app.kit.clock import now

    async def written() -> dict[str, int]:
        rows = await exporting.export(args.file, now=now())
        await audit.note("community exported", who=None, about="community:1", now=now())
        return rows

    rows = with_database(written)
    print(f"{args.file}: {sum(rows.values())} rows of {len(rows)} tables", file=sys.stderr)


def backup(args: argparse.Namespace) -> None:
    """Does not migrate: a backup is taken before anything changes."""
    from app.backup import Manifest
    from app.backup import backup as take
    from app.db import close_database
    from app.kit.clock import now

    async def written() -> Manifest:
        try:
            return await take(settings(), args.file, now=now())
        finally:
            await close_database()

    taken = asyncio.run(written())
    print(f"{args.file}: {sum(taken.rows.values())} rows, {len(taken.parts)} files, {taken.engine}", file=sys.stderr)


def restore(args: argparse.Namespace) -> None:
    from app.backup import restore as bring_back

    if args.erased and not args.erased.is_file():
        raise Refused(f"{args.erased} is not there.")
    back = asyncio.run(bring_back(settings(), args.file))
    print(f"The house as it was at {back.taken_at}: {sum(back.rows.values())} rows, verified", file=sys.stderr)
    _erase_again(args.erased)


def _erase_again(newer: Path | None) -> None:
    """Whoever was erased since the backup was taken is erased from it too, before anybody sees them."""
    from app import house
    from app.features.privacy import rules as privacy
    from app.kit.clock import now

    if newer is not None:
        privacy.add_to_list(newer)
    if (settings().data / privacy.ERASED).exists():
        again = with_database(lambda: privacy.erase_again(house.FORGET, now=now()))
        print(f"{again} people who were erased since then are erased again", file=sys.stderr)


def doctor(args: argparse.Namespace) -> int:
    from app.doctor import examine
    from app.kit.clock import now

    return asyncio.run(examine(settings(), now()))


def vapid(args: argparse.Namespace) -> None:
    from app import house
    from app.kit.web_push import keys

    file = settings().vapid_file
    if args.new:
        with_database(lambda: keys.renew(file, count=house.subscribed, force=args.force))
    print(keys.public_key())


def reset_code(args: argparse.Namespace) -> None:
    from app.features.accounts import rules as accounts
    from app.kit.clock import now

    async def code() -> str:
        login = await accounts.login_of(args.who)
        person = login.person if login else await accounts.person_by(args.who)
        return await accounts.code_for(person, by=None, now=now())

    print(f"{settings().base_url}/join/{with_database(code)}")
    print("Valid for 48 hours, once.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
