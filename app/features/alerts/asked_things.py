from piccolo.columns import ForeignKey, Serial, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.alerts.tables import Alert
from app.features.sharing.tables import Item, Loan


class AlertThing(Table, tablename="alert_things"):
    """Something that was asked for in an alert, whoever leads it. An index keeps each thing once in an alert."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade)
    item = ForeignKey(Item, null=False, on_delete=OnDelete.cascade, index=True)
    loan = ForeignKey(Loan, null=False, on_delete=OnDelete.cascade, index=True)
    asked_at = Timestamptz(null=False)
