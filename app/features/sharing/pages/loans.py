from litestar import Controller, get
from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN
from app.kit.clock import now
from app.kit.pages import Page, page


class LoansPages(Controller):
    path = "/loans"

    @get()
    async def mine(self, request: HTMXRequest) -> Page:
        """What I lend and what I borrow; what waits for me first."""
        at = now()
        loans = await rules.my_loans(request.user, now=at)
        return page(
            request, "sharing/loans.html", loans=loans, at=at, what=rules.what, days_said=rules.days_said, **KNOWN
        )
