"""What the answer of whoever carries a message means: for a push service the table of `facts-push.md`, Design 5."""

from enum import StrEnum

from app.kit.web_push.letters import FOREIGN_ADDRESS, FOREIGN_URL, PAUSED

TOO_LONG = 413  # once more with fewer words


class Verdict(StrEnum):
    accepted = "accepted"  # by the service: nobody knows yet whether the phone rang
    gone = "gone"  # the subscription is dead: the only answer that removes it
    again = "again"  # by and by, until the notice has had its time
    wait = "wait"  # the whole service asks for patience: nothing goes there before its pause is over
    refused = "refused"  # ours to mend, or theirs: keep the phone, tell the operator
    failed = "failed"  # this message alone


ANSWERS = {
    404: Verdict.gone,
    410: Verdict.gone,
    406: Verdict.wait,  # how Windows throttles
    429: Verdict.wait,
    503: Verdict.wait,
    TOO_LONG: Verdict.failed,
    408: Verdict.again,
    425: Verdict.again,
}

# Where a letter must not go, it must not go in a minute either.
UNANSWERED = {FOREIGN_ADDRESS: Verdict.refused, FOREIGN_URL: Verdict.refused, PAUSED: Verdict.wait}


def meaning(status: int, trouble: str) -> Verdict:
    """`status` is 0 when none came, and then `trouble` says why."""
    if status == 0:
        return UNANSWERED.get(trouble, Verdict.again)
    if 200 <= status < 300:
        return Verdict.accepted
    if known := ANSWERS.get(status):
        return known
    return Verdict.refused if 300 <= status < 500 else Verdict.again
