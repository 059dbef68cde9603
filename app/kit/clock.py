from datetime import UTC, datetime


def now() -> datetime:
    """The one place that asks the clock; everything below gets the time as an argument. Aware, UTC."""
    return datetime.now(UTC)
