from app.features.notices.pages.choosing import ChoosingPages
from app.features.notices.pages.phones import PhonePages
from app.features.notices.pages.reading import NoticePages, changes
from app.features.notices.pages.stopping import StopPages
from app.features.notices.pages.subscribing import Subscriptions, push_key

PAGES = (NoticePages, changes, Subscriptions, push_key, ChoosingPages, PhonePages, StopPages)
