from app.features.announcements.pages.board import BoardPages
from app.features.announcements.pages.writing import WritingPages

PAGES = (BoardPages, WritingPages)

__all__ = ["PAGES"]
