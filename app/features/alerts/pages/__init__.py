from app.features.alerts.pages.looking import LookingPages

PAGES = (LookingPages,)

__all__ = ["PAGES"]
