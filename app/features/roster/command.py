"""`kith import residents`: the operator's side of the importer."""

import json
import sys
from pathlib import Path

from app.features.roster.rules.importing import Way, import_residents
from app.features.roster.rules.report import Report
from app.kit.clock import now
from app.kit.languages import Language
from app.kit.refusals import Refusal
from app.kit.terminal import content_of, terminal_tongue
from app.kit.words import say, say_n

LARGEST_FILE = 100_000_000


async def run(
    file: Path,
    basis: str,
    *,
    dry_run: bool = False,
    as_json: bool = False,
    whole: bool = False,
    end_gone: bool = False,
) -> int:
    """0 when the list came in (or would), 1 with the reason on stderr. Refused rows do not stop the others."""
    tongue = terminal_tongue()
    way = Way(whole=whole or end_gone, let_go=lambda gone: end_gone and not gone.signs_in)
    try:
        content = content_of(file, largest=LARGEST_FILE)
        report = await import_residents(content, basis=basis, by=None, now=now(), dry_run=dry_run, way=way)
    except Refusal as refusal:
        print(refusal.sentence.spoken(tongue), file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(report.as_json(lambda sentence: sentence.spoken(tongue)), ensure_ascii=False))
    else:
        _tell(report, tongue)
    return 0


def _tell(report: Report, tongue: Language) -> None:
    """A dry run row by row; an import only the rows that need an eye: the refused ones and the phones."""
    for outcome in report.outcomes:
        if report.dry_run or outcome.needs_an_eye:
            print(report.line(outcome, lambda sentence: sentence.spoken(tongue)))
    for gone in report.gone:
        words = say("%(door)s %(name)s is no longer on the list.", door=", ".join(gone.doors), name=gone.name)
        print(words.spoken(tongue))
    counts = report.counts
    print(
        say(
            "%(rows)s rows: %(made)s new, %(merged)s merged, %(unchanged)s unchanged, "
            "%(refused)s refused, %(blank)s blank.",
            **counts,
        ).spoken(tongue)
    )
    if report.whole:
        words = say("%(moved)s moved, %(gone)s no longer on the list.", moved=report.moved, gone=len(report.gone))
        print(words.spoken(tongue))
    if report.phone_notes:
        print(
            say_n(
                "%(n)s phone cannot be right and is kept as a note.",
                "%(n)s phones cannot be right and are kept as notes.",
                report.phone_notes,
            ).spoken(tongue)
        )
    if report.dry_run:
        print(say("Nothing was written: this was a dry run.").spoken(tongue))
