from app.features.skills.pages.asks import AskPages
from app.features.skills.pages.neighbours import NeighbourPages
from app.features.skills.pages.skills import SkillPages

PAGES = (NeighbourPages, SkillPages, AskPages)

__all__ = ["PAGES"]
