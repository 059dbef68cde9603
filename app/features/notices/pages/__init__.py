from app.features.notices.pages.reading import NoticePages, changes
from app.features.notices.pages.stopping import StopPages

PAGES = (NoticePages, changes, StopPages)
