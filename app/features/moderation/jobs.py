"""What time does to a decision."""

from app.features.moderation import rules
from app.kit import later

JOBS: dict[str, later.Job] = {"suspensions.end": rules.end}
