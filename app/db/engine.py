"""The one engine of this process, chosen by KITH_DATABASE_URL."""

from app.config import settings
from app.db.postgres import KithPostgres
from app.db.sqlite import KithSQLite


def engine_for(url: str) -> KithSQLite | KithPostgres:
    if url.startswith("sqlite:///"):
        return KithSQLite(path=url.removeprefix("sqlite:///"))
    return KithPostgres(config={"dsn": url})


DB = engine_for(settings().database_url)
