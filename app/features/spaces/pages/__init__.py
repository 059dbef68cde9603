from app.features.spaces.pages.booking import BookingPages
from app.features.spaces.pages.bookings import MyBookingsPages, QueuePages
from app.features.spaces.pages.calendars import CalendarPages
from app.features.spaces.pages.finding import FindingPages
from app.features.spaces.pages.managing import ManagingPages
from app.features.spaces.pages.photos import PhotoPages
from app.features.spaces.pages.repeats import ChangingPages, RepeatPages

PAGES = (
    FindingPages,
    BookingPages,
    MyBookingsPages,
    QueuePages,
    ManagingPages,
    RepeatPages,
    ChangingPages,
    PhotoPages,
    CalendarPages,
)

__all__ = ["PAGES"]
