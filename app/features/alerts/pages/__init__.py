from app.features.alerts.pages.board import BoardPages

PAGES = (BoardPages,)

__all__ = ["PAGES"]
