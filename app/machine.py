"""What machines ask: does it live, is it ready, how does it fare. And the page for addresses that nobody has."""

from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.params import FromPath
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.config import Settings
from app.kit.refusals import Missing
from app.migrating import pending


def machine_handlers(known: Settings) -> list[Any]:
    return [healthz, readyz, metrics_for(known)]


@get("/healthz", public=True, media_type=MediaType.TEXT)
async def healthz() -> str:
    return "ok"


@get("/readyz", public=True, media_type=MediaType.TEXT)
async def readyz() -> Response[str]:
    """200 when the database answers and its shape is today's, else 503 with the reason."""
    try:
        waiting = await pending()
    except Exception as trouble:
        return Response(f"the database does not answer: {type(trouble).__name__}", status_code=503)
    if waiting:
        return Response(f"migrations wait: {', '.join(waiting)}", status_code=503)
    return Response("ready")


def metrics_for(known: Settings) -> Any:
    @get("/metrics", public=True)
    async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        """From loopback, or with the operator's token; anybody else finds nothing here."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        fits = known.metrics_token and compare_digest(token.encode(), known.metrics_token.encode())
        if not fits and not _near(request):
            raise Missing
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return metrics


def _near(request: Request[Any, Any, Any]) -> bool:
    """A proxy on the same machine is not the operator."""
    host = request.client.host if request.client else ""
    try:
        return ip_address(host).is_loopback and not {"x-forwarded-for", "forwarded"} & set(request.headers)
    except ValueError:
        return False


@get("/{path:path}", public=True)
async def no_such_page(path: FromPath[str]) -> None:
    raise Missing
