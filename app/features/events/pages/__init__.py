from app.features.events.pages.answering import AnsweringPages
from app.features.events.pages.door import DoorPages
from app.features.events.pages.hosting import MakingPages
from app.features.events.pages.looking import LookingPages

PAGES = (LookingPages, MakingPages, AnsweringPages, DoorPages)

__all__ = ["PAGES"]
