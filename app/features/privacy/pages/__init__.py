from app.features.privacy.pages.children import ChildPages
from app.features.privacy.pages.erasure import ErasurePages
from app.features.privacy.pages.export import ExportPages
from app.features.privacy.pages.leaving import LeavingPages
from app.features.privacy.pages.notice import NoticePages

PAGES = (NoticePages, ExportPages, LeavingPages, ChildPages, ErasurePages)
