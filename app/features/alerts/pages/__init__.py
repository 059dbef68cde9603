from app.features.alerts.pages.alert import AlertPages
from app.features.alerts.pages.board import BoardPages
from app.features.alerts.pages.speaking import SpeakingPages
from app.features.alerts.pages.writing import EditingPages, WritingPages

PAGES = (BoardPages, WritingPages, EditingPages, AlertPages, SpeakingPages)

__all__ = ["PAGES"]
