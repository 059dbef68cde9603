"""Lists of residents: what they say, who is who, and what they bring."""

from app.features.roster.rules.importing import import_residents
from app.features.roster.rules.keeping import KEPT, forget, mine, purge
from app.features.roster.rules.report import Outcome, Report, What

__all__ = ["KEPT", "Outcome", "Report", "What", "forget", "import_residents", "mine", "purge"]
