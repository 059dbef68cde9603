"""What comes after an alert: the report, what to mend, exercises compared, how long its data stay."""

from app.features.alerts.rules.comparing import Exercise, exercises
from app.features.alerts.rules.figures import FEW, SHARES, Figures
from app.features.alerts.rules.holding import goes_on, hold, lift, may_hold
from app.features.alerts.rules.mending import (
    ToMend,
    add_mend,
    mends_for,
    officers,
    remind_of_mend,
    remove_mend,
    set_mended,
)
from app.features.alerts.rules.publishing import Outside, as_outside, outside, publish
from app.features.alerts.rules.reporting import Report, ended, report

__all__ = [
    "FEW",
    "SHARES",
    "Exercise",
    "Figures",
    "Outside",
    "Report",
    "ToMend",
    "add_mend",
    "as_outside",
    "ended",
    "exercises",
    "goes_on",
    "hold",
    "lift",
    "may_hold",
    "mends_for",
    "officers",
    "outside",
    "publish",
    "remind_of_mend",
    "remove_mend",
    "report",
    "set_mended",
]
