"""What happens to a list while nobody watches."""

from app.features.roster.rules import bringing
from app.kit import later

JOBS: dict[str, later.Job] = {"roster.decide": bringing.decide, "roster.bring": bringing.bring}
