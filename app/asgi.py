"""The front door: the only file that puts everything together for a web process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.plugins.htmx import HTMXRequest

from app import house
from app.config import Settings, settings
from app.db import UNFIT, Clash, close_database, open_database
from app.features import FEATURES
from app.features.accounts.pages import asked_to_sign_in
from app.features.accounts.viewer import WhoIsLooking, may_enter, still_in
from app.kit.changes import Watcher
from app.kit.deeds import DeedsHappenOnce
from app.kit.door import Door, on_the_way_out
from app.kit.endings import with_endings
from app.kit.outbox import ForThisPersonOnly, say_that_it_is_ours
from app.kit.pages import broken, clashed, error_page, refused, unfit
from app.kit.refusals import Refusal
from app.kit.same_site import SameSiteOnly
from app.kit.static_files import Shelf, shell_handlers
from app.kit.templates import template_config
from app.machine import machine_handlers, no_such_page
from app.matters import MATTERS

FORM = 256 * 1024
# A tenth larger than with quality 2 and the usual window, for a fifth of the time: those ask for more than 128 kB, and
# that goes back to the kernel at once (`serving.py`), page after page.
PRESSED = CompressionConfig("brotli", brotli_quality=1, brotli_lgwin=16, exclude=["^/(static|changes|media)"])


def create_app(known: Settings | None = None) -> Litestar:
    known = known or settings()
    shelf, looking = Shelf(), WhoIsLooking(known.https)
    app = Litestar(
        route_handlers=[*house.PAGES, *shell_handlers(shelf), *machine_handlers(known), no_such_page],
        middleware=[Door(), SameSiteOnly(known.base_url), looking, ForThisPersonOnly(), DeedsHappenOnce()],
        guards=[may_enter],
        exception_handlers={
            Refusal: refused,
            Clash: clashed,
            **dict.fromkeys(UNFIT, unfit),
            NotAuthorizedException: asked_to_sign_in,
            HTTPException: error_page,
            Exception: broken,
        },
        after_exception=[looking.at_no_page],
        before_send=[on_the_way_out(known.https), say_that_it_is_ours],
        template_config=template_config(FEATURES, asset=shelf.url, tabs=house.TABS),
        compression_config=PRESSED,
        request_class=HTMXRequest,
        request_max_body_size=FORM,
        openapi_config=None,
        logging_config=None,
        lifespan=[_open],
    )
    app.asgi_handler = with_endings(app.asgi_handler)
    return app


@asynccontextmanager
async def _open(app: Litestar) -> AsyncIterator[None]:
    await open_database()
    app.state.mine, app.state.on_home, app.state.may_see = house.MINE, house.ON_HOME, house.MAY_SEE
    app.state.topics, app.state.in_pocket = house.TOPICS, house.IN_POCKET
    app.state.in_calendar = house.IN_CALENDAR
    app.state.soon_in, app.state.keep_the_hours = house.SOON_IN, house.KEEP_THE_HOURS
    app.state.kept, app.state.step_back = house.KEPT, house.STEP_BACK
    app.state.bell = house.bell(settings())
    app.state.matters, app.state.part_ways = MATTERS, house.PART_WAYS
    watcher = Watcher()
    app.state.still_in, app.state.watcher = still_in, watcher
    await watcher.start()
    yield
    await watcher.stop()
    await close_database()
