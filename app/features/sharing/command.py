"""`kith import items`: a list of the community's things, from the operator's side."""

import json
import sys
from pathlib import Path

from app.features.roster.rules.report import What
from app.features.sharing.rules.list_bringing import bring_items
from app.features.sharing.rules.list_report import ListReport
from app.kit.clock import now
from app.kit.languages import Language
from app.kit.refusals import Refusal
from app.kit.terminal import content_of, terminal_tongue
from app.kit.words import say

LARGEST_FILE = 10_000_000


async def run(file: Path, *, dry_run: bool = False, as_json: bool = False) -> int:
    """0 when the list came in (or would), 1 with the reason on stderr. Refused rows do not stop the others."""
    tongue = terminal_tongue()
    try:
        report = await bring_items(content_of(file, largest=LARGEST_FILE), by=None, now=now(), dry_run=dry_run)
    except Refusal as refusal:
        print(refusal.sentence.spoken(tongue), file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(report.as_json(lambda sentence: sentence.spoken(tongue)), ensure_ascii=False))
    else:
        _tell(report, tongue, dry_run)
    return 0


def _tell(report: ListReport, tongue: Language, dry_run: bool) -> None:
    """A dry run row by row; an import only the rows that were refused."""
    for outcome in report.outcomes:
        if dry_run or outcome.what == What.refused:
            print(report.line(outcome, lambda sentence: sentence.spoken(tongue)))
    counted = say(
        "%(rows)s rows: %(made)s new, %(merged)s merged, %(unchanged)s unchanged, "
        "%(refused)s refused, %(blank)s blank.",
        **report.counts,
    )
    print(counted.spoken(tongue))
    if dry_run:
        print(say("Nothing was written: this was a dry run.").spoken(tongue))
